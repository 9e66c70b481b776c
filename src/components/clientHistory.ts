import {html} from "htl";
import type {ClientChange, ClientData} from "../lib/clientData.js";
import {groupByCurrency} from "../lib/currencyOrder.js";
import {siteRoot} from "../lib/data.js";
import {isZero, month, words} from "../lib/format.js";
import {type MonthTotals, ordinal} from "../lib/history.js";
import {knownSums} from "../lib/knownSum.js";
import {amount} from "./amount.js";
import {monthsTable} from "./monthsTable.js";

/** A client month by month, and what became of its discrepancies since the last closed month. Nothing without closed months. */
export function clientHistory({client_id, currencies: present, months, changes}: ClientData): Node {
  if (months.length === 0) return document.createTextNode("");
  const currencies = [...groupByCurrency(months).keys()];
  const current = currencies.find((one) => present.some(({currency}) => currency === one)) ?? currencies[0] ?? "";
  return html`<section aria-labelledby="client-history">
    <div class="section-head"><h2 id="client-history">History</h2><a href=${`${siteRoot()}/history?${new URLSearchParams({client: client_id, currency: current})}`}>What changed from month to month</a></div>
    ${currencies.flatMap((currency) => [
      currencies.length > 1 ? html`<h3>${currency}</h3>` : "",
      monthsTable(
        currencies.length > 1 ? `History in ${currency}` : "History",
        months.filter((row) => row.currency === currency).map(totalsOf),
        currency,
      ),
    ])}
    ${changes.length === 0 ? "" : html`<h3>Since the last closed month</h3><ul class="plain">${changes.map(item)}</ul>`}
  </section>`;
}

function totalsOf(row: ClientData["months"][number]): MonthTotals {
  const {coverage_amount: coverage} = row;
  const count = Number(row.discrepancy_count);
  const isUnknown = count === 0 && coverage !== null && isZero(coverage);
  const {under, over, net} = knownSums(
    {under: row.underbilled_monthly, over: row.overbilled_monthly, net: row.net_monthly},
    {under: row.unpriced_under !== "0", over: row.unpriced_over !== "0"},
  );
  return {
    period: row.period,
    isClosed: row.is_closed === "true",
    count,
    coverage,
    underbilled: isUnknown ? null : under,
    overbilled: isUnknown ? null : over,
    net: isUnknown ? null : net,
  };
}

function item(change: ClientChange): HTMLElement {
  const {label, currency, change_kind, evidence, months_open, first_period, previous_impact_monthly, impact_monthly} =
    change;
  const isGone = change_kind === "resolved" || change_kind === "not_compared";
  const age = isGone || months_open === "1" ? "" : `, ${ordinal(months_open)} month, since ${month(first_period)}`;
  return html`<li><strong><bdi>${label}</bdi></strong>: ${words(change_kind).toLowerCase()}${age}, ${
    isGone ? html`was ${amount(previous_impact_monthly, currency)}` : amount(impact_monthly, currency)
  }<small>${evidence}</small></li>`;
}
