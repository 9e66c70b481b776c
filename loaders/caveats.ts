import {count, day, plural} from "../src/lib/format.js";
import type {MartResult} from "./marts.js";
import {cut, onOneLine, quote} from "./terminalText.js";

type Row = Readonly<Record<string, unknown>>;
type Found = Pick<MartResult, "integrations" | "problems">;

/** The longest reason that is shown of a sync that failed; the page of integrations has all of it. */
const longestReason = 300;
/** Ids that are named one by one; the mart has all of them. */
const namedIds = 3;

/** What keeps the figures of a run from being the whole truth, in sentences: none where nothing does. */
export function describeCaveats({integrations, problems}: Found): string[] {
  return [
    ...integrations.filter(({health}) => health !== "green").map(describeHealth),
    ...integrations
      .filter(({rows_quarantined}) => Number(rows_quarantined) > 0)
      .map((row) => describeQuarantine(String(row.connection_id), Number(row.rows_quarantined))),
    ...describeProblems(problems),
  ];
}

function describeHealth({connection_id, health, health_reason, last_success_at, last_error}: Row): string {
  const age = last_success_at === null ? "" : ` Its data is of ${day(String(last_success_at))}.`;
  const error = health === "red" && last_error !== null ? ` ${cut(onOneLine(String(last_error)), longestReason)}` : "";
  return `${connection_id} is ${health}: ${health_reason}${age}${error}`;
}

/** What quarantined rows of a connection mean for the figures. */
export function describeQuarantine(connectionId: string, rows: number): string {
  return `${plural(rows, "row")} of ${connectionId} ${rows === 1 ? "was quarantined and is" : "were quarantined and are"} in no figure.`;
}

/** The most harmful first: what is in no figure, what bills nothing, what is merely not listed. */
const problemOrder = ["unplaced", "empty_period", "unlisted"];

function describeProblems(problems: readonly Row[]): string[] {
  const rank = ({problem}: Row): number => problemOrder.indexOf(String(problem));
  const ordered = problems.toSorted((a, b) => rank(a) - rank(b) || Number(b.row_count) - Number(a.row_count));
  const sentences = ordered.slice(0, namedIds).map(describeProblem);
  if (problems.length <= 1) return sentences;
  const more = problems.length - sentences.length;
  return [
    [
      `${count(problems.length)} ids lead nowhere or bill no day:`,
      ...sentences,
      ...(more > 0 ? [`And ${count(more)} more, in the mart data_problems.`] : []),
    ].join("\n  "),
  ];
}

function describeProblem({problem, connection_id, table_name, column_name, ...row}: Row): string {
  const id = quote(String(row.missing_id));
  if (problem === "empty_period") {
    return `${table_name} ${id} of ${connection_id} bills no day: its period ends before it has begun.`;
  }
  const rows = Number(row.row_count);
  const outcome = problem === "unplaced" ? "in no figure" : "kept under it";
  const similar = row.similar_id === null ? "" : ` Is ${quote(String(row.similar_id))} meant?`;
  return `${table_name}.${column_name} ${id} of ${connection_id} leads nowhere: ${plural(rows, "row")} ${rows === 1 ? "is" : "are"} ${outcome}.${similar}`;
}
