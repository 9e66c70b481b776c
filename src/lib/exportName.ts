import {asOfDate, workspaceName} from "./data.js";

export interface ExportFacts {
  readonly workspace: string;
  /** YYYY-MM-DD. */
  readonly asOf: string;
}

/**
 * What a file is called that somebody takes away: what it holds, of which workspace, as of which day.
 *
 * `exportName("flagged-services")` → `flagged-services-northwind-it-2026-11-23.csv`
 */
export function exportName(
  what: string,
  ending = "csv",
  {workspace, asOf}: ExportFacts = {workspace: workspaceName(), asOf: asOfDate()},
): string {
  const parts = [fileNamePart(what, 120), fileNamePart(workspace, 90), asOf].filter((part) => part !== "");
  return `${parts.join("-")}.${ending}`;
}

/**
 * A name as part of a file name: letters and digits of any script, hyphens for all else. Bytes are counted, for file systems
 * take 255 of them, and a letter may have four.
 */
function fileNamePart(name: string, mostBytes: number): string {
  const safe = name
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toLowerCase()
    .replace(/(?<![\p{L}\p{M}\p{N}])\p{M}+/gu, "")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-/, "");
  const bytes = new TextEncoder().encode(safe).slice(0, mostBytes);
  // A letter that was cut in two is left out.
  return new TextDecoder().decode(bytes, {stream: true}).replace(/-$/, "");
}
