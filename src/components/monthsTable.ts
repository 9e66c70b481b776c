import {html} from "htl";
import {count, month, negated, percent} from "../lib/format.js";
import {type MonthTotals, withGaps} from "../lib/history.js";
import {amount} from "./amount.js";
import {scrollingTable} from "./scrollingTable.js";

/** The months as a table: underbilled, overbilled, net beside them, and how much of the billing was compared. */
export function monthsTable(caption: string, months: readonly MonthTotals[], currency: string): HTMLElement {
  return scrollingTable(
    caption,
    html.fragment`<thead><tr><th scope="col">Month</th>${[
      "Underbilled",
      "Overbilled",
      "Net",
      "Coverage",
      "Discrepancies",
    ].map((label) => html`<th scope="col" class="number">${label}</th>`)}</tr></thead>
    <tbody>${withGaps(months)
      .reverse()
      .map(({period, month: totals}) =>
        totals === null
          ? html`<tr><th scope="row">${month(period)}</th><td class="number quiet">no figures</td><td colspan="4"></td></tr>`
          : row(totals, currency),
      )}</tbody>`,
    `${caption}, as a table`,
  );
}

function row(
  {period, isClosed, underbilled, overbilled, net, coverage, count: discrepancies}: MonthTotals,
  currency: string,
): HTMLElement {
  return html`<tr>
    <th scope="row">${month(period)}${isClosed ? "" : html` <small>still open</small>`}</th>
    <td class="number">${amount(underbilled, currency, "unknown")}</td>
    <td class="number">${amount(overbilled === null ? null : negated(overbilled), currency, "unknown")}</td>
    <td class="number">${amount(net, currency, "unknown")}</td>
    <td class="number">${percent(coverage)}</td>
    <td class="number">${count(discrepancies)}</td>
  </tr>`;
}
