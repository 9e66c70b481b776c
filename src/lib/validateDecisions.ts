import {groupBy} from "./groupBy.js";
import {isOverbilled} from "./isOverbilled.js";
import type {Decided, Decision} from "./mappingSchemas.js";
import {mappingFile} from "./mappingTables.js";
import type {Problem} from "./problem.js";

const file = mappingFile("decisions");

/** Decisions that name no discrepancy, contradict themselves, or contradict each other as of the given UTC date. */
export function findContradictingDecisions(decisions: readonly Decided<Decision>[], asOfDate: string): Problem[] {
  return [...decisions.flatMap(findContradictions), ...findQuarrels(decisions, asOfDate)];
}

function findContradictions(row: Decided<Decision>): Problem[] {
  const problems: Problem[] = [];
  const report = (column: keyof Decision, message: string, remedy?: string): void => {
    const value = row[column] ?? undefined;
    problems.push({file, line: row.line, column, value, message, remedy});
  };
  const isProduct = row.connection_id !== null || row.product_id !== null;
  if (row.service_id === null && !isProduct) {
    report("service_id", "names neither a service nor a product.", "A decision is about one of them.");
  } else if (row.service_id !== null && isProduct) {
    report("service_id", "names a service and a product.", "Leave connection_id and product_id blank, or service_id.");
  } else if (isProduct && row.product_id === null) {
    report("product_id", "a connection without its product.");
  } else if (isProduct && row.connection_id === null) {
    report("connection_id", "a product without its connection.");
  }
  if (row.period !== null && row.until !== null) {
    report("until", `stands beside the period ${row.period}.`, "Give one of them, or none where it holds for good.");
  }
  if (row.decision === null) {
    if (row.owner === null)
      report("decision", "decides nothing and names no owner.", "Give either, or remove the row.");
  } else {
    if (row.reason === null) report("reason", "a decision needs its reason.");
    if (row.delta_quantity === null) {
      report(
        "delta_quantity",
        "is missing: the difference that was decided about.",
        "The decision ends when it changes.",
      );
    }
  }
  const isNothing = row.delta_quantity !== null && Number(row.delta_quantity) === 0;
  if (isNothing) {
    report("delta_quantity", "is no difference, so there is nothing to decide.");
  }
  const isDifference = row.delta_quantity !== null && !isNothing;
  if (row.decision === "bill" && isDifference && isOverbilled(row)) {
    report("decision", "would bill more, but the service is overbilled.", "Use credit.");
  }
  if (row.decision === "credit" && isDifference && !isOverbilled(row)) {
    report("decision", "would credit, but the service is underbilled.", "Use bill.");
  }
  for (const column of ["quantity", "amount"] as const) {
    if (row[column] !== null && row.decision !== "bill" && row.decision !== "credit") {
      report(column, "only the decisions bill and credit have one.", "Leave it blank.");
    }
  }
  if (row.amount !== null && row.currency === null) report("currency", `the amount ${row.amount} needs its currency.`);
  if (row.until !== null && row.decided_at !== null && row.until < row.decided_at.slice(0, 10)) {
    report("until", `is before the day of the decision ${row.decided_at.slice(0, 10)}.`);
  }
  return problems;
}

/** Only one decision can hold for a discrepancy on a day, and a month has only one. */
function findQuarrels(decisions: readonly Decided<Decision>[], asOfDate: string): Problem[] {
  const problems: Problem[] = [];
  const quarrel = (row: Decided<Decision>, other: number, when: string): void => {
    problems.push({
      file,
      line: row.line,
      column: "decision",
      value: row.decision ?? undefined,
      message: `line ${other} decides about the same discrepancy for ${when}.`,
      remedy: "Keep one of the rows, or end the earlier one with a period or until.",
    });
  };
  const seen = new Map<string, number>();
  const holding = new Map<string, number>();
  const inTime = groupBy(
    decisions.filter((row) => isInTime(row, asOfDate)),
    aboutOf,
  );
  for (const row of decisions) {
    const about = aboutOf(row);
    const exact = `${about} ${row.period} ${row.until}`;
    const same = seen.get(exact);
    const others = inTime.get(about) ?? [];
    const holds = others.includes(row) && !others.some((other) => other !== row && isMadeAfter(row, other));
    const held = holds ? holding.get(about) : undefined;
    if (same !== undefined) quarrel(row, same, "the same time");
    else if (held !== undefined) quarrel(row, held, asOfDate);
    if (same === undefined) seen.set(exact, row.line);
    if (holds && !holding.has(about)) holding.set(about, row.line);
  }
  return problems;
}

function aboutOf({client_id, service_id, connection_id, product_id}: Decision): string {
  return JSON.stringify([client_id, service_id, connection_id, product_id]);
}

/** Whether one that names no month was made when the other's time was over: on the days of that it does not hold yet. */
function isMadeAfter({period, decided_at}: Decision, other: Decision): boolean {
  const end = other.until ?? (other.period === null ? null : `${other.period}-31`);
  return (
    period === null && decided_at !== null && end !== null && new Date(decided_at).toISOString().slice(0, 10) > end
  );
}

function isInTime({period, until}: Decision, asOfDate: string): boolean {
  return period === null ? until === null || asOfDate <= until : period === asOfDate.slice(0, 7);
}
