import {html} from "htl";
import {centsIfKnown, sumAmounts} from "../lib/cents.js";
import {fields, monthly} from "../lib/csv.js";
import {count, plural, quantity} from "../lib/format.js";
import {matches, mentions, optionsOf} from "../lib/matches.js";
import type {UrlState} from "../lib/urlState.js";
import {listing} from "./listing.js";
import {known, ofRevenue, shareOf} from "./marginMarks.js";

/** Margin of a product over all clients. */
export interface MarginProduct {
  readonly connection_id: string;
  readonly product_id: string;
  readonly product_name: string;
  readonly currency: string;
  readonly client_count: string;
  readonly quantity: string;
  readonly costed_revenue: string | null;
  readonly cost: string | null;
  readonly margin: string | null;
  readonly uncosted_count: string;
  readonly unpriced_count: string;
}

/** A row a product of a vendor. */
export function marginByProduct(products: readonly MarginProduct[], currency: string, state: UrlState): HTMLElement {
  const total = (rows: readonly MarginProduct[], key: "cost" | "margin" | "costed_revenue"): string | null =>
    sumAmounts(rows.map((row) => row[key]));
  const table = listing<MarginProduct>({
    caption: `Margin by product, ${currency} per month`,
    noun: "product",
    filters: [
      {kind: "search", name: "search", label: "Search products"},
      {kind: "several", name: "integration", label: "Integration", options: optionsOf(products, "connection_id")},
      {kind: "toggle", name: "unknown", label: "Only with an unknown cost"},
    ],
    select: () =>
      products.filter(
        (product) =>
          mentions(state.get("search"), product.product_name, product.product_id) &&
          matches(product, state, {integration: "connection_id"}) &&
          (state.get("unknown") === "" || product.uncosted_count !== "0"),
      ),
    total: products.length,
    columns: (rows) => [
      {
        key: "product",
        label: "Product",
        isLong: true,
        render: (row) => html`<span><bdi>${row.product_name}</bdi><small>${row.connection_id}</small></span>`,
        sortValue: (row) => row.product_name,
        foot: "Total",
      },
      {
        key: "clients",
        label: "Clients",
        isNumber: true,
        render: (row) => count(row.client_count),
        sortValue: (row) => Number(row.client_count),
      },
      {
        key: "quantity",
        label: "Units that cost",
        isNumber: true,
        render: (row) => quantity(row.quantity),
        sortValue: (row) => Number(row.quantity),
      },
      {
        key: "revenue",
        label: "Revenue",
        isNumber: true,
        render: (row) => known(row.costed_revenue, currency),
        sortValue: (row) => centsIfKnown(row.costed_revenue),
        foot: known(total(rows, "costed_revenue"), currency),
      },
      {
        key: "cost",
        label: "Cost",
        isNumber: true,
        render: (row) =>
          known(row.cost, currency, row.uncosted_count === row.client_count ? "cost unknown" : "unknown"),
        sortValue: (row) => centsIfKnown(row.cost),
        foot: known(total(rows, "cost"), currency),
      },
      {
        key: "margin",
        label: "Margin",
        isNumber: true,
        render: (row) => known(row.margin, currency),
        sortValue: (row) => centsIfKnown(row.margin),
        foot: known(total(rows, "margin"), currency),
      },
      {
        key: "share",
        label: "Margin\u00a0%",
        isNumber: true,
        render: (row) => ofRevenue(row.margin, row.costed_revenue),
        sortValue: (row) => shareOf(row.margin, row.costed_revenue),
        foot: ofRevenue(total(rows, "margin"), total(rows, "costed_revenue")),
      },
      {
        key: "open",
        label: "Left out",
        isLong: true,
        render: leftOut,
        sortValue: (row) => Number(row.uncosted_count) + Number(row.unpriced_count),
      },
    ],
    csv: [
      ...fields<MarginProduct>("connection_id", "product_id", "product_name", "currency", "client_count", "quantity"),
      ...monthly<MarginProduct>("costed_revenue", "cost", "margin"),
      ...fields<MarginProduct>("uncosted_count", "unpriced_count"),
    ],
    file: `margin-by-product-${currency}`,
    sort: "-margin",
    empty: `No product is paid for in ${currency}: licences are paid in the workspace’s currency.`,
    state,
  });
  return html`<div>
    <p class="lead">What a service bills is shared among the products behind it in proportion to their cost. A product that one service alone stands for takes the service’s cost in the PSA where its vendor names none.</p>
    ${table}
  </div>`;
}

function leftOut({uncosted_count, unpriced_count}: MarginProduct): string {
  const parts = [
    uncosted_count === "0" ? null : `cost unknown for ${plural(uncosted_count, "client")}`,
    unpriced_count === "0" ? null : `revenue unknown for ${plural(unpriced_count, "client")}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "—" : parts.join(", ");
}
