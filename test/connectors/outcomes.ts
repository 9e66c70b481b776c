import {appendFileSync} from "node:fs";
import type {SyncRecord} from "../../loaders/lake/lake.js";

/** What a fault did to a connector's sync, as a test found it. */
export interface Outcome {
  readonly fault: string;
  readonly connector: string;
  readonly data: string;
  readonly health: "green" | "yellow" | "red";
  readonly exit: 0 | 1;
  readonly message: string;
}

type Judged = Pick<SyncRecord, "status" | "error" | "failed_parts" | "rows_quarantined">;

/** Tells `npm run faults`, if it is that which runs the tests. To be called when the test has looked at the data. */
export function noteOutcome(fault: string, connector: string, record: Judged, data = dataAfter(record)): void {
  const file = process.env.FAULTS_FILE;
  if (file === undefined) return;
  const {status, error, failed_parts} = record;
  const outcome: Outcome = {
    fault,
    connector,
    data,
    health: status === "failed" ? "red" : status === "partial" ? "yellow" : "green",
    exit: status === "succeeded" ? 0 : 1,
    message: error ?? failed_parts[0]?.reason ?? "",
  };
  appendFileSync(file, `${JSON.stringify(outcome)}\n`);
}

function dataAfter({status, rows_quarantined}: Judged): string {
  if (status === "failed") return "last good kept";
  if (status === "partial") return "that client's last good kept, the others new";
  return rows_quarantined > 0 ? "complete but for the quarantined row" : "complete";
}
