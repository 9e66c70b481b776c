import {readFile} from "node:fs/promises";
import {join} from "node:path";
import Ajv, {type ValidateFunction} from "ajv";
import addFormats from "ajv-formats";
import type {Exchange} from "../vendors/emulator.js";
import type {Vendor} from "../vendors/vendor.js";

/** The folder of the vendors' own API documents, which are not ours to hand on; undefined where nobody names one. */
export const documentFolder = process.env.TRUEUP_VENDOR_DOCUMENTS;

type Json = Record<string, unknown>;

/** Validates the bodies that an emulator sent against the vendor's document in a folder. */
export async function checkBodies(
  vendor: Vendor,
  exchanges: readonly Exchange[],
  folder: string,
): Promise<{checked: number; problems: string[]}> {
  const text = await readFile(join(folder, vendor.document?.file ?? ""), "utf8");
  const document = JSON.parse(text, mendType) as Json;
  const objects = JSON.parse(text) as Json;
  const ajv = new Ajv({strict: false, allErrors: true, validateFormats: true});
  addFormats(ajv);
  ajv.addFormat("phone", true);
  fillGaps(document);
  ajv.addSchema({...document, $id: "document"});
  const validators = new Map<string, ValidateFunction>();
  const validatorAt = (pointer: string): ValidateFunction => {
    const found = validators.get(pointer) ?? ajv.compile({$ref: `document#${pointer}`});
    validators.set(pointer, found);
    return found;
  };
  let checked = 0;
  const problems: string[] = [];
  for (const {request, status, body} of exchanges) {
    if (status !== 200) continue;
    const described = vendor.document?.describe(request) ?? null;
    if (described === null) continue;
    if ("fields" in described) {
      const known = described.fields.reduce<Json>((found, key) => found[key] as Json, objects);
      for (const row of described.rows(body)) problems.push(...checkFields(request.path, known, row as Json));
      checked += 1;
      continue;
    }
    const pointer = "path" in described ? schemaOf(document, described.path, request.method) : described.schema;
    const values = "path" in described ? [body] : described.rows(body);
    const validate = validatorAt(pointer);
    for (const value of values) {
      if (!validate(withoutNulls(value)))
        problems.push(`${request.path}: ${ajv.errorsText(validate.errors).slice(0, 500)}`);
    }
    checked += 1;
  }
  return {checked, problems: [...new Set(problems)]};
}

/** Some documents write types that JSON Schema does not know, `Object` or the name of a model: those say nothing. */
function mendType(key: string, value: unknown): unknown {
  const types = ["array", "boolean", "integer", "null", "number", "object", "string"];
  return key === "type" && typeof value === "string" && !types.includes(value) ? undefined : value;
}

/** Schemas that a trimmed document refers to without holding them allow everything. */
function fillGaps(document: Json): void {
  const schemas = (document.components as {schemas?: Json} | undefined)?.schemas;
  if (schemas === undefined) return;
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"/]+)"/g)) {
    schemas[name as string] ??= {};
  }
}

/** The JSON pointer of the schema of a path's answer. */
function schemaOf(document: Json, path: string, method: string): string {
  const paths = document.paths as Record<string, Record<string, {responses: Record<string, Json>}>>;
  const operation = paths[path]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`The document does not know ${method} ${path}.`);
  const escaped = path.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D");
  const start = `/paths/${escaped}/${method.toLowerCase()}/responses/200`;
  return operation.responses["200"]?.schema === undefined
    ? `${start}/content/application~1json/schema`
    : `${start}/schema`;
}

/** Fields of one object: each must be known, and of the type that the document names where it names a plain one. */
function checkFields(path: string, known: Json, row: Json): string[] {
  return Object.entries(row).flatMap(([name, value]) => {
    const described = known[name];
    if (described === undefined) return [`${path}: the document knows no field ${name}`];
    const text = typeof described === "string" ? described : String((described as Json).type ?? "");
    const type = ["number", "boolean", "string", "integer"].find((candidate) => text.startsWith(candidate));
    const actual = typeof value === "number" && type === "integer" ? "integer" : typeof value;
    return type === undefined || value === null || value === undefined || actual === type
      ? []
      : [`${path}: ${name} is a ${actual}, the document says ${text}`];
  });
}

/** The documents of most vendors are silent on null, which their services send for what is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item)]])),
  );
}
