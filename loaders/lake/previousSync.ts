import {createHash} from "node:crypto";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {PreviousSync} from "../connectors/connector.js";
import {filesOf} from "../files/filesOf.js";
import {fingerprintOf} from "../files/fingerprint.js";
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
const codes = new Map<string, Promise<string[]>>();

/** Other settings lead to other data, and other code may make other rows of it. Secrets are not in it. */
export async function fingerprintSettings({connector, settings}: Connection, folder = loaders): Promise<string> {
  const code = codes.get(folder) ?? fingerprintCode(folder);
  codes.set(folder, code);
  return createHash("sha256")
    .update(JSON.stringify([await code, connector.name, settings]))
    .digest("hex")
    .slice(0, 16);
}

/** Of what makes rows of a vendor's answers. The version of Trueup does not tell: an update by `git pull` leaves it as it is. */
async function fingerprintCode(folder: string): Promise<string[]> {
  const files = [join(folder, "canonical.ts"), ...(await filesOf(join(folder, "connectors")))];
  return Promise.all(files.map(fingerprintOf));
}
