import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Exchange, VendorRequest} from "../vendors/emulator.js";
import type {Vendor} from "../vendors/vendor.js";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly $ref?: string;
  readonly schema?: Limits;
}

interface Limits {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
}

interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, {readonly parameters?: readonly Parameter[]}>>>>;
  readonly components?: {readonly parameters?: Readonly<Record<string, Parameter>>};
}

/**
 * Checks what was asked against the vendor's own document: parameters that it does not know, and values that it would refuse.
 * An emulator overlooks them where the vendor may not.
 */
export async function checkRequests(
  vendor: Vendor,
  exchanges: readonly Exchange[],
  folder: string,
): Promise<{checked: number; problems: string[]}> {
  const document = JSON.parse(await readFile(join(folder, vendor.document?.file ?? ""), "utf8")) as Document;
  const undocumented = new Set(vendor.document?.undocumented);
  const problems = new Set<string>();
  let checked = 0;
  for (const {request} of exchanges) {
    const known = parametersOf(document, request);
    if (known === undefined) continue;
    checked += 1;
    for (const [name, value] of request.query) {
      if (undocumented.has(name)) continue;
      const parameter = known.find((one) => one.name === name && one.in === "query");
      const problem = parameter === undefined ? "is not known" : refusal({...parameter, ...parameter.schema}, value);
      if (problem !== null) problems.add(`${request.path}: ${name}=${value} ${problem}`);
    }
  }
  return {checked, problems: [...problems]};
}

/** The parameters of the operation; undefined where the document does not have it. The last part of a path tells it. */
function parametersOf({paths = {}, components}: Document, request: VendorRequest): Parameter[] | undefined {
  const path = Object.keys(paths)
    .filter((pattern) => new RegExp(`${pattern.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(request.path))
    .sort((one, other) => one.length - other.length)
    .at(-1);
  const operation = path === undefined ? undefined : paths[path]?.[request.method.toLowerCase()];
  return operation?.parameters?.map(
    (parameter) => components?.parameters?.[parameter.$ref?.split("/").at(-1) ?? ""] ?? parameter,
  );
}

function refusal({type, minimum, maximum, enum: allowed}: Limits, value: string): string | null {
  const number = Number(value);
  if (["integer", "number", "int"].includes(type ?? "") && !(Number.isFinite(number) && value !== ""))
    return "is no number";
  if (minimum !== undefined && number < minimum) return `is less than ${minimum}`;
  if (maximum !== undefined && number > maximum) return `is more than ${maximum}`;
  if (type === "boolean" && !["true", "false"].includes(value)) return "is neither true nor false";
  // `name,asc` where the document lists the fields alone.
  const isListed = allowed?.some((one) => one === value || one === value.split(",")[0]) ?? true;
  return isListed ? null : `is none of ${allowed?.join(", ")}`;
}
