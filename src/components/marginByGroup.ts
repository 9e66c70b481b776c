import {html} from "htl";
import {serviceKey} from "../lib/billing.js";
import {centsIfKnown, sumAmounts, toCents} from "../lib/cents.js";
import {fields, monthly} from "../lib/csv.js";
import {count} from "../lib/format.js";
import {mentions} from "../lib/matches.js";
import type {UrlState} from "../lib/urlState.js";
import type {TableColumn} from "./dataTable.js";
import {listing} from "./listing.js";
import {known, ofRevenue, shareOf} from "./marginMarks.js";

/** Margin of a client or a service in one currency. */
export interface MarginGroup {
  readonly currency: string;
  readonly id: string;
  readonly label: string;
  readonly revenue: string | null;
  readonly costed_revenue: string | null;
  readonly cost: string | null;
  readonly margin: string | null;
  readonly uncosted_revenue: string;
  readonly below_cost_count: string;
}

/** A row a client, or a row a service: what is billed, what it costs, what is left, and what is not known of it. */
export function marginByGroup(
  kind: "client" | "service",
  groups: readonly MarginGroup[],
  currency: string,
  state: UrlState,
): HTMLElement {
  return listing<MarginGroup>({
    caption: `Margin by ${kind}, ${currency} per month`,
    noun: kind,
    filters: [
      {kind: "search", name: "search", label: `Search ${kind}s`},
      {kind: "toggle", name: "below", label: "Only with something below cost"},
      {kind: "toggle", name: "unknown", label: "Only with an unknown cost"},
    ],
    select: () =>
      groups.filter(
        (group) =>
          mentions(state.get("search"), group.label, group.id) &&
          (state.get("below") === "" || group.below_cost_count !== "0") &&
          (state.get("unknown") === "" || toCents(group.uncosted_revenue) !== 0),
      ),
    total: groups.length,
    columns: (rows) => columns(kind, rows, currency),
    csv: [
      {label: `${kind}_id`, value: ({id}) => id},
      {label: `${kind}_name`, value: ({label}) => label},
      ...fields<MarginGroup>("currency"),
      ...monthly<MarginGroup>("revenue", "costed_revenue", "cost", "margin", "uncosted_revenue"),
      ...fields<MarginGroup>("below_cost_count"),
    ],
    file: `margin-by-${kind}-${currency}`,
    sort: "-margin",
    empty: `Nothing is billed in ${currency}.`,
    state,
  });
}

function columns(
  kind: "client" | "service",
  rows: readonly MarginGroup[],
  currency: string,
): TableColumn<MarginGroup>[] {
  type Amount = "revenue" | "costed_revenue" | "cost" | "margin" | "uncosted_revenue";
  const total = (key: Amount): string | null => sumAmounts(rows.map((row) => row[key]));
  const money = (key: "revenue" | "cost" | "margin", label: string, unknown: string): TableColumn<MarginGroup> => ({
    key,
    label,
    isNumber: true,
    comesFirst: key === "margin",
    render: (row) => known(row[key], currency, unknown),
    sortValue: (row) => centsIfKnown(row[key]),
    foot: known(total(key), currency, unknown),
  });
  const keyOf = ({id}: MarginGroup): string => (kind === "client" ? id : serviceKey({service_id: id, product: null}));
  const detail = (row: MarginGroup, also = ""): string =>
    `./margin?section=detail&${kind}=${encodeURIComponent(keyOf(row))}&currency=${encodeURIComponent(currency)}${also}`;
  return [
    {
      key: "name",
      label: kind === "client" ? "Client" : "Service",
      isLong: true,
      render: (row) => html`<a href=${detail(row)}><bdi>${row.label}</bdi></a>`,
      sortValue: (row) => row.label,
      foot: "Total",
    },
    money("revenue", "Billed", "unknown"),
    money("cost", "Known cost", "unknown"),
    money("margin", "Margin", "unknown"),
    {
      key: "share",
      label: "Margin\u00a0%",
      isNumber: true,
      comesFirst: true,
      render: (row) => ofRevenue(row.margin, row.costed_revenue),
      sortValue: (row) => shareOf(row.margin, row.costed_revenue),
      foot: ofRevenue(total("margin"), total("costed_revenue")),
    },
    {
      key: "unknown",
      label: "Billed at unknown cost",
      isNumber: true,
      render: (row) =>
        toCents(row.uncosted_revenue) === 0
          ? html`<span class="zero">${known(row.uncosted_revenue, currency)}</span>`
          : html`<a href=${detail(row, "&state=cost_unknown")}>${known(row.uncosted_revenue, currency)}</a>`,
      sortValue: (row) => toCents(row.uncosted_revenue),
      foot: known(total("uncosted_revenue"), currency),
    },
    {
      key: "below",
      label: "Below cost",
      isNumber: true,
      render: (row) =>
        row.below_cost_count === "0"
          ? html`<span class="zero">0</span>`
          : html`<a href=${detail(row, "&state=below_cost")} aria-label=${`${count(row.below_cost_count)} below cost of ${row.label}`}>${count(row.below_cost_count)}</a>`,
      sortValue: (row) => Number(row.below_cost_count),
      foot: count(rows.reduce((sum, row) => sum + Number(row.below_cost_count), 0)),
    },
  ];
}
