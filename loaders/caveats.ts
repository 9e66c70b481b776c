import {day, plural} from "../src/lib/format.js";
import type {MartResult} from "./marts.js";
import {cut, onOneLine} from "./terminalText.js";

/** The longest reason that is shown of a sync that failed; the page of integrations has all of it. */
const longestReason = 300;

/** What keeps the figures of a run from being the whole truth, in sentences: none where nothing does. */
export function describeCaveats(result: Pick<MartResult, "integrations">): string[] {
  return [...describeHealth(result), ...describeQuarantines(result)];
}

function describeHealth({integrations}: Pick<MartResult, "integrations">): string[] {
  return integrations
    .filter(({health}) => health !== "green")
    .map(({connection_id, health, health_reason, last_success_at, last_error}) => {
      const reason =
        health === "red" && last_error !== null ? ` ${cut(onOneLine(String(last_error)), longestReason)}` : "";
      const age = last_success_at === null ? "" : ` Its data is of ${day(String(last_success_at))}.`;
      return `${connection_id} is ${health}: ${health_reason}${age}${reason}`;
    });
}

function describeQuarantines({integrations}: Pick<MartResult, "integrations">): string[] {
  return integrations
    .filter(({rows_quarantined}) => Number(rows_quarantined) > 0)
    .map(({connection_id, rows_quarantined}) => describeQuarantine(String(connection_id), Number(rows_quarantined)));
}

/** What quarantined rows of a connection mean for the figures. */
export function describeQuarantine(connectionId: string, rows: number): string {
  return `${plural(rows, "row")} of ${connectionId} ${rows === 1 ? "was quarantined and is" : "were quarantined and are"} in no figure.`;
}
