import {html} from "htl";
import {words} from "../lib/format.js";

let tips = 0;

/** A word with an explanation that shows on hover, on focus and on touch. */
export function tip(label: string, explanation: string, className = ""): HTMLElement {
  tips += 1;
  const id = `tip-${tips}`;
  return html`<span class="tip"><button type="button" class=${`mark ${className}`} aria-describedby=${id}>${label}</button><span role="tooltip" id=${id}>${explanation}</span></span>`;
}

const rateMeanings: Readonly<Record<string, string>> = {
  invoice_line: "Hard value: the price on this period's invoice lines.",
  agreement_line: "Hard value: the price on the live agreement lines.",
  last_invoiced: "Estimate: no price on the live lines, so what the client last paid.",
  price_book: "Estimate: no price on the live lines, so the price book's.",
  list_price: "Estimate: no price on the live lines, so the service's list price.",
  peer_median: "Estimate: no price of its own, so the median of what other clients pay.",
  product_list_price: "Estimate: the vendor's list price of the product.",
  none: "There is no price anywhere: the quantity is known, the money is not.",
};

/** Says whether a rate is a hard value of the PSA or an estimate, and why. */
export function rateMark(basis: string): HTMLElement {
  const isHard = basis === "invoice_line" || basis === "agreement_line";
  const label = basis === "none" ? "no price" : isHard ? "hard value" : "estimate";
  return tip(label, rateMeanings[basis] ?? basis, isHard ? "hard" : "estimate");
}

const typeMeanings: Readonly<Record<string, string>> = {
  calculated: "Both sides are current and the price is a hard value.",
  estimated: "The count is stale or partial, or the price is an estimate.",
  unmapped: "Used, with a rule, but not billed at all.",
  unaccounted: "Used, but no rule says as which service it is billed.",
};

const statusMeanings: Readonly<Record<string, string>> = {
  reconciled: "Billed exactly as used.",
  no_data: "Billed, but the count is unknown: not compared.",
  not_reconciled: "Billed, but no rule counts it: not compared.",
};

/** The type of a discrepancy, or the status of a row that is none. */
export function typeMark(status: string, type: string | null): HTMLElement {
  if (type !== null) return tip(words(type), typeMeanings[type] ?? "", `type-${type}`);
  return tip(words(status), statusMeanings[status] ?? "", `status-${status}`);
}

const shapes: Readonly<Record<string, string>> = {
  green: "●",
  yellow: "▲",
  red: "■",
};

/** Health by colour, shape and word. */
export function healthMark(health: string): HTMLElement {
  return html`<span class=${`health health-${health}`}><span aria-hidden="true">${shapes[health] ?? ""}</span> ${words(health)}</span>`;
}
