import {fromCents, toCents} from "./cents.js";
import {knownSums} from "./knownSum.js";
import {mentions} from "./matches.js";
import {rowsOf, type Table} from "./rows.js";
import type {UrlState} from "./urlState.js";

export interface HistoryData {
  readonly currencies: Table;
  readonly months: Table;
  readonly services: Table;
  /** What subjects are called: thousands of products, each of several clients. */
  readonly names: Table;
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

/** What the filter by service stands at for all products without one. */
export const anyProduct = "product";

export function isProduct({service}: Pick<Subject, "service">): boolean {
  return service.startsWith("product:");
}

/** A discrepancy of one month. There are as many as months of all discrepancies, so they name what they are about by its place. */
export interface Found {
  /** Its place among the subjects. */
  readonly subject: string;
  readonly period: string;
  readonly discrepancy_type: string;
  readonly impact_monthly: string | null;
  /** Of one without a price the sign of its quantity, which says which sum lacks it. */
  readonly unpriced: string | null;
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

export function readSubjects({names, subjects}: Pick<HistoryData, "names" | "subjects">): Subject[] {
  const all = rowsOf<Pick<Subject, "service" | "label">>(names);
  return rowsOf<Subject & {named: string}>(subjects).map((row) => ({...row, ...all[Number(row.named)]}));
}

export function readFound({found}: HistoryData): Found[] {
  return rowsOf<Found>(found);
}

export function readChanges({changes}: ChangeData, subjects: readonly Subject[]): Change[] {
  return rowsOf<Change & {subject: string}>(changes).map(
    (row) => ({...subjects[Number(row.subject)], ...row}) as Change,
  );
}

/** The discrepancies in a currency that pass the filters in the address. */
export function foundBy(
  state: UrlState,
  currency: string,
  found: readonly Found[],
  subjects: readonly Subject[],
): Found[] {
  const isAbout = subjectFilter(state, currency);
  const isShown = subjects.map(isAbout);
  const isOfType = typeFilter(state);
  return found.filter(({subject, discrepancy_type}) => isShown[Number(subject)] === true && isOfType(discrepancy_type));
}

/** The changes in a currency that pass them. */
export function changesBy(state: UrlState, currency: string, changes: readonly Change[]): Change[] {
  const [isAbout, isOfType] = [subjectFilter(state, currency), typeFilter(state)];
  return changes.filter((change) => isOfType(change.discrepancy_type) && isAbout(change));
}

function typeFilter(state: UrlState): (type: string) => boolean {
  const types = state.list("type");
  return (type) => types.length === 0 || types.includes(type);
}

function subjectFilter(state: UrlState, ofCurrency: string): (subject: Subject) => boolean {
  const [client, service, search] = [state.get("client"), state.get("service"), state.get("search")];
  const integrations = state.list("integration");
  return ({currency, client_id, client_name, service: of, label, connection_ids}) =>
    currency === ofCurrency &&
    (client === "" || client_id === client) &&
    (service === "" || of === service || (service === anyProduct && isProduct({service: of}))) &&
    (integrations.length === 0 || (connection_ids ?? "").split(";").some((id) => integrations.includes(id))) &&
    mentions(search, client_name, client_id, label);
}

/** Whether a filter is set that discrepancies may not pass. */
export function isFiltered({get}: Pick<UrlState, "get">): boolean {
  return ["client", "service", "integration", "type", "search"].some((name) => get(name).trim() !== "");
}

export interface MonthTotals {
  readonly period: string;
  readonly isClosed: boolean;
  readonly count: number;
  /** Null, as both others, where nothing was compared, or nothing that makes it up has a price: that is unknown and not 0. */
  readonly underbilled: string | null;
  readonly overbilled: string | null;
  readonly net: string | null;
  readonly coverage: string | null;
}

/** Every month from the first to the last, with null for one that has no figures, as where nobody closed it. */
export function withGaps<T extends {readonly period: string}>(
  months: readonly T[],
): {period: string; month: T | null}[] {
  const slots: {period: string; month: T | null}[] = [];
  for (const month of months) {
    const {period: before} = slots.at(-1) ?? month;
    for (let gap = monthAfter(before); gap < month.period; gap = monthAfter(gap))
      slots.push({period: gap, month: null});
    slots.push({period: month.period, month});
  }
  return slots;
}

function monthAfter(period: string): string {
  const next = new Date(`${period}-01`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return next.toISOString().slice(0, 7);
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
  const none = {count: 0, under: 0, over: 0, isUnderUnpriced: false, isOverUnpriced: false};
  const byPeriod = new Map<string, typeof none>();
  for (const {period, impact_monthly, unpriced} of found) {
    const sums = byPeriod.get(period) ?? {...none};
    const cents = toCents(impact_monthly);
    sums.count += 1;
    if (cents > 0) sums.under += cents;
    else sums.over -= cents;
    if (unpriced === "1") sums.isUnderUnpriced = true;
    if (unpriced === "-1") sums.isOverUnpriced = true;
    byPeriod.set(period, sums);
  }
  return months.map((month) => {
    const {count, under, over, isUnderUnpriced, isOverUnpriced} = byPeriod.get(month.period) ?? none;
    const sums = {under: fromCents(under), over: fromCents(over), net: fromCents(under - over)};
    const known =
      count > 0 || isKnown(month)
        ? knownSums(sums, {under: isUnderUnpriced, over: isOverUnpriced})
        : {under: null, over: null, net: null};
    return {
      period: month.period,
      isClosed: month.is_closed === "true",
      count,
      underbilled: known.under,
      overbilled: known.over,
      net: known.net,
      coverage: coverageOf(month),
    };
  });
}

const places = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

const endings: Readonly<Record<string, string>> = {one: "st", two: "nd", few: "rd", other: "th"};
const plurals = new Intl.PluralRules("en", {type: "ordinal"});

/** `ordinal("3")` → `third`; from eleven on in figures, `21st`. */
export function ordinal(number: string): string {
  return places[Number(number) - 1] ?? `${number}${endings[plurals.select(Number(number))]}`;
}
