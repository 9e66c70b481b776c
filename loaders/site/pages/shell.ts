import {createHash} from "node:crypto";
import {readFile, writeFile} from "node:fs/promises";
import {dirname, relative} from "node:path";
import {moment} from "../../../src/lib/format.js";
import {escapeHtml} from "../../escapeHtml.js";
import {filesOf} from "../../files/filesOf.js";
import {firstData, preloads} from "./firstData.js";

export interface ShellFacts {
  readonly workspace: string;
  readonly currency: string;
  /** ISO 8601. */
  readonly asOf: string;
  /** Fingerprint of the data. */
  readonly version: string;
}

/** Mends what Framework's shell leaves undone, fills in what only the build knows, and seals every page. */
export async function finishPages(dist: string, {workspace, currency, asOf, version}: ShellFacts): Promise<void> {
  for (const file of await filesOf(dist, ".html")) {
    const html = await readFile(file, "utf8");
    const toRoot = relative(dirname(file), dist) || ".";
    const finished = html
      .replace(
        "<html>",
        `<html lang="en" data-root="${toRoot}" data-as-of="${asOf.slice(0, 10)}" data-currency="${currency}">`,
      )
      .replace('<main id="observablehq-main"', '<main tabindex="-1" id="observablehq-main"')
      .replace(/, ?maximum-scale=1/, "")
      .replace(
        "</title>",
        `</title>\n<meta name="color-scheme" content="light dark">\n<meta name="trueup-data" content="${version}">\n` +
          preloads(firstData[relative(dist, file)] ?? [], toRoot, version) +
          `<link rel="preload" as="font" type="font/woff2" crossorigin href="${toRoot}/_fonts/inter-latin-wght-normal.woff2">\n` +
          `<link rel="stylesheet" href="${toRoot}/_fonts/inter.css">`,
      )
      .replaceAll("trueup-workspace-name", () => escapeHtml(workspace))
      .replaceAll("trueup-as-of", moment(asOf));
    await writeFile(file, withPolicy(finished));
  }
}

const policyTag = /<meta http-equiv="Content-Security-Policy"[^>]*>\n?/;

/**
 * The page with a policy that lets it load from its own origin only and run only the scripts that it was built with.
 * Styles may stand inline: charts set them.
 */
export function withPolicy(html: string): string {
  const bare = html.replace(policyTag, "");
  const hashes = inlineScripts(bare).map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  const policy = [
    "default-src 'none'",
    `script-src ${["'self'", ...hashes].join(" ")}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return bare.replace(
    '<meta charset="utf-8">\n',
    `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">\n`,
  );
}

/** The bodies of a page's inline scripts, exactly as they stand there. */
export function inlineScripts(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? "");
}
