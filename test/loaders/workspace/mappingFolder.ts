import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach} from "vitest";
import {describeProblem} from "../../../loaders/problems.js";
import {readMappingFolder} from "../../../loaders/workspace/mappings.js";
import {type KnownIds, validateMappings} from "../../../src/lib/validateMappings.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-mappings-"));
  await mkdir(join(directory, "mappings"));
});
afterEach(() => rm(directory, {recursive: true, force: true}));

export const known: KnownIds = {
  integrations: new Set(["rmm", "edr"]),
  clients: new Set(["C1", "C2"]),
  services: new Set(["S1", "S2"]),
  accounts: new Map([
    ["rmm", new Set(["A1", "A2"])],
    ["edr", new Set(["A1"])],
  ]),
  products: new Map([
    ["rmm", new Set(["P1", "P2"])],
    ["edr", new Set(["P1"])],
  ]),
};

/** Everything that is found in one mapping file, as people read it. */
export async function problemsIn(name: string, content: string | Uint8Array): Promise<string[]> {
  const {errors, warnings} = await judged(name, content, known);
  return [...errors, ...warnings];
}

/** The mappings of a folder with this file alone. */
export async function read(name: string, content: string | Uint8Array): ReturnType<typeof readMappingFolder> {
  await writeFile(join(directory, "mappings", `${name}.csv`), content);
  return readMappingFolder(join(directory, "mappings"));
}

export async function judged(
  name: string,
  content: string | Uint8Array,
  ids: KnownIds,
): Promise<{errors: string[]; warnings: string[]}> {
  const {mappings, problems} = await read(name, content);
  const {errors, warnings} = validateMappings(mappings, ids, "2026-11-23");
  return {errors: [...problems, ...errors].map(describeProblem), warnings: warnings.map(describeProblem)};
}

export const clients = (...rows: string[]) =>
  ["connection_id,account_id,client_id,status,note", ...rows, ""].join("\n");
export const services = (...rows: string[]) =>
  [
    "rule_id,service_id,connection_id,product_ids,client_id,kinds,statuses,count,multiplier,minimum,maximum,valid_from,valid_to,status",
    ...rows,
    "",
  ].join("\n");
export const exclusions = (...rows: string[]) =>
  ["connection_id,account_id,product_id,seat_id,reason,expires_on", ...rows, ""].join("\n");
export const decisions = (...rows: string[]) =>
  [
    "client_id,service_id,connection_id,product_id,period,until,decision,quantity,amount,currency,delta_quantity,impact_monthly,reason,owner,decided_by,decided_at",
    ...rows,
    "",
  ].join("\n");
export const prices = (...rows: string[]) =>
  ["service_id,client_id,unit_price,currency,valid_from", ...rows, ""].join("\n");
