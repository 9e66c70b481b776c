import {createHash} from "node:crypto";
import {createReadStream} from "node:fs";
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {nullIfAbsent} from "./absent.js";

/** The SHA-256 of a file, in hexadecimal. */
export async function fingerprintOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest("hex");
}

/** The fingerprints of what people wrote: `workspace.yaml` and `mappings/*.csv`, by their path in the workspace. */
export async function fingerprintDecisions(directory: string): Promise<Map<string, string>> {
  const mappings = (await readdir(join(directory, "mappings")).catch(nullIfAbsent)) ?? [];
  const names = [
    "workspace.yaml",
    ...mappings.filter((name) => name.endsWith(".csv")).map((name) => `mappings/${name}`),
  ];
  const found = new Map<string, string>();
  for (const name of names.sort()) found.set(name, await fingerprintOf(join(directory, name)));
  return found;
}
