import {createHash} from "node:crypto";
import type {PreviousSync} from "../connectors/connector.js";
import {version} from "../version.js";
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

/** Other settings lead to other data, and another version may make other rows of it. Secrets are not in it. */
export function fingerprintSettings({connector, settings}: Connection): string {
  return createHash("sha256")
    .update(JSON.stringify([version, connector.name, settings]))
    .digest("hex")
    .slice(0, 16);
}
