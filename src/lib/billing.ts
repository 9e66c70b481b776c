import {fromCents, toCents} from "./cents.js";
import {groupBy} from "./groupBy.js";

/** A client in one currency, as the marts have it. */
export interface BillingClient {
  readonly client_id: string;
  readonly slug: string;
  readonly client_name: string;
  readonly currency: string;
  readonly service_count: string;
  readonly reconciled_count: string;
  readonly uncompared_count: string;
  readonly flagged_count: string;
  readonly inactive_count: string;
  readonly billing_cycle: string | null;
  readonly period_start: string | null;
  readonly period_end: string | null;
  readonly next_invoice_date: string | null;
  readonly coverage_amount: string | null;
  readonly worst_health: string;
}

/** A row of the reconciliation, as far as the table of clients needs it. */
export interface ComparedRow {
  readonly client_id: string;
  readonly currency: string;
  readonly service_id: string | null;
  readonly label: string | null;
  /** `connection:product`, for unaccounted usage only. */
  readonly product: string | null;
  /** Separated by semicolons. */
  readonly connection_ids: string | null;
  readonly status: string;
  readonly discrepancy_type: string | null;
  /** The sign of the difference: 1 underbilled, -1 overbilled. */
  readonly direction: string | null;
  readonly impact_monthly: string | null;
  readonly is_billed: string;
}

export interface SeatCount {
  readonly client_id: string;
  readonly connection_id: string;
  readonly seats: string;
}

export interface BillingFilter {
  readonly client: string;
  readonly currency: string;
  /** `service:<id>` or `product:<connection>:<product>`. */
  readonly service: string;
  readonly integrations: readonly string[];
  readonly types: readonly string[];
  /** `under`, `over` or empty. */
  readonly direction: string;
  readonly search: string;
  readonly minimumCents: number;
  readonly onlyFlagged: boolean;
}

/** A client's line in the table, its counts and amounts worked out anew for what the filter lets through. */
export interface BillingRow {
  readonly client: BillingClient;
  readonly seats: number;
  readonly services: number;
  readonly discrepancies: number;
  readonly unpriced: number;
  readonly uncompared: number;
  readonly reconciled: number;
  readonly underCents: number;
  readonly overCents: number;
}

/**
 * Clients with the figures of the rows that pass. A filter that looks at rows (integration, type, direction, service) drops
 * the clients left without any; the others look at clients as a whole.
 */
export function filterBilling(
  clients: readonly BillingClient[],
  rows: readonly ComparedRow[],
  seatCounts: readonly SeatCount[],
  filter: BillingFilter,
): BillingRow[] {
  const isNarrowed =
    filter.integrations.length > 0 || filter.types.length > 0 || filter.direction !== "" || filter.service !== "";
  const passing = groupBy(
    rows.filter((row) => passes(row, filter)),
    keyOf,
  );
  const seatsOf = new Map<string, number>();
  for (const {client_id, connection_id, seats} of seatCounts) {
    if (filter.integrations.length > 0 && !filter.integrations.includes(connection_id)) continue;
    seatsOf.set(client_id, (seatsOf.get(client_id) ?? 0) + Number(seats));
  }
  const search = filter.search.trim().toLowerCase();
  return clients.flatMap((client) => {
    if (filter.client !== "" && client.client_id !== filter.client) return [];
    if (filter.currency !== "" && client.currency !== filter.currency) return [];
    if (search !== "" && !`${client.client_name}\n${client.client_id}`.toLowerCase().includes(search)) return [];
    if (filter.onlyFlagged && Number(client.flagged_count) === 0) return [];
    const own = passing.get(keyOf(client)) ?? [];
    if (isNarrowed && own.length === 0) return [];
    const row = summarise(client, own, seatsOf.get(client.client_id) ?? 0, isNarrowed);
    return row.underCents + row.overCents < filter.minimumCents ? [] : [row];
  });
}

function summarise(client: BillingClient, own: readonly ComparedRow[], seats: number, isNarrowed: boolean): BillingRow {
  const found = own.filter(({status}) => status === "discrepancy");
  let underCents = 0;
  let overCents = 0;
  for (const {impact_monthly} of found) {
    const cents = toCents(impact_monthly);
    if (cents > 0) underCents += cents;
    else overCents -= cents;
  }
  const billed = own.filter(({is_billed, service_id}) => is_billed === "true" && service_id !== null);
  return {
    client,
    seats,
    services: isNarrowed ? new Set(billed.map(({service_id}) => service_id)).size : Number(client.service_count),
    discrepancies: found.length,
    unpriced: found.filter(({impact_monthly}) => impact_monthly === null).length,
    uncompared: own.filter(({status}) => status === "no_data" || status === "not_reconciled").length,
    reconciled: own.filter(({status}) => status === "reconciled").length,
    underCents,
    overCents,
  };
}

function keyOf({client_id, currency}: {client_id: string; currency: string}): string {
  return `${currency} ${client_id}`;
}

/** What a row is filtered by as a service: the same ids as the links of the overview. */
export function serviceKey({service_id, product}: Pick<ComparedRow, "service_id" | "product">): string {
  return product === null ? `service:${service_id ?? ""}` : `product:${product}`;
}

function passes(row: ComparedRow, {integrations, types, direction, service}: BillingFilter): boolean {
  if (service !== "" && serviceKey(row) !== service) return false;
  if (types.length > 0 && !types.includes(row.discrepancy_type ?? "")) return false;
  if (
    direction !== "" &&
    (row.status !== "discrepancy" || Number(row.direction) !== (direction === "under" ? 1 : -1))
  ) {
    return false;
  }
  return integrations.length === 0 || (row.connection_ids ?? "").split(";").some((id) => integrations.includes(id));
}

export interface Totals {
  readonly currency: string;
  readonly under: string;
  readonly over: string;
  readonly absolute: string;
}

/** Sums per currency, as decimal text: amounts of different currencies are never added. Overbilled is negative. */
export function totalsByCurrency(rows: readonly BillingRow[]): Totals[] {
  return [...groupBy(rows, ({client}) => client.currency)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, group]) => {
      const under = group.reduce((sum, {underCents}) => sum + underCents, 0);
      const over = group.reduce((sum, {overCents}) => sum + overCents, 0);
      return {currency, under: fromCents(under), over: fromCents(-over), absolute: fromCents(under + over)};
    });
}
