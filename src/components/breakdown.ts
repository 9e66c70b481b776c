import {html} from "htl";
import type {ClientData, ServiceRow} from "../lib/clientData.js";
import {isComparedRow} from "../lib/figures.js";
import {daysInWords, period, quantity, rate, signedQuantity, words} from "../lib/format.js";
import {sidesByCurrency} from "../lib/sidesByCurrency.js";
import {amount, amounts} from "./amount.js";
import {derivation} from "./derivation.js";
import {fixLink} from "./fixLink.js";
import {linePortion} from "./inPortions.js";
import {causeMark, integrationNames, rateMark, typeMark} from "./marks.js";

export interface BreakdownOptions {
  readonly caption: string;
  readonly rows: readonly ServiceRow[];
  readonly empty: string;
  readonly data: ClientData;
}

const heads = [
  {label: "Service", isNumber: false},
  {label: "System count", isNumber: true},
  {label: "Expected", isNumber: true},
  {label: "Invoiced", isNumber: true},
  {label: "Difference", isNumber: true},
  {label: "Unit rate", isNumber: true},
  {label: "Impact per cycle", isNumber: true},
  {label: "Impact per month", isNumber: true},
  {label: "Finding", isNumber: false},
];

/**
 * A row a billing service, with how its figures came about below it. Roles are written out because narrow screens show the
 * rows as cards, and a table that is not laid out as one is none to a screen reader.
 */
export function breakdown({caption, rows, empty, data}: BreakdownOptions): HTMLElement {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const isLate = rows.length > linePortion;
  return html`<div class="table-scroll" role="region" aria-label=${`${caption}, as a table`} tabindex="0"><table class="breakdown" role="table">
    <caption class="visually-hidden">${caption}</caption>
    <thead role="rowgroup"><tr role="row">${heads.map(
      ({label, isNumber}) => html`<th scope="col" role="columnheader" class=${isNumber ? "number" : ""}>${label}</th>`,
    )}</tr></thead>
    ${rows.map((row) => service(row, data, isLate))}
    ${totals(rows)}
  </table></div>`;
}

function service(row: ServiceRow, data: ClientData, isLate: boolean): HTMLElement {
  const isCompared = isComparedRow(row);
  const unknown = html`<span class="quiet">—</span>`;
  const cells = [
    html`<span>${countOf(row)}</span>`,
    row.expected_quantity === null ? unknown.cloneNode(true) : quantity(row.expected_quantity),
    html`<span>${quantity(row.invoiced_quantity)}<small>${basis(row)}</small></span>`,
    isCompared ? signedQuantity(row.delta_quantity) : unknown.cloneNode(true),
    html`<span class="rate">${rate(row.unit_rate, row.currency)} ${rateMark(row.rate_basis)}</span>`,
    isCompared
      ? html`<span>${amount(row.impact_amount, row.currency)}<small>${cycle(row.billing_cycle)}</small></span>`
      : unknown.cloneNode(true),
    isCompared ? amount(row.impact_monthly, row.currency) : unknown.cloneNode(true),
  ];
  return html`<tbody role="rowgroup" class=${`service status-${row.status}`}>
    <tr role="row">
      <th scope="row" role="rowheader"><bdi>${row.service_name ?? row.product_name ?? row.product_id ?? "Lines without a service"}</bdi><small>${integrationNames(row.connection_ids)}</small></th>
      ${cells.map((cell, index) => html`<td role="cell" class="number" data-label=${heads[index + 1]?.label}>${cell}</td>`)}
      <td role="cell" class="finding" data-label="Finding">${typeMark(row.status, row.discrepancy_type)}${
        row.likely_cause === null
          ? ""
          : html` ${causeMark(row.likely_cause)}<small>${daysInWords(row.cause_evidence ?? "")}</small>${fixLink(row, data.client_id)}`
      }</td>
    </tr>
    <tr role="row" class="derivation-row"><td role="cell" colspan=${heads.length}>${derivation(row, data, isLate)}</td></tr>
  </tbody>`;
}

const states: Readonly<Record<string, string>> = {
  stale: "stale data",
  partial: "partial data",
  known_zero: "known to be none",
};

function countOf({status, system_count, count_state}: ServiceRow): Node {
  if (system_count === null) {
    return html`<span class="quiet">${status === "not_reconciled" ? "not counted" : "unknown"}</span>`;
  }
  const note = states[count_state ?? ""];
  return html`<span>${quantity(system_count)}${note === undefined ? "" : html`<small>${note}</small>`}</span>`;
}

function basis({billed_basis, period_start, period_end}: ServiceRow): Node | string {
  if (billed_basis === null) return "not billed";
  const by = billed_basis === "mixed" ? "invoices and agreements" : billed_basis;
  return period_start === null
    ? `by ${by}`
    : html`<span>by ${by}, <span class="whole">${period(period_start, period_end)}</span></span>`;
}

function cycle(billingCycle: string | null): string {
  return billingCycle === "mixed" ? "mixed cycles, per month" : words(billingCycle).toLowerCase();
}

function totals(rows: readonly ServiceRow[]): HTMLElement {
  const found = rows.filter(({status, impact_monthly}) => status === "discrepancy" && impact_monthly !== null);
  if (found.length === 0) return html`<tfoot></tfoot>`;
  return html`<tfoot role="rowgroup"><tr role="row">
    <th scope="row" role="rowheader" colspan="7">Total per month, under- and overbilled apart</th>
    <td role="cell" class="number">${amounts(sidesByCurrency(found))}</td>
    <td role="cell"></td>
  </tr></tfoot>`;
}
