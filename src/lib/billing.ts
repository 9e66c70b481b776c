import {centsIfKnown, fromCents} from "./cents.js";
import {groupByCurrency} from "./currencyOrder.js";
import {groupBy} from "./groupBy.js";
import {knownSum} from "./knownSum.js";

/** All of them: filtered by all, the table of clients has those with a discrepancy. */
export const discrepancyTypes: readonly string[] = ["calculated", "estimated", "unmapped", "unaccounted"];

/** A client in one currency, as the marts have it. */
export interface BillingClient {
  readonly client_id: string;
  readonly slug: string;
  readonly client_name: string;
  readonly currency: string;
  readonly service_count: string;
  readonly flagged_count: string;
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
  /** 1 underbilled, -1 overbilled: the sign of the money, or of the quantity where there is none, as `isOverbilled` has it. */
  readonly direction: string | null;
  readonly impact_monthly: string | null;
  readonly is_billed: string;
}

/** Of a connection that a client is linked to. */
export interface SeatCount {
  readonly client_id: string;
  readonly connection_id: string;
  /** Null if it was never read. */
  readonly seats: string | null;
}

/** Flags of a client that concern one service. */
export interface FlagCount {
  readonly client_id: string;
  readonly service_id: string;
  readonly flags: string;
}

export interface BillingConnection {
  readonly connection_id: string;
  /** psa or usage. */
  readonly kind: string;
  readonly health: string;
  readonly health_reason: string;
}

export interface BillingTables {
  readonly clients: readonly BillingClient[];
  readonly rows: readonly ComparedRow[];
  readonly seats: readonly SeatCount[];
  readonly flags: readonly FlagCount[];
  readonly connections: readonly BillingConnection[];
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
  /** The PSA, and where its use is counted: of all that it has, or of the rows that pass. Few of all rows are in sight. */
  readonly connections: () => readonly BillingConnection[];
  /** Null where no integration that was read has an account of the client. */
  readonly seats: number | null;
  /** All of the client's, or those that concern services of rows that pass. */
  readonly flags: number;
  /** Those services, as rows are filtered by them; empty where all flags count. */
  readonly flaggedServices: readonly string[];
  readonly services: number;
  readonly discrepancies: number;
  readonly unpriced: number;
  /** How many of those are under-, how many overbilled. */
  readonly unpricedUnder: number;
  readonly unpricedOver: number;
  readonly uncompared: number;
  readonly reconciled: number;
  readonly underCents: number;
  readonly overCents: number;
}

/** A row as filtering looks at it, read once. */
interface ReadRow {
  readonly row: ComparedRow;
  readonly service: string;
  readonly connections: readonly string[];
  /** Null where there is no price. */
  readonly cents: number | null;
}

/** What is the same whatever is filtered, worked out once: every key press in the search filters anew. */
interface ReadClient {
  readonly client: BillingClient;
  readonly searched: string;
  readonly rows: readonly ReadRow[];
  readonly seats: readonly {readonly connection: string; readonly count: number | null}[];
  /** By service, as rows are filtered by it. */
  readonly flags: ReadonlyMap<string, number>;
}

/**
 * Makes a function that gives clients with the figures of the rows that pass a filter. One that looks at rows (integration,
 * type, direction, service) drops the clients left without any; the others look at clients as a whole.
 */
export function billingFilter(tables: BillingTables): (filter: BillingFilter) => BillingRow[] {
  const rowsOf = groupBy(tables.rows, keyOf);
  const seatsOf = groupBy(tables.seats, ({client_id}) => client_id);
  const flagsOf = groupBy(tables.flags, ({client_id}) => client_id);
  const read = tables.clients.map(
    (client): ReadClient => ({
      client,
      searched: `${client.client_name}\n${client.client_id}`.toLowerCase(),
      rows: (rowsOf.get(keyOf(client)) ?? []).map((row) => ({
        row,
        service: serviceKey(row),
        connections: (row.connection_ids ?? "").split(";"),
        cents: centsIfKnown(row.impact_monthly),
      })),
      seats: (seatsOf.get(client.client_id) ?? []).map(({connection_id, seats}) => ({
        connection: connection_id,
        count: seats === null ? null : Number(seats),
      })),
      flags: new Map(
        (flagsOf.get(client.client_id) ?? []).map(({service_id, flags}) => [`service:${service_id}`, Number(flags)]),
      ),
    }),
  );
  return (filter) => filterClients(read, tables.connections, filter);
}

/** Whether a filter looks at rows: then figures are those of the rows that pass, and the rest is the whole client's. */
export function looksAtRows(filter: BillingFilter): boolean {
  return filter.integrations.length > 0 || looksAtServices(filter);
}

/** Whether it does by something that seats do not have. */
export function looksAtServices({types, direction, service}: BillingFilter): boolean {
  return types.length > 0 || direction !== "" || service !== "";
}

