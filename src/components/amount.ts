import {html} from "htl";
import {isNegative, isZero, money, signedMoney} from "../lib/format.js";

/** An impact: coloured and signed by its direction. What has no price, or was not compared, says so and is never 0. */
export function amount(value: string | null, currency: string | null, missing = "no price"): HTMLElement {
  if (value === null) return html`<span class="no-price">${missing}</span>`;
  const tone = isZero(value) ? "zero" : isNegative(value) ? "over" : "under";
  return html`<span class=${tone}>${signedMoney(value, currency)}</span>`;
}

/** `underbilled $12.00, overbilled $3.00`: both directions of an impact in words, each given without a sign. */
export function impactInWords(
  {under, over}: {readonly under: string; readonly over: string},
  currency: string,
): string {
  const parts = [
    isZero(under) ? null : `underbilled ${money(under, currency)}`,
    isZero(over) ? null : `overbilled ${money(over, currency)}`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

/** Amounts of several currencies, one below the other: they are never added. */
export function amounts(list: readonly {amount: string; currency: string}[]): HTMLElement {
  return html`<span>${list.map((one) => html`<span class="line">${amount(one.amount, one.currency)}</span>`)}</span>`;
}
