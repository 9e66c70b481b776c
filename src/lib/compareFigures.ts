import {toCents} from "./cents.js";
import {type ClientRow, type Figures, isCompared, type ReconciliationRow, type SummaryRow} from "./figures.js";
import {isOverbilled} from "./isOverbilled.js";
import {knownSum} from "./knownSum.js";

/** A figure as it is and as it would be; null where there is none. */
export interface Pair<T = string | null> {
  readonly before: T;
  readonly after: T;
}

/** What changes in the money and discrepancies of one currency, or of one client in one currency. */
export interface MoneyChange {
  readonly currency: string;
  /** Per month, as text; never negative. Null where nothing was compared, or nothing that makes it up has a price. */
  readonly underbilled: Pair;
  readonly overbilled: Pair;
  /** Shares from 0 to 1 of the live billed lines, and of their monthly amount, that are compared. */
  readonly coverageLines: Pair;
  readonly coverageAmount: Pair;
  readonly discrepancies: Pair<number>;
  /** Discrepancies without a price, and so without money. */
  readonly unpriced: Pair<number>;
}

export interface ClientChange extends MoneyChange {
  readonly clientId: string;
  readonly clientName: string;
  /** Seats counted or unaccounted. */
  readonly seats: Pair<number>;
  /** How many of its discrepancies, in this currency. */
  readonly appeared: number;
  readonly vanished: number;
  readonly changed: number;
}

/** A row of the reconciliation before and after; null where there is no such row. */
export interface RowChange {
  readonly before: ReconciliationRow | null;
  readonly after: ReconciliationRow | null;
}

/** What mappings would change. Where nothing differs `money` has a row per currency all the same, and the lists are empty. */
export interface Change {
  /** A row per currency, of all clients. */
  readonly money: readonly MoneyChange[];
  readonly unlinkedAccounts: Pair<number>;
  readonly unaccountedSeats: Pair<number>;
  /** The clients that anything differs for, those with most money in motion first. */
  readonly clients: readonly ClientChange[];
  /** Discrepancies that are none before, or rows that are not there. */
  readonly appeared: readonly (RowChange & {readonly after: ReconciliationRow})[];
  /** Discrepancies that are none after, or rows that are gone. */
  readonly vanished: readonly (RowChange & {readonly before: ReconciliationRow})[];
  /** Discrepancies that stay, with other figures or another cause. */
  readonly changed: readonly {readonly before: ReconciliationRow; readonly after: ReconciliationRow}[];
}

/** What differs between two sets of figures. Rows that are the very same object are taken for equal without a look. */
export function compareFigures(before: Figures, after: Figures): Change {
  const rows = rowChanges(before.reconciliation, after.reconciliation);
  const unpriced = {before: unpricedSides(before.reconciliation), after: unpricedSides(after.reconciliation)};
  const among = <Kind extends Fate>(kind: Kind) => byMoney(rows.filter((row) => fateOf(row) === kind)) as Change[Kind];
  return {
    money: pairUp(before.summary, after.summary, ({currency}) => currency).map(({before: was, after: is}) =>
      moneyChange(was, is, {isCompared, unpriced}),
    ),
    unlinkedAccounts: pairOf(before.summary[0], after.summary[0], ({unlinked_accounts}) => Number(unlinked_accounts)),
    unaccountedSeats: pairOf(before.summary[0], after.summary[0], ({unaccounted_seats}) => Number(unaccounted_seats)),
    clients: clientChanges(before.clients, after.clients, rows, unpriced),
    appeared: among("appeared"),
    vanished: among("vanished"),
    changed: among("changed"),
  };
}

type Fate = "appeared" | "vanished" | "changed";

/** What becomes of a discrepancy; null where a row is none before and after. */
function fateOf({before, after}: RowChange): Fate | null {
  const wasOne = before?.status === "discrepancy";
  const isOne = after?.status === "discrepancy";
  if (wasOne && isOne) return "changed";
  return isOne ? "appeared" : wasOne ? "vanished" : null;
}

/** The rows that differ in anything, and those that are on one side only. */
function rowChanges(before: readonly ReconciliationRow[], after: readonly ReconciliationRow[]): RowChange[] {
  return pairUp(before, after, ({reconciliation_id}) => reconciliation_id).filter(
    ({before: was, after: is}) => !isSame(was, is),
  );
}

function pairUp<T>(before: readonly T[], after: readonly T[], key: (row: T) => string): Pair<T | null>[] {
  const later = new Map(after.map((row) => [key(row), row]));
  const pairs = before.map((row): Pair<T | null> => {
    const place = key(row);
    const other = later.get(place) ?? null;
    later.delete(place);
    return {before: row, after: other};
  });
  return [...pairs, ...[...later.values()].map((row) => ({before: null, after: row}))];
}

function isSame<T extends object>(a: T | null, b: T | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (Object.keys(a) as (keyof T)[]).every((column) => a[column] === b[column]);
}

