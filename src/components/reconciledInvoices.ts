import {html} from "htl";
import {
  type BillingClient,
  type BillingConnection,
  type BillingFilter,
  type BillingRow,
  billingFilter,
  type ComparedRow,
  discrepancyTypes,
  type FlagCount,
  isCompared,
  looksAtRows,
  looksAtServices,
  type SeatCount,
  serviceKey,
  type Totals,
  totalsByCurrency,
} from "../lib/billing.js";
import {fromCents, toCents} from "../lib/cents.js";
import {type CsvColumn, lastDayOf} from "../lib/csv.js";
import {count, day, money, percent, period, plural, words} from "../lib/format.js";
import {optionsOf} from "../lib/matches.js";
import {pageAddress} from "../lib/pageAddress.js";
import {rowsOf, type Table} from "../lib/rows.js";
import {joinedList, type UrlState} from "../lib/urlState.js";
import {amount} from "./amount.js";
import {clientChip} from "./clientChip.js";
import type {TableColumn} from "./dataTable.js";
import {currencyFilter, type Filter, minimumOf} from "./filters.js";
import {listing} from "./listing.js";
import {healthRank, numberOrUnknown, worstHealth, worstOf} from "./marks.js";

export interface BillingData {
  readonly integrations: Table;
  readonly clients: Table;
  readonly rows: Table;
  readonly seats: Table;
  readonly flags: Table;
}

/** A row a client and currency; every filter works the counts and amounts out anew. */
export function reconciledInvoices(data: BillingData, state: UrlState): HTMLElement {
  const clients = rowsOf<BillingClient>(data.clients);
  const rows = rowsOf<ComparedRow>(data.rows);
  const connections = rowsOf<BillingConnection>(data.integrations);
  const filter = billingFilter({
    clients,
    rows,
    connections,
    seats: rowsOf<SeatCount>(data.seats),
    flags: rowsOf<FlagCount>(data.flags),
  });
  return listing<BillingRow>({
    caption: "Reconciled invoices, a row for each client",
    noun: "client",
    filters: filtersFor(connections, clients, rows, state),
    select: () => filter(readFilter(state)),
    total: countClients(clients),
    count: (shown) => countClients(shown.map(({client}) => client)),
    columns: (shown) => columns(shown, readFilter(state)),
    csv,
    file: "reconciled-invoices",
    sort: "-absolute",
    empty: "There are no clients yet: sync the PSA and reconcile.",
    state,
  });
}

function countClients(clients: readonly BillingClient[]): number {
  return new Set(clients.map(({client_id}) => client_id)).size;
}

function filtersFor(
  connections: readonly BillingConnection[],
  clients: readonly BillingClient[],
  rows: readonly ComparedRow[],
  state: UrlState,
): Filter[] {
  const services = new Map(rows.map((row) => [serviceKey(row), row.label]));
  return [
    clientChip(clients),
    {kind: "chip", name: "service", label: (key) => `Service: ${services.get(key) ?? key}`},
    {kind: "search", name: "search", label: "Search clients"},
    {
      kind: "several",
      name: "integration",
      label: "Integration",
      options: connections
        .filter(({kind}) => kind === "usage")
        .map(({connection_id}) => ({value: connection_id, label: connection_id})),
    },
    {
      kind: "several",
      name: "type",
      label: "Discrepancy type",
      options: discrepancyTypes.map((type) => ({value: type, label: words(type)})),
    },
    {
      kind: "one",
      name: "direction",
      label: "Direction",
      options: [
        {value: "under", label: "Underbilled"},
        {value: "over", label: "Overbilled"},
      ],
    },
    ...currencyFilter(optionsOf(clients, "currency"), state),
    {kind: "minimum", name: "minimum", label: "Minimum amount"},
    {kind: "toggle", name: "flagged", label: "Only flagged"},
  ];
}

function readFilter(state: UrlState): BillingFilter {
  return {
    client: state.get("client"),
    currency: state.get("currency"),
    service: state.get("service"),
    integrations: state.list("integration"),
    types: state.list("type"),
    direction: state.get("direction"),
    search: state.get("search"),
    minimumCents: toCents(minimumOf(state.get("minimum"))),
    onlyFlagged: state.get("flagged") !== "",
  };
}

