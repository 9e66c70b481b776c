import {fromCents, toCents} from "./cents.js";
import {isNegative, isZero} from "./format.js";
import type {Change} from "./history.js";

export type Side = "under" | "over";

/** A sum over changes, with what each of them has in it: so every figure leads to its rows, and they add up to it. */
export interface HistoryFigure {
  /** Its place in addresses. */
  readonly id: string;
  readonly label: string;
  /** An amount of a month, not a difference between two. */
  readonly isTotal: boolean;
  /** In cents; 0 for what is no part of it. */
  readonly share: (change: Change) => number;
}

/** A step of the way from last month's amount of one side to this month's, as the waterfall shows it. */
export interface WaterfallStep extends HistoryFigure {
  readonly step: string;
}

export interface Months {
  readonly from: string;
  readonly to: string;
}

const names: Readonly<Record<Side, string>> = {under: "Underbilled", over: "Overbilled"};

/** From last month's amount to this month's. Both ends and all steps add up; what makes the side larger is positive. */
export function stepsOf(side: Side, {from, to}: Months): WaterfallStep[] {
  const sign = side === "under" ? 1 : -1;
  const isOf = (amount: string | null): boolean =>
    amount !== null && !isZero(amount) && isNegative(amount) === sign < 0;
  const cents = (amount: string | null): number => toCents(amount) * sign || 0;
  const ofSide = (amount: string | null): number => (isOf(amount) ? cents(amount) : 0);
  const staying = ({previous_impact_monthly: own, impact_monthly}: Change, amount: string): number =>
    isOf(own === null || isZero(own) ? impact_monthly : own) ? cents(amount) : 0;
  // What goes has the opposite sign.
  const leaving = ({previous_impact_monthly}: Change, amount: string): number =>
    isOf(previous_impact_monthly) ? cents(amount) : 0;
  const step = (id: string, label: string, share: (change: Change) => number): WaterfallStep => ({
    id: `${side}-${id}`,
    label: `${names[side]}, ${label.toLowerCase()}`,
    step: label,
    isTotal: false,
    share,
  });
  const total = (id: string, month: string, share: (change: Change) => number): WaterfallStep => ({
    id,
    label: `${names[side]}, ${month}`,
    step: month,
    isTotal: true,
    share,
  });
  return [
    total(`${side}-before`, from, (change) => ofSide(change.previous_impact_monthly)),
    step("new", "New", (change) => ofSide(change.appeared_monthly)),
    step("quantity", "Changed quantity", (change) => staying(change, change.quantity_monthly)),
    step("price", "Changed price", (change) => staying(change, change.price_monthly)),
    step("resolved", "Resolved", (change) => leaving(change, change.resolved_monthly)),
    step("not-compared", "Not compared now", (change) => leaving(change, change.uncompared_monthly)),
    total(side, to, (change) => ofSide(change.impact_monthly)),
  ];
}

const wasUnder = ({previous_impact_monthly: amount}: Change): boolean => amount !== null && !isNegative(amount);

/** Every figure of what changed from one month to the next, by its id. */
export function figuresOf(months: Months): ReadonlyMap<string, HistoryFigure> {
  const settled = (change: Change): number => toCents(change.settled_monthly);
  const list: HistoryFigure[] = [
    ...stepsOf("under", months),
    ...stepsOf("over", months),
    {id: "net", label: `Net, ${months.to}`, isTotal: true, share: (change) => toCents(change.impact_monthly)},
    {
      id: "recovered",
      label: "Recovered",
      isTotal: false,
      share: (change) => (wasUnder(change) ? settled(change) : 0),
    },
    {
      id: "taken-off",
      label: "Taken off",
      isTotal: false,
      share: (change) => (wasUnder(change) ? 0 : settled(change)),
    },
    {id: "credited", label: "Credited once", isTotal: false, share: (change) => toCents(change.credited_amount)},
  ];
  return new Map(list.map((figure) => [figure.id, figure]));
}

/** The changes that are part of a figure. */
export function rowsOfFigure({share}: HistoryFigure, changes: readonly Change[]): Change[] {
  return changes.filter((change) => share(change) !== 0);
}

/** A figure as decimal text. */
export function sumOf({share}: HistoryFigure, changes: readonly Change[]): string {
  return fromCents(changes.reduce((sum, change) => sum + share(change), 0));
}
