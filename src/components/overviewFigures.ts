import {html} from "htl";
import {discrepancyTypes} from "../lib/billing.js";
import {isCompared, type SummaryRow} from "../lib/figures.js";
import {count, isZero, negated, percent, quantity} from "../lib/format.js";
import {knownSums} from "../lib/knownSum.js";
import {pageAddress} from "../lib/pageAddress.js";
import {amount} from "./amount.js";
import {figures} from "./figures.js";
import {tip} from "./tip.js";

export interface Summary extends Omit<SummaryRow, "as_of" | "absolute_monthly"> {
  /** How many discrepancies have no price, by what their quantity says. */
  readonly unpriced_under: string;
  readonly unpriced_over: string;
}

/** The figures of the workspace in one currency, each with the way to what makes it up. */
export function overviewFigures(row: Summary, openCount: string, inCurrency: Record<string, string>): HTMLElement {
  const sum = (value: string | null): HTMLElement =>
    isCompared(row) ? amount(value, row.currency) : amount(null, null, "unknown");
  const {under, over, net} = knownSums(
    {under: row.underbilled_monthly, over: negated(row.overbilled_monthly), net: row.net_monthly},
    {under: row.unpriced_under !== "0", over: row.unpriced_over !== "0"},
  );
  const byClient = (figure: string, query: Record<string, string>, isNone: boolean): {explain?: Node} =>
    isNone
      ? {}
      : {
          explain: html`<a href=${pageAddress("billing", {...query, ...inCurrency})} aria-label=${`${figure} by client`}>by client</a>`,
        };
  return figures([
    {
      label: tip({
        label: "Underbilled per month",
        explanation: "More is used than is billed: revenue to recover. Every discrepancy brought to a month.",
        guide: "difference-and-impact",
      }),
      value: sum(under),
      note: "revenue to recover",
      ...byClient("Underbilled", {direction: "under"}, under !== null && isZero(under)),
      tone: "under",
    },
    {
      label: tip({
        label: "Overbilled per month",
        explanation: "More is billed than is used: credit risk. Never set off against what is underbilled.",
        guide: "difference-and-impact",
      }),
      value: sum(over),
      note: "credit risk",
      ...byClient("Overbilled", {direction: "over"}, over !== null && isZero(over)),
      tone: "over",
    },
    {
      label: "Net per month",
      value: sum(net),
      note: "underbilled less overbilled",
    },
    {
      label: "Clients with discrepancies",
      value: html`<span>${count(row.clients_discrepant)} <span class="of">of ${count(row.clients_total)}</span></span>`,
      note: shares(row),
      ...byClient("Discrepancies", {type: discrepancyTypes.join(",")}, row.clients_discrepant === "0"),
    },
    {
      label: tip({
        label: "Coverage",
        explanation:
          "The share of what is billed that could be compared with use at all. The rest is neither clean nor wrong: unknown.",
        guide: "coverage",
      }),
      value: percent(row.coverage_amount),
      note:
        row.coverage_lines === null
          ? "nothing is billed"
          : `of billed money, ${percent(row.coverage_lines)} of billed lines`,
      ...byClient("Coverage", {sort: "coverage"}, row.coverage_lines === null),
    },
    {
      label: "Discrepancies",
      value: quantity(row.discrepancy_count),
      note:
        row.discrepancy_count === "0"
          ? isCompared(row)
            ? "none in what was compared"
            : "nothing was compared"
          : row.unpriced_count === "0"
            ? "all with a price"
            : `${count(row.unpriced_count)} without a price: ${row.unpriced_count === "1" ? "its" : "their"} money is unknown`,
      ...(row.discrepancy_count === "0" ? {} : {explain: decisions(row.discrepancy_count, openCount, inCurrency)}),
    },
  ]);
}

/** How many of the discrepancies the work list still has open: decided ones are counted until a bill shows the decision. */
function decisions(all: string, open: string, inCurrency: Record<string, string>): HTMLElement {
  const decided = Number(all) - Number(open);
  return html`<span>${open === "0" ? "" : html`<a href=${pageAddress("work", inCurrency)}>${count(open)} open</a>`}${
    decided === 0
      ? ""
      : html`${open === "0" ? "" : ", "}<a href=${pageAddress("work", {list: "decided", ...inCurrency})}>${count(decided)} decided</a>`
  }</span>`;
}

function shares(row: Summary): HTMLElement {
  const parts = [
    {label: "with discrepancies", count: row.clients_discrepant, className: "discrepant"},
    {label: "reconciled", count: row.clients_reconciled, className: "clean"},
    {label: "not compared", count: row.clients_uncompared, className: "unknown"},
  ];
  return html`<span class="shares">
    <span class="bar" aria-hidden="true">${parts.map(({count, className}) => html`<span class=${className} style=${{flexGrow: count}}></span>`)}</span>
    ${count(row.clients_reconciled)} reconciled, <span class="whole">${count(row.clients_uncompared)} not compared</span>
  </span>`;
}