function columns(rows: readonly BillingRow[], filter: BillingFilter): TableColumn<BillingRow>[] {
  const totals = totalsByCurrency(rows);
  const total = (pick: (row: BillingRow) => number, of = rows): string =>
    count(of.reduce((all, row) => all + pick(row), 0));
  const whole = "whole client";
  const ofClient = looksAtRows(filter) ? {note: whole} : {};
  // Seats and flags are a client’s, whatever it is billed in.
  const clients = [...new Map(rows.map((row) => [row.client.client_id, row])).values()];
  return [
    {
      key: "client",
      label: "Client",
      isLong: true,
      render: ({client}) => html`<a href=${`./clients/${client.slug}`}><bdi>${client.client_name}</bdi></a>`,
      sortValue: ({client}) => client.client_name,
      foot: "Total",
    },
    {
      key: "seats",
      label: "Seats",
      ...(looksAtServices(filter) ? {note: whole} : {}),
      isNumber: true,
      render: ({seats}) => numberOrUnknown(seats === null ? null : String(seats)),
      sortValue: ({seats}) => seats,
      foot: clients.every(({seats}) => seats === null)
        ? numberOrUnknown(null)
        : total(({seats}) => seats ?? 0, clients),
    },
    {
      key: "services",
      label: "Services",
      isNumber: true,
      render: ({services}) => String(services),
      sortValue: ({services}) => services,
      foot: total(({services}) => services),
    },
    {
      key: "discrepancies",
      label: "Discrepancies",
      isNumber: true,
      render: findings,
      sortValue: ({discrepancies}) => discrepancies,
      foot: rows.some(isCompared) ? total(({discrepancies}) => discrepancies) : "not compared",
    },
    {
      key: "under",
      label: "Underbilled",
      note: "per month",
      isNumber: true,
      comesFirst: true,
      render: (row) => sum(row.underCents, row.unpricedUnder, row),
      sortValue: (row) => sortedAmount(row.underCents, row.unpricedUnder, row),
      currencyOf: (row) => currencyOf(row.underCents, row),
      foot: sums(totals, ({under, currency}) => amount(under, currency, `${currency} no price`)),
    },
    {
      key: "over",
      label: "Overbilled",
      note: "per month",
      isNumber: true,
      comesFirst: true,
      render: (row) => sum(-row.overCents, row.unpricedOver, row),
      sortValue: (row) => sortedAmount(row.overCents, row.unpricedOver, row),
      currencyOf: (row) => currencyOf(row.overCents, row),
      foot: sums(totals, ({over, currency}) => amount(over, currency, `${currency} no price`)),
    },
    {
      key: "absolute",
      label: "Absolute",
      note: "per month",
      isNumber: true,
      render: (row) => {
        const cents = row.underCents + row.overCents;
        return cents === 0 ? sum(0, row.unpriced, row) : money(fromCents(cents), row.client.currency);
      },
      sortValue: (row) => sortedAmount(row.underCents + row.overCents, row.unpriced, row),
      currencyOf: (row) => currencyOf(row.underCents + row.overCents, row),
      foot: sums(totals, ({absolute, currency}) =>
        absolute === null ? amount(null, null, `${currency} no price`) : money(absolute, currency),
      ),
    },
    {
      key: "flags",
      label: "Flags",
      isNumber: true,
      render: flagLink,
      sortValue: ({flags}) => flags,
      foot: total(({flags}) => flags, clients),
    },
    {
      key: "cycle",
      label: "Cycle",
      ...ofClient,
      render: ({client}) => words(client.billing_cycle),
      sortValue: ({client}) => client.billing_cycle,
    },
    {
      key: "period",
      label: "Current period",
      note: `${looksAtRows(filter) ? `${whole}, ` : ""}next invoice the day after`,
      isLong: true,
      render: ({client}) => html`<span>${period(client.period_start, client.period_end)}${nextInvoice(client)}</span>`,
      sortValue: ({client}) => client.period_start,
    },
    {
      key: "health",
      label: "Health",
      render: ({connections}) => worstHealth(connections()),
      sortValue: ({connections}) => healthRank(worstOf(connections())),
    },
    {
      key: "coverage",
      label: "Coverage",
      ...ofClient,
      isNumber: true,
      // What was not compared can be a credit: then what was compared is more than the whole.
      render: ({client: {coverage_amount}}) =>
        Number(coverage_amount) > 1
          ? html`<span>${percent(coverage_amount)}<small>credit left out</small></span>`
          : percent(coverage_amount),
      sortValue: ({client}) => (client.coverage_amount === null ? null : Number(client.coverage_amount)),
    },
  ];
}