type Money = Pick<
  SummaryRow & ClientRow,
  | "currency"
  | "underbilled_monthly"
  | "overbilled_monthly"
  | "coverage_lines"
  | "coverage_amount"
  | "discrepancy_count"
  | "unpriced_count"
> &
  Partial<Pick<ClientRow, "client_id">>;

/** The sides, of all clients in a currency and of each, that discrepancies without a price belong to. */
function unpricedSides(rows: readonly ReconciliationRow[]): Set<string> {
  const unpriced = rows.filter(({status, impact_monthly}) => status === "discrepancy" && impact_monthly === null);
  return new Set(
    unpriced.flatMap((row) => [
      sideKey(row.currency, isOverbilled(row)),
      sideKey(row.currency, isOverbilled(row), row.client_id),
    ]),
  );
}

function sideKey(currency: string, isOver: boolean, clientId: string | null = null): string {
  return JSON.stringify([clientId, currency, isOver]);
}

function moneyChange<T extends Money>(
  before: T | null,
  after: T | null,
  {isCompared, unpriced}: {isCompared: (row: T) => boolean; unpriced: Pair<ReadonlySet<string>>},
): MoneyChange {
  const pair = <V>(figure: (row: T, unpriced: ReadonlySet<string>) => V, none: V): Pair<V> => ({
    before: before === null ? none : figure(before, unpriced.before),
    after: after === null ? none : figure(after, unpriced.after),
  });
  const side = (column: "underbilled_monthly" | "overbilled_monthly"): Pair =>
    pair<string | null>((row, sides) => {
      const key = sideKey(row.currency, column === "overbilled_monthly", row.client_id);
      return isCompared(row) ? knownSum(row[column], sides.has(key)) : null;
    }, "0.00");
  return {
    currency: (before ?? after)?.currency ?? "",
    underbilled: side("underbilled_monthly"),
    overbilled: side("overbilled_monthly"),
    coverageLines: pair((row) => row.coverage_lines, null),
    coverageAmount: pair((row) => row.coverage_amount, null),
    discrepancies: pair((row) => Number(row.discrepancy_count), 0),
    unpriced: pair((row) => Number(row.unpriced_count), 0),
  };
}

function pairOf<T>(before: T | undefined, after: T | undefined, figure: (row: T) => number): Pair<number> {
  return {before: before === undefined ? 0 : figure(before), after: after === undefined ? 0 : figure(after)};
}

function clientChanges(
  before: readonly ClientRow[],
  after: readonly ClientRow[],
  rows: readonly RowChange[],
  unpriced: Pair<ReadonlySet<string>>,
): ClientChange[] {
  const isCompared = (row: ClientRow): boolean => row.discrepancy_count !== "0" || row.reconciled_count !== "0";
  const keyOf = (clientId: string, currency: string) => JSON.stringify([clientId, currency]);
  const counts = new Map<string, Record<Fate, number>>();
  for (const row of rows) {
    const {client_id, currency} = (row.before ?? row.after) as ReconciliationRow;
    const key = keyOf(client_id, currency);
    const count = counts.get(key) ?? {appeared: 0, vanished: 0, changed: 0};
    counts.set(key, count);
    const fate = fateOf(row);
    if (fate !== null) count[fate] += 1;
  }
  const changes = pairUp(before, after, ({client_id, currency}) => keyOf(client_id, currency))
    .filter(({before: was, after: is}) => {
      const row = (was ?? is) as ClientRow;
      return !isSame(was, is) || counts.has(keyOf(row.client_id, row.currency));
    })
    .map(({before: was, after: is}): ClientChange => {
      const {client_id, client_name, currency} = (was ?? is) as ClientRow;
      return {
        ...moneyChange(was, is, {isCompared, unpriced}),
        clientId: client_id,
        clientName: client_name,
        seats: pairOf(was ?? undefined, is ?? undefined, ({seat_count}) => Number(seat_count)),
        ...(counts.get(keyOf(client_id, currency)) ?? {appeared: 0, vanished: 0, changed: 0}),
      };
    });
  return changes
    .map((change) => ({change, motion: centsInMotion(change)}))
    .sort((a, b) => b.motion - a.motion || compareText(a.change.clientId, b.change.clientId))
    .map(({change}) => change);
}

function centsInMotion({underbilled, overbilled}: MoneyChange): number {
  return [underbilled, overbilled].reduce(
    (sum, {before, after}) => sum + Math.abs(toCents(after) - toCents(before)),
    0,
  );
}

/** Those with most money at stake first, then by id, so that the order is the same every time. */
function byMoney(changes: readonly RowChange[]): RowChange[] {
  return changes
    .map((change) => {
      const cents = [change.before, change.after].map((row) => toCents(row?.impact_monthly ?? null));
      return {
        change,
        id: (change.before ?? change.after)?.reconciliation_id ?? "",
        motion: Math.max(...cents.map(Math.abs)),
      };
    })
    .sort((a, b) => b.motion - a.motion || compareText(a.id, b.id))
    .map(({change}) => change);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
