import {html} from "htl";
import {toCents} from "../lib/cents.js";
import {isNegative, money, percent, words} from "../lib/format.js";
import {tip} from "./tip.js";

const states: Readonly<Record<string, {label: string; explanation: string}>> = {
  covered: {label: "Covered", explanation: "What is billed covers what it costs."},
  below_cost: {
    label: "Below cost",
    explanation: "Less is billed than it costs: by its price, or because more is used or bought than is billed.",
  },
  not_billed: {label: "Not billed", explanation: "It costs money and no line bills it."},
  cost_unknown: {
    label: "Cost unknown",
    explanation: "Its cost is unknown, so its revenue is no part of the margin.",
  },
  revenue_unknown: {
    label: "Revenue unknown",
    explanation: "Its lines have no price, so there is no margin to work out.",
  },
};

export const marginStates = Object.entries(states).map(([value, {label}]) => ({value, label}));

/** How a service of a client stands: covered, below cost, not billed, or not known. */
export function marginMark(state: string): HTMLElement {
  const {label, explanation} = states[state] ?? {label: words(state), explanation: words(state)};
  return tip({label, explanation, guide: "margin", className: `type margin-${state.replaceAll("_", "-")}`});
}

/** A cost, revenue or margin; null is said in words, for it is not 0. A loss has its sign and its colour. */
export function known(value: string | null, currency: string, unknown = "unknown"): HTMLElement {
  if (value === null) return html`<span class="no-price">${unknown}</span>`;
  return html`<span class=${isNegative(value) ? "loss" : ""}>${money(value, currency)}</span>`;
}

/** `shareOf("-5.00", "100.00")` → -0.05; null where one is unknown, without revenue, or where credits exceed it. */
export function shareOf(margin: string | null, revenue: string | null): number | null {
  return margin === null || toCents(revenue) <= 0 ? null : toCents(margin) / toCents(revenue);
}

/** The same in per cent: `−5.0%`, or a dash. */
export function ofRevenue(margin: string | null, revenue: string | null): HTMLElement {
  const share = shareOf(margin, revenue);
  return html`<span class=${share !== null && share < 0 ? "loss" : ""}>${percent(share === null ? null : String(share))}</span>`;
}

const bases: Readonly<Record<string, string>> = {
  licence: "its licences",
  agreement_line: "agreement line",
  service: "service in the PSA",
};

/** Where a cost comes from, in few words: it stands in every row. */
export function costBasis(basis: string | null): string {
  return basis === null ? "" : (bases[basis] ?? words(basis));
}
