import {html} from "htl";
import {fromCents, toCents} from "../lib/cents.js";
import type {Adjustment} from "../lib/clientData.js";
import {groupByCurrency} from "../lib/currencyOrder.js";
import {isZero, money, negated, plural, signedMoney, words} from "../lib/format.js";
import {figures} from "./figures.js";

/** What is decided, currency by currency: what is due once now, either direction by itself, and what recurs. */
export function memoTotals(adjustments: readonly Adjustment[]): HTMLElement {
  const decided = adjustments.filter(({decision_state}) => decision_state === "decided");
  return html`<section class="memo-due" aria-label="Due now, and what recurs">${[...groupByCurrency(decided)].map(
    ([currency, changes]) => totalsOf(currency, changes),
  )}</section>`;
}

function totalsOf(currency: string, changes: readonly Adjustment[]): HTMLElement {
  const due = sides(changes.map(({due_amount}) => due_amount));
  const monthly = sides(changes.map(({monthly_amount}) => monthly_amount));
  const unpriced = changes.filter(({due_amount}) => due_amount === null).length;
  const once =
    unpriced === 0 ? "once, decided" : `once, decided; ${plural(unpriced, "change")} without a price left out`;
  return figures([
    {label: `To bill now, ${currency}`, value: money(due.bill, currency), note: once},
    {label: `To credit now, ${currency}`, value: money(due.credit, currency), note: once},
    {...recurring(changes, currency), value: bothDirections(monthly, currency)},
  ]);
}

/** What is billed for a year comes once a year: its twelfth is no bill of each month. */
function recurring(changes: readonly Adjustment[], currency: string): {label: string; note: string} {
  const cycles = [...new Set(changes.map(({billing_cycle}) => billing_cycle))].sort();
  if (cycles.every((cycle) => cycle === "monthly")) {
    return {label: `Then each month, ${currency}`, note: "change of the recurring bill; not due now"};
  }
  const names = cycles.map((cycle) => words(cycle).toLowerCase()).join(" and ");
  return {
    label: `Then, brought to a month, ${currency}`,
    note: `change of the recurring bill, which is ${names}; not due now`,
  };
}

function bothDirections({bill, credit}: Sides, currency: string): Node | string {
  if (bill === null || credit === null) return money(null, currency);
  const signed = [bill, negated(credit)].filter((amount) => !isZero(amount));
  if (signed.length === 0) return money("0", currency);
  return html`<span>${signed.map((amount) => html`<span class="line">${signedMoney(amount, currency)}</span>`)}</span>`;
}

interface Sides {
  readonly bill: string | null;
  readonly credit: string | null;
}

/** Both directions without a sign; null where nothing but what has no price is to be added. */
function sides(amounts: readonly (string | null)[]): Sides {
  const cents = amounts.filter((amount) => amount !== null).map(toCents);
  if (cents.length === 0) return {bill: null, credit: null};
  const sum = (sign: number): string =>
    fromCents(cents.filter((one) => one * sign > 0).reduce((total, one) => total + one * sign, 0));
  return {bill: sum(1), credit: sum(-1)};
}