function filterClients(
  clients: readonly ReadClient[],
  all: readonly BillingConnection[],
  filter: BillingFilter,
): BillingRow[] {
  const {integrations, onlyFlagged} = filter;
  const isNarrowed = looksAtRows(filter);
  const search = filter.search.trim().toLowerCase();
  const shown = clients.flatMap((own) => {
    const {client, searched, rows, seats} = own;
    if (filter.client !== "" && client.client_id !== filter.client) return [];
    if (filter.currency !== "" && client.currency !== filter.currency) return [];
    if (search !== "" && !searched.includes(search)) return [];
    if (onlyFlagged && Number(client.flagged_count) === 0) return [];
    const passing = isNarrowed ? rows.filter((row) => passes(row, filter)) : rows;
    if (isNarrowed && passing.length === 0) return [];
    let held: number | null = null;
    for (const {connection, count} of seats) {
      if (count === null) continue;
      if (integrations.length === 0 || integrations.includes(connection)) held = (held ?? 0) + count;
    }
    const connections = (): readonly BillingConnection[] => {
      const counting = isNarrowed ? passing.flatMap((row) => row.connections) : seats.map(({connection}) => connection);
      return all.filter(({connection_id, kind}) => kind === "psa" || counting.includes(connection_id));
    };
    const row = summarise({client, seats: held, connections}, passing, isNarrowed);
    return row.underCents + row.overCents < filter.minimumCents ? [] : [{own, passing, row}];
  });
  if (!isNarrowed) return shown.map(({row}) => row);
  // A client's flags are the same in each of its currencies.
  const services = new Map<string, Set<string>>();
  for (const {own, passing} of shown) {
    if (own.flags.size === 0) continue;
    const id = own.client.client_id;
    const flagged = services.get(id) ?? new Set();
    for (const {service} of passing) if (own.flags.has(service)) flagged.add(service);
    services.set(id, flagged);
  }
  return shown.flatMap(({own, row}) => {
    const flaggedServices = [...(services.get(own.client.client_id) ?? [])];
    const flags = flaggedServices.reduce((sum, service) => sum + (own.flags.get(service) ?? 0), 0);
    return onlyFlagged && flags === 0 ? [] : [{...row, flags, flaggedServices}];
  });
}

function summarise(
  {client, seats, connections}: Pick<BillingRow, "client" | "seats" | "connections">,
  own: readonly ReadRow[],
  isNarrowed: boolean,
): BillingRow {
  const billed = new Set<string>();
  let [discrepancies, unpricedUnder, unpricedOver, uncompared, reconciled, underCents, overCents] = [
    0, 0, 0, 0, 0, 0, 0,
  ];
  for (const {row, cents} of own) {
    if (row.is_billed === "true" && row.service_id !== null) billed.add(row.service_id);
    if (row.status === "reconciled") reconciled += 1;
    else if (row.status === "no_data" || row.status === "not_reconciled") uncompared += 1;
    else if (row.status === "discrepancy") {
      discrepancies += 1;
      if (cents === null && Number(row.direction) > 0) unpricedUnder += 1;
      else if (cents === null) unpricedOver += 1;
      else if (cents > 0) underCents += cents;
      else overCents -= cents;
    }
  }
  return {
    client,
    connections,
    seats,
    flags: Number(client.flagged_count),
    flaggedServices: [],
    services: isNarrowed ? billed.size : Number(client.service_count),
    discrepancies,
    unpriced: unpricedUnder + unpricedOver,
    unpricedUnder,
    unpricedOver,
    uncompared,
    reconciled,
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

const signs: Readonly<Record<string, number>> = {under: 1, over: -1};

function passes({row, service, connections}: ReadRow, filter: BillingFilter): boolean {
  const {integrations, types, direction} = filter;
  if (filter.service !== "" && service !== filter.service) return false;
  if (types.length > 0 && !types.includes(row.discrepancy_type ?? "")) return false;
  if (direction !== "" && (row.status !== "discrepancy" || Number(row.direction) !== signs[direction])) {
    return false;
  }
  return integrations.length === 0 || connections.some((id) => integrations.includes(id));
}

/** Whether anything of it was: what nobody compared is unknown, and no 0. */
export function isCompared({discrepancies, reconciled}: Pick<BillingRow, "discrepancies" | "reconciled">): boolean {
  return discrepancies > 0 || reconciled > 0;
}

export interface Totals {
  readonly currency: string;
  readonly isCompared: boolean;
  /** Null, as both others, where nothing but what has no price makes it up. */
  readonly under: string | null;
  readonly over: string | null;
  readonly absolute: string | null;
}

/** Sums per currency, as decimal text: amounts of different currencies are never added. Overbilled is negative. */
export function totalsByCurrency(rows: readonly BillingRow[]): Totals[] {
  const inCurrencies = groupByCurrency(rows.map((row) => ({currency: row.client.currency, row})));
  return [...inCurrencies].map(([currency, group]) => {
    const sum = (key: "underCents" | "overCents"): number => group.reduce((cents, {row}) => cents + row[key], 0);
    const has = (key: "unpriced" | "unpricedUnder" | "unpricedOver"): boolean => group.some(({row}) => row[key] > 0);
    const [under, over] = [sum("underCents"), sum("overCents")];
    return {
      currency,
      isCompared: group.some(({row}) => isCompared(row)),
      under: knownSum(fromCents(under), has("unpricedUnder")),
      over: knownSum(fromCents(-over), has("unpricedOver")),
      absolute: knownSum(fromCents(under + over), has("unpriced")),
    };
  });
}
