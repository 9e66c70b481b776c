import {fromCents, toCents} from "./cents.js";
import type {Row} from "./rows.js";

export interface BillingFilter {
  readonly integrations: readonly string[];
  readonly types: readonly string[];
  readonly direction: string;
  readonly search: string;
  readonly minimumCents: number;
  readonly onlyFlagged: boolean;
}

/** A client's line in the table, its counts and amounts worked out anew for what the filter lets through. */
export interface BillingRow {
  readonly client: Row;
  readonly seats: number;
  readonly services: number;
  readonly discrepancies: number;
  readonly unpriced: number;
  readonly underCents: number;
  readonly overCents: number;
}

/** Clients with the figures of the rows that pass; a filter on rows drops the clients left without any. */
export function filterBilling(
  clients: readonly Row[],
  rows: readonly Row[],
  seatCounts: readonly Row[],
  filter: BillingFilter,
): BillingRow[] {
  const isNarrowed = filter.integrations.length > 0 || filter.types.length > 0 || filter.direction !== "";
  const byClient = new Map<string, Row[]>();
  for (const row of rows) {
    if (!passes(row, filter)) continue;
    const key = keyOf(row);
    const list = byClient.get(key);
    if (list === undefined) byClient.set(key, [row]);
    else list.push(row);
  }
  const seatsOf = new Map<string, number>();
  for (const count of seatCounts) {
    if (filter.integrations.length > 0 && !filter.integrations.includes(count.connection_id ?? "")) continue;
    const seats = Number(count.seats_counted) + Number(count.seats_unaccounted);
    seatsOf.set(count.client_id ?? "", (seatsOf.get(count.client_id ?? "") ?? 0) + seats);
  }
  const search = filter.search.trim().toLowerCase();
  return clients.flatMap((client) => {
    if (search !== "" && !(client.client_name ?? "").toLowerCase().includes(search)) return [];
    if (filter.onlyFlagged && client.flagged_count === "0") return [];
    const own = byClient.get(keyOf(client)) ?? [];
    const found = own.filter((row) => row.status === "discrepancy");
    if (isNarrowed && found.length === 0 && (filter.types.length > 0 || filter.direction !== "" || own.length === 0))
      return [];
    let underCents = 0;
    let overCents = 0;
    for (const row of found) {
      const cents = toCents(row.impact_monthly ?? null);
      if (cents > 0) underCents += cents;
      else overCents -= cents;
    }
    if (underCents + overCents < filter.minimumCents) return [];
    const services = isNarrowed
      ? new Set(own.filter((row) => row.billed_basis !== null && row.service_id !== null).map((row) => row.service_id))
          .size
      : Number(client.service_count);
    return [
      {
        client,
        seats: seatsOf.get(client.client_id ?? "") ?? 0,
        services,
        discrepancies: found.length,
        unpriced: found.filter((row) => row.impact_monthly === null).length,
        underCents,
        overCents,
      },
    ];
  });
}

function keyOf(row: Row): string {
  return `${row.client_id}\u001f${row.currency}`;
}

function passes(row: Row, {integrations, types, direction}: BillingFilter): boolean {
  if (integrations.length > 0 && !(row.connection_ids ?? "").split(";").some((id) => integrations.includes(id)))
    return false;
  if (types.length > 0 && !types.includes(row.discrepancy_type ?? "")) return false;
  if (direction === "under") return Number(row.delta_quantity) > 0 && row.status === "discrepancy";
  if (direction === "over") return Number(row.delta_quantity) < 0 && row.status === "discrepancy";
  return true;
}

/** Sums per currency, as decimal text: amounts of different currencies are never added. */
export function totalsByCurrency(
  rows: readonly BillingRow[],
): {currency: string; under: string; over: string; absolute: string}[] {
  const sums = new Map<string, {under: number; over: number}>();
  for (const {client, underCents, overCents} of rows) {
    const sum = sums.get(client.currency ?? "") ?? {under: 0, over: 0};
    sums.set(client.currency ?? "", {
      under: sum.under + underCents,
      over: sum.over + overCents,
    });
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, {under, over}]) => ({
      currency,
      under: fromCents(under),
      over: fromCents(-over),
      absolute: fromCents(under + over),
    }));
}
