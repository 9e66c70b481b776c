import {fromCents, toCents} from "./cents.js";
import {mentions} from "./matches.js";
import {rowsOf, type Table} from "./rows.js";
import type {UrlState} from "./urlState.js";

export interface HistoryData {
  readonly currencies: Table;
  readonly months: Table;
  readonly services: Table;
  readonly subjects: Table;
  readonly found: Table;
}

export interface ChangeData {
  readonly changes: Table;
}

export interface Month {
  readonly period: string;
  readonly currency: string;
  readonly is_closed: string;
  readonly previous_period: string | null;
  readonly coverage_amount: string | null;
  readonly coverage_lines: string | null;
  readonly clients_reconciled: string;
  readonly clients_discrepant: string;
}

/** What a discrepancy is about, the same in every month. */
export interface Subject {
  readonly client_id: string;
  readonly slug: string | null;
  readonly client_name: string;
  /** `service:<id>`, or `product:<connection>:<id>` for usage that no rule covers. */
  readonly service: string;
  readonly label: string;
  readonly connection_ids: string | null;
  readonly currency: string;
}

export interface Found extends Subject {
  readonly period: string;
  readonly discrepancy_type: string;
  readonly impact_monthly: string | null;
}

export interface Change extends Subject {
  readonly discrepancy_type: string;
  readonly change_kind: string;
  readonly reason: string | null;
  readonly evidence: string;
  readonly months_open: string;
  readonly first_period: string;
  readonly earliest_period: string;
  readonly previous_impact_monthly: string | null;
  readonly impact_monthly: string | null;
  readonly appeared_monthly: string;
  readonly resolved_monthly: string;
  readonly uncompared_monthly: string;
  readonly quantity_monthly: string;
  readonly price_monthly: string;
  readonly settled_monthly: string | null;
  readonly credited_amount: string;
}

export function readSubjects({subjects}: HistoryData): Subject[] {
  return rowsOf<Subject>(subjects);
}

export function readFound({found}: HistoryData, subjects: readonly Subject[]): Found[] {
  return rowsOf<Found & {subject: string}>(found).map((row) => ({...subjects[Number(row.subject)], ...row}) as Found);
}

export function readChanges({changes}: ChangeData, subjects: readonly Subject[]): Change[] {
  return rowsOf<Change & {subject: string}>(changes).map(
    (row) => ({...subjects[Number(row.subject)], ...row}) as Change,
  );
}

/** Whether a discrepancy passes the filters in the address. */
export function passes(row: Subject & {readonly discrepancy_type: string}, state: UrlState): boolean {
  const integrations = state.list("integration");
  const types = state.list("type");
  const connections = (row.connection_ids ?? "").split(";");
  return (
    (state.get("client") === "" || row.client_id === state.get("client")) &&
    (state.get("service") === "" || row.service === state.get("service")) &&
    (integrations.length === 0 || connections.some((id) => integrations.includes(id))) &&
    (types.length === 0 || types.includes(row.discrepancy_type)) &&
    mentions(state.get("search"), row.client_name, row.client_id)
  );
}

/** Whether a filter is set that discrepancies may not pass. */
export function isFiltered({get}: Pick<UrlState, "get">): boolean {
  return ["client", "service", "integration", "type", "search"].some((name) => get(name).trim() !== "");
}

export interface MonthTotals {
  readonly period: string;
  readonly isClosed: boolean;
  readonly count: number;
  /** Null, as both others, where nothing was compared: that is unknown and not 0. */
  readonly underbilled: string | null;
  readonly overbilled: string | null;
  readonly net: string | null;
  readonly coverage: string | null;
}

/** Whether anything was compared in a month. */
export function isCompared({clients_reconciled, clients_discrepant}: Month): boolean {
  return Number(clients_reconciled) + Number(clients_discrepant) > 0;
}

/** Discrepancies added up by month; under- and overbilled apart. */
export function totalsOf(
  months: readonly Month[],
  found: readonly Found[],
  coverageOf: (month: Month) => string | null,
  isKnown: (month: Month) => boolean = isCompared,
): MonthTotals[] {
  return months.map((month) => {
    const own = found.filter(({period}) => period === month.period);
    const sum = (cents: number): string | null => (own.length > 0 || isKnown(month) ? fromCents(cents) : null);
    const {under, over} = sides(own.map(({impact_monthly}) => toCents(impact_monthly)));
    return {
      period: month.period,
      isClosed: month.is_closed === "true",
      count: own.length,
      underbilled: sum(under),
      overbilled: sum(over),
      net: sum(under - over),
      coverage: coverageOf(month),
    };
  });
}

function sides(impacts: readonly number[]): {under: number; over: number} {
  const sum = (list: readonly number[]): number => list.reduce((total, cents) => total + cents, 0);
  return {
    under: sum(impacts.filter((cents) => cents > 0)),
    over: -sum(impacts.filter((cents) => cents < 0)),
  };
}

const places = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

const endings: Readonly<Record<string, string>> = {one: "st", two: "nd", few: "rd", other: "th"};
const plurals = new Intl.PluralRules("en", {type: "ordinal"});

/** `ordinal("3")` → `third`; from eleven on in figures, `21st`. */
export function ordinal(number: string): string {
  return places[Number(number) - 1] ?? `${number}${endings[plurals.select(Number(number))]}`;
}
