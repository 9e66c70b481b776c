import {count, cut, day, plural, quantity} from "../../src/lib/format.js";
import {onOneLine, quote} from "../terminalText.js";
import type {MartResult} from "./marts.js";

type Row = Readonly<Record<string, unknown>>;
type Found = Pick<MartResult, "integrations" | "problems" | "liveLines" | "contradicted" | "undated">;

interface Moments {
  /** Of the figures. */
  readonly asOf: Date;
  readonly now: Date;
}

const dayLength = 24 * 60 * 60 * 1000;
/** A month is reconciled some days after its end, from what is used by then. */
const mostDaysLater = 31;

/** The longest reason that is shown of a sync that failed; the page of integrations has all of it. */
const longestReason = 300;
/** Ids that are named one by one; the mart has all of them. */
const namedIds = 3;

/** What keeps the figures of a run from being the whole truth, in sentences: none where nothing does. */
export function describeCaveats(
  {integrations, problems, liveLines, contradicted, undated}: Found,
  {asOf, now}: Moments,
): string[] {
  const isYetToCome = (row: Row): boolean => freshAt(row) > Math.max(now.getTime(), asOf.getTime());
  return [
    ...(liveLines > 0
      ? []
      : [`nothing is billed on ${dayOf(asOf)}: no line of an agreement or invoice is live on that day.`]),
    ...describeLaterUsage(
      integrations.filter((row) => !isYetToCome(row)),
      asOf,
    ),
    ...integrations
      .filter(isYetToCome)
      .map(
        ({connection_id, last_success_at}) =>
          `${connection_id} claims to be of a time to come, ${day(String(last_success_at))}: see its exported_at in workspace.yaml.`,
      ),
    ...integrations.filter(({health}) => health !== "green").map(describeHealth),
    ...integrations.filter(({rows_quarantined}) => Number(rows_quarantined) > 0).map(describeQuarantine),
    ...describeDataProblems(problems),
    ...contradicted.map(describeContradicted),
    ...undated.map(
      ({client_id, subject, decision}) =>
        `mappings/decisions.csv would ${decision} ${quote(String(subject))} of ${quote(String(client_id))} in every month anew: it names neither period nor decided_at.`,
    ),
  ];
}

/** Only the figures tell how many are billed: no rule for the file can see it. */
function describeContradicted({client_id, subject, decision, ...row}: Row): string {
  const [agreed, billed] = [String(row.agreed_quantity), String(row.invoiced_quantity)];
  const which = Number(agreed) < Number(billed) ? "less" : "more";
  return `mappings/decisions.csv would ${decision} ${quote(String(subject))} of ${quote(String(client_id))} by changing it to ${quantity(agreed)}, ${which} than the ${quantity(billed)} that are billed.`;
}

function describeLaterUsage(integrations: readonly Row[], asOf: Date): string[] {
  const dayNumber = (instant: number): number => Math.floor(instant / dayLength);
  const days = (row: Row): number => dayNumber(freshAt(row)) - dayNumber(asOf.getTime());
  const later = integrations.filter((row) => row.kind === "usage" && days(row) > mostDaysLater);
  if (later.length === 0) return [];
  const names = list.format(later.map(({connection_id}) => String(connection_id)));
  const most = plural(Math.max(...later.map(days)), "day");
  return [
    `the data of ${names} is up to ${most} newer than ${dayOf(asOf)}, the day of the figures: it is not what was used then.`,
  ];
}

const list = new Intl.ListFormat("en");

function dayOf(date: Date): string {
  return day(date.toISOString());
}

/** As of when a connection's data is true; 0 where it has none. */
function freshAt({last_success_at}: Row): number {
  return last_success_at === null ? 0 : Date.parse(String(last_success_at));
}

function describeHealth({connection_id, health, health_reason, last_success_at, last_error}: Row): string {
  const age = last_success_at === null ? "" : ` Its data is of ${day(String(last_success_at))}.`;
  return `${connection_id} is ${health}: ${health_reason}${age}${describeFailure({last_error})}`;
}

/** What went wrong in the last sync, wholly or for some accounts, to stand behind another sentence. */
export function describeFailure({last_error}: Row): string {
  return last_error !== null ? ` ${cut(onOneLine(String(last_error)), longestReason)}` : "";
}

/** SQL of the connections with quarantined rows. */
export const quarantines =
  "select connection_id, rows_quarantined from integrations where rows_quarantined > 0 order by connection_id";

/** What quarantined rows of a connection mean for the figures. */
export function describeQuarantine({connection_id, rows_quarantined}: Row): string {
  const rows = Number(rows_quarantined);
  return `${plural(rows, "row")} of ${connection_id} ${rows === 1 ? "was quarantined and is" : "were quarantined and are"} in no figure.`;
}

/** The most harmful first: what is in no figure, what bills nothing, what bills somebody else, what is merely not listed. */
const problemOrder = ["unplaced", "empty_period", "other_client", "unlisted"];

function describeDataProblems(problems: readonly Row[]): string[] {
  const rank = ({problem}: Row): number => problemOrder.indexOf(String(problem));
  const ordered = problems.toSorted((a, b) => rank(a) - rank(b) || Number(b.row_count) - Number(a.row_count));
  const sentences = ordered.slice(0, namedIds).map(describeDataProblem);
  if (problems.length <= 1) return sentences;
  const more = problems.length - sentences.length;
  return [
    [
      `${count(problems.length)} ids lead nowhere, bill no day or bill another client:`,
      ...sentences,
      ...(more > 0 ? [`And ${count(more)} more, in the mart data_problems.`] : []),
    ].join("\n  "),
  ];
}

function describeDataProblem({problem, connection_id, table_name, column_name, ...row}: Row): string {
  const id = quote(String(row.missing_id));
  if (problem === "empty_period") {
    return `${table_name} ${id} of ${connection_id} bills no day: its period ends before it has begun.`;
  }
  const rows = Number(row.row_count);
  if (problem === "other_client") {
    return `invoices ${id} of ${connection_id} bills ${plural(rows, "line")} of an agreement with another client, who seems to be billed nothing for ${rows === 1 ? "it" : "them"}.`;
  }
  const outcome = problem === "unplaced" ? "in no figure" : "kept under it";
  const similar = row.similar_id === null ? "" : ` Is ${quote(String(row.similar_id))} meant?`;
  return `${table_name}.${column_name} ${id} of ${connection_id} leads nowhere: ${plural(rows, "row")} ${rows === 1 ? "is" : "are"} ${outcome}.${similar}`;
}
