import {createHash} from "node:crypto";
import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {PreviousSync} from "../connectors/connector.js";
import type {Connection} from "../workspace/connectionSettings.js";
import type {SyncRecord} from "./lake.js";

/** Changes can be read upon the current data alone, and only by what read that data. */
export function previousOf(
  current: SyncRecord | undefined,
  fingerprint: string,
  now: Date,
  fullSyncDays: number,
): PreviousSync | undefined {
  if (current === undefined || current.state === null || current.full_at === null) return undefined;
  if (current.fingerprint !== fingerprint) return undefined;
  return {state: current.state, isFullDue: now.getTime() - Date.parse(current.full_at) >= fullSyncDays * 86_400_000};
}

const loaders = fileURLToPath(new URL("..", import.meta.url));
const codes = new Map<string, string>();

/** Other settings lead to other data, and other code may make other rows of it. Secrets are not in it. */
export function fingerprintSettings({connector, settings}: Connection, folder = loaders): string {
  const code = codes.get(folder) ?? digestCode(folder);
  codes.set(folder, code);
  return createHash("sha256")
    .update(JSON.stringify([code, connector.name, settings]))
    .digest("hex")
    .slice(0, 16);
}

/** Of what makes rows of a vendor's answers. The version of Trueup does not tell: an update by `git pull` leaves it as it is. */
function digestCode(folder: string): string {
  const entries = readdirSync(join(folder, "connectors"), {recursive: true, withFileTypes: true});
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  for (const file of [join(folder, "canonical.ts"), ...files.sort()]) hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}