/** What has no price, or was not compared, is an amount in none. */
function currencyOf(cents: number, {client}: BillingRow): string | null {
  return cents === 0 ? null : client.currency;
}

/**
 * What a sum of impacts is sorted by. Of none but such without a price it is unknown: that stands above what is nothing and below
 * a cent, where there are more of them first. So it does, below those, where nothing was compared.
 */
function sortedAmount(cents: number, unpriced: number, row: BillingRow): number {
  if (!isCompared(row)) return 0.25;
  return cents === 0 ? unpriced / (unpriced + 1) : cents;
}

/** Totals one below the other: those of currencies are never added, and where nothing was compared there is none. */
function sums(totals: readonly Totals[], of: (total: Totals) => Node | string): HTMLElement {
  return html`<span>${totals.map(
    (total) =>
      html`<span class="line">${total.isCompared ? of(total) : amount(null, null, `${total.currency} unknown`)}</span>`,
  )}</span>`;
}

/** Where it is not the day after the period, as the head of the column has it. */
function nextInvoice({period_end, next_invoice_date}: BillingClient): Node | string {
  if (next_invoice_date === period_end) return "";
  return html`<small>next invoice ${next_invoice_date === null ? "unknown" : day(next_invoice_date)}</small>`;
}

/** To the flags that are counted: the client's, or those of the services shown. */
function flagLink({client, flags, flaggedServices}: BillingRow): HTMLElement {
  if (flags === 0) return html`<span class="zero">0</span>`;
  const services: Record<string, string> = flaggedServices.length === 0 ? {} : {service: joinedList(flaggedServices)};
  const address = pageAddress("billing", {section: "flagged", client: client.client_id, ...services});
  return html`<a href=${address} aria-label=${`${plural(flags, "flag")} of ${client.client_name}`}>${count(flags)}</a>`;
}

/** A sum of impacts; of none but such without a price it is unknown, not 0. So it is where nothing was compared. */
function sum(cents: number, unpriced: number, row: BillingRow): HTMLElement {
  return amount(known(cents, unpriced, row), row.client.currency, isCompared(row) ? "no price" : "unknown");
}

function known(cents: number, unpriced: number, row: BillingRow): string | null {
  return (cents === 0 && unpriced > 0) || !isCompared(row) ? null : fromCents(cents);
}

/** What was not compared is never shown as clean. */
function findings(row: BillingRow): HTMLElement {
  const {discrepancies, unpriced, uncompared} = row;
  const notes = [
    unpriced > 0 ? `${count(unpriced)} without a price` : null,
    uncompared > 0 ? `${count(uncompared)} not compared` : null,
  ].filter((note) => note !== null);
  const isUnknown = !isCompared(row);
  return html`<span><span class=${discrepancies === 0 ? "zero" : ""}>${isUnknown ? "not compared" : count(discrepancies)}</span>${
    isUnknown ? "" : notes.map((note) => html`<small>${note}</small>`)
  }</span>`;
}

const csv: readonly CsvColumn<BillingRow>[] = [
  {label: "client_id", value: ({client}) => client.client_id},
  {label: "client_name", value: ({client}) => client.client_name},
  {label: "currency", value: ({client}) => client.currency},
  {label: "seats", value: ({seats}) => seats},
  {label: "services", value: ({services}) => services},
  {label: "discrepancies", value: ({discrepancies}) => discrepancies},
  {label: "unpriced", value: ({unpriced}) => unpriced},
  {label: "not_compared", value: ({uncompared}) => uncompared},
  {label: "underbilled_impact_monthly", value: (row) => known(row.underCents, row.unpricedUnder, row)},
  {label: "overbilled_impact_monthly", value: (row) => known(-row.overCents, row.unpricedOver, row)},
  {
    label: "net_impact_monthly",
    value: (row) =>
      row.underCents + row.overCents === 0 ? known(0, row.unpriced, row) : fromCents(row.underCents - row.overCents),
  },
  {
    label: "absolute_impact_monthly",
    value: (row) => known(row.underCents + row.overCents, row.unpriced, row),
  },
  {label: "flags", value: ({flags}) => flags},
  {label: "billing_cycle", value: ({client}) => client.billing_cycle},
  {label: "period_start", value: ({client}) => client.period_start},
  {label: "period_last_day", value: ({client}) => lastDayOf(client.period_end)},
  {label: "next_invoice_date", value: ({client}) => client.next_invoice_date},
  {label: "health", value: ({connections}) => worstOf(connections())},
  {label: "coverage_amount", value: ({client}) => client.coverage_amount},
];
