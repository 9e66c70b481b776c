import {html} from "htl";
import {centsIfKnown, sumAmounts} from "../lib/cents.js";
import {fields, lastDay} from "../lib/csv.js";
import {dayBefore} from "../lib/format.js";
import {matches, mentions, optionsOf} from "../lib/matches.js";
import type {UrlState} from "../lib/urlState.js";
import {clientColumn} from "./clientColumn.js";
import type {TableColumn} from "./dataTable.js";
import {listing} from "./listing.js";
import {known} from "./marginMarks.js";
import {numberOrUnknown} from "./marks.js";

/** A licence of which more is purchased than is assigned or billed. */
export interface UnusedLicence {
  readonly client_id: string;
  readonly slug: string;
  readonly client_name: string;
  readonly connection_id: string;
  readonly product_id: string;
  readonly product_name: string;
  readonly supplier_ids: string | null;
  readonly service_names: string | null;
  readonly currency: string;
  readonly purchased_quantity: string;
  readonly used_quantity: string | null;
  readonly billed_quantity: string | null;
  readonly unassigned_quantity: string | null;
  readonly unbilled_quantity: string | null;
  readonly unit_cost: string | null;
  readonly cost_basis: string | null;
  readonly unassigned_monthly: string | null;
  readonly unbilled_monthly: string | null;
  readonly commitment_end: string | null;
  readonly is_committed: string;
}

const commitments = [
  {value: "committed", label: "Committed"},
  {value: "free", label: "Can be reduced now"},
  {value: "unknown", label: "Unknown"},
];

/** Whether the quantity can be reduced: `committed` until a day to come, `free`, or `unknown` because nobody says. */
function commitmentOf({commitment_end, is_committed}: UnusedLicence): string {
  if (is_committed === "true") return "committed";
  return commitment_end === null ? "unknown" : "free";
}

/** What is paid for and assigned to nobody, or billed to nobody, with the day before which nothing can be saved. */
export function unusedLicences(licences: readonly UnusedLicence[], currency: string, state: UrlState): HTMLElement {
  const rows = licences.map((licence) => ({...licence, commitment: commitmentOf(licence)}));
  type Row = (typeof rows)[number];
  const units = (key: keyof Row & `${string}_quantity`, label: string): TableColumn<Row> => ({
    key,
    label,
    isNumber: true,
    render: (row) => numberOrUnknown(row[key]),
    sortValue: (row) => (row[key] === null ? null : Number(row[key])),
  });
  const cost = (
    key: "unassigned_monthly" | "unbilled_monthly",
    of: "unassigned_quantity" | "unbilled_quantity",
    label: string,
    shown: readonly Row[],
  ): TableColumn<Row> => ({
    key,
    label,
    isNumber: true,
    render: (row) => (row[of] === null ? "—" : known(row[key], currency, "cost unknown")),
    sortValue: (row) => centsIfKnown(row[key]),
    foot: known(sumAmounts(shown.map((row) => row[key])), currency, "—"),
  });
  const table = listing<Row>({
    caption: `Unused licences, ${currency} per month`,
    noun: "licence",
    filters: [
      {kind: "search", name: "search", label: "Search client, product, service"},
      {kind: "several", name: "integration", label: "Integration", options: optionsOf(rows, "connection_id")},
      {kind: "several", name: "commitment", label: "Commitment", options: commitments},
    ],
    select: () =>
      rows.filter(
        (row) =>
          matches(row, state, {integration: "connection_id", commitment: "commitment"}) &&
          mentions(state.get("search"), row.client_name, row.client_id, row.product_name, row.service_names),
      ),
    total: rows.length,
    columns: (shown) => [
      clientColumn({foot: "Total"}),
      {
        key: "product",
        label: "Product",
        isLong: true,
        render: (row) =>
          html`<span><bdi>${row.product_name}</bdi><small>${row.connection_id}${row.supplier_ids === null ? "" : `, bought from ${row.supplier_ids.replaceAll(";", ", ")}`}</small></span>`,
        sortValue: (row) => row.product_name,
      },
      units("purchased_quantity", "Purchased"),
      units("used_quantity", "Assigned"),
      units("billed_quantity", "Billed"),
      units("unassigned_quantity", "Unassigned"),
      cost("unassigned_monthly", "unassigned_quantity", "Cost of unassigned", shown),
      units("unbilled_quantity", "Unbilled"),
      cost("unbilled_monthly", "unbilled_quantity", "Cost of unbilled", shown),
      {
        key: "commitment",
        label: "Commitment",
        render: (row) =>
          row.commitment === "committed"
            ? html`<span>until ${dayBefore(row.commitment_end)}</span>`
            : row.commitment === "free"
              ? html`<span>ended ${dayBefore(row.commitment_end)}</span>`
              : html`<span class="quiet">unknown</span>`,
        sortValue: (row) => row.commitment_end,
      },
    ],
    csv: [
      ...fields<Row>(
        "client_id",
        "client_name",
        "connection_id",
        "product_id",
        "product_name",
        "supplier_ids",
        "service_names",
        "currency",
        "purchased_quantity",
        "used_quantity",
        "billed_quantity",
        "unassigned_quantity",
        "unassigned_monthly",
        "unbilled_quantity",
        "unbilled_monthly",
        "unit_cost",
        "cost_basis",
        "commitment",
      ),
      lastDay<Row>("commitment_end"),
    ],
    file: `unused-licences-${currency}`,
    sort: "-unassigned_monthly",
    empty: "No licence is known to be unused. Only integrations that report purchased quantities can show it.",
    state,
  });
  return html`<div>
    <p class="lead">Purchased but assigned to no user, and purchased but not billed to any client. The two overlap and are never added. Nothing is saved before a commitment ends; where that is unknown, ask the vendor before you promise anything.</p>
    ${table}
  </div>`;
}
