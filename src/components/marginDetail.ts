import {html} from "htl";
import {serviceKey} from "../lib/billing.js";
import {centsIfKnown, sumAmounts} from "../lib/cents.js";
import {fields} from "../lib/csv.js";
import {quantity} from "../lib/format.js";
import {matches, mentions} from "../lib/matches.js";
import type {UrlState} from "../lib/urlState.js";
import {clientChip} from "./clientChip.js";
import {clientColumn} from "./clientColumn.js";
import {listing} from "./listing.js";
import {costBasis, known, marginMark, marginStates, ofRevenue} from "./marginMarks.js";

/** A row of the mart `margin`. */
export interface MarginRow {
  readonly client_id: string;
  readonly slug: string;
  readonly client_name: string;
  readonly service_id: string | null;
  readonly service_name: string | null;
  readonly connection_id: string | null;
  readonly product_id: string | null;
  readonly product_name: string | null;
  readonly currency: string;
  readonly invoiced_quantity: string;
  readonly used_quantity: string | null;
  readonly revenue_monthly: string | null;
  readonly cost_monthly: string | null;
  readonly cost_basis: string | null;
  readonly margin_monthly: string | null;
  readonly margin_share: string | null;
  readonly margin_state: string;
  readonly costed_products: string | null;
  readonly uncosted_products: string | null;
}

/** Each service of each client, and the licences that no service bears. */
export function marginDetail(rows: readonly MarginRow[], currency: string, state: UrlState): HTMLElement {
  const keyOf = ({service_id, product_id}: MarginRow): string => serviceKey({service_id, product: product_id});
  const services = new Map(rows.map((row) => [keyOf(row), row.service_name ?? "Lines without a service"]));
  const total = (shown: readonly MarginRow[], key: "revenue_monthly" | "cost_monthly" | "margin_monthly") =>
    known(sumAmounts(shown.map((row) => row[key])), currency);
  const table = listing<MarginRow>({
    caption: `Margin of each service of each client, ${currency} per month`,
    noun: "row",
    filters: [
      clientChip(rows),
      {kind: "chip", name: "service", label: (key) => `Service: ${services.get(key) ?? key}`},
      {kind: "search", name: "search", label: "Search client, service, product"},
      {kind: "several", name: "state", label: "Margin", options: marginStates},
    ],
    select: () =>
      rows.filter(
        (row) =>
          (state.get("client") === "" || row.client_id === state.get("client")) &&
          (state.get("service") === "" || keyOf(row) === state.get("service")) &&
          matches(row, state, {state: "margin_state"}) &&
          mentions(
            state.get("search"),
            row.client_name,
            row.client_id,
            row.service_name,
            row.product_name,
            row.costed_products,
            row.uncosted_products,
          ),
      ),
    total: rows.length,
    columns: (shown) => [
      clientColumn({foot: "Total"}),
      {
        key: "service",
        label: "Service",
        isLong: true,
        render: what,
        sortValue: (row) => row.service_name ?? row.product_name,
      },
      {
        key: "billed",
        label: "Billed units",
        isNumber: true,
        render: (row) => quantity(row.invoiced_quantity),
        sortValue: (row) => Number(row.invoiced_quantity),
      },
      {
        key: "used",
        label: "Used units",
        isNumber: true,
        render: (row) =>
          row.used_quantity === null ? html`<span class="quiet">not counted</span>` : quantity(row.used_quantity),
        sortValue: (row) => (row.used_quantity === null ? null : Number(row.used_quantity)),
      },
      {
        key: "revenue",
        label: "Billed",
        isNumber: true,
        render: (row) => known(row.revenue_monthly, currency, "no price"),
        sortValue: (row) => centsIfKnown(row.revenue_monthly),
        foot: total(shown, "revenue_monthly"),
      },
      {
        key: "cost",
        label: "Cost",
        isNumber: true,
        render: (row) => known(row.cost_monthly, currency),
        sortValue: (row) => centsIfKnown(row.cost_monthly),
        foot: total(shown, "cost_monthly"),
      },
      {
        key: "margin",
        label: "Margin",
        isNumber: true,
        render: (row) => known(row.margin_monthly, currency),
        sortValue: (row) => centsIfKnown(row.margin_monthly),
        foot: total(shown, "margin_monthly"),
      },
      {
        key: "share",
        label: "Margin\u00a0%",
        isNumber: true,
        render: (row) => ofRevenue(row.margin_monthly, row.revenue_monthly),
        sortValue: (row) => (row.margin_share === null ? null : Number(row.margin_share)),
      },
      {
        key: "state",
        label: "State",
        render: (row) => marginMark(row.margin_state),
        sortValue: (row) => row.margin_state,
      },
      {
        key: "basis",
        label: "Where the cost comes from",
        isLong: true,
        render: basis,
        sortValue: (row) => row.cost_basis,
      },
    ],
    csv: fields<MarginRow>(
      "client_id",
      "client_name",
      "service_id",
      "service_name",
      "connection_id",
      "product_id",
      "product_name",
      "currency",
      "invoiced_quantity",
      "used_quantity",
      "revenue_monthly",
      "cost_monthly",
      "cost_basis",
      "margin_monthly",
      "margin_state",
      "costed_products",
      "uncosted_products",
    ),
    file: `margin-in-detail-${currency}`,
    sort: "margin",
    empty: `Nothing is billed in ${currency}.`,
    state,
  });
  return html`<div>
    <p class="lead">A row whose revenue or cost is not known has no margin, and is no part of the total of margins.</p>
    ${table}
  </div>`;
}

function what(row: MarginRow): HTMLElement {
  if (row.product_id !== null) {
    return html`<span><bdi>${row.product_name}</bdi><small>no service bears it, ${row.connection_id}</small></span>`;
  }
  return html`<bdi>${row.service_name ?? "Lines without a service"}</bdi>`;
}

function basis(row: MarginRow): Node | string {
  if (row.cost_basis === null) {
    return row.uncosted_products === null
      ? html`<span class="quiet">cost unknown</span>`
      : html`<span class="quiet">cost unknown for <bdi>${row.uncosted_products}</bdi></span>`;
  }
  const products = row.product_id === null ? row.costed_products : null;
  return html`<span>${costBasis(row.cost_basis)}${products === null ? "" : html`<small><bdi>${products}</bdi></small>`}</span>`;
}
