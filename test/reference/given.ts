import type {World} from "../models/harness.js";
import {calendarMonth} from "./calendar.js";
import {decimal, one, type Rational, zero} from "./rational.js";
import type {
  Account,
  Agreement,
  AgreementLine,
  Client,
  Count,
  Given,
  Invoice,
  InvoiceLine,
  Product,
  Rule,
  Seat,
  Service,
} from "./rows.js";

type Row = Readonly<Record<string, unknown>>;

const text = (row: Row, column: string): string | null => {
  const value = row[column];
  return value === undefined || value === null ? null : String(value);
};
const required = (row: Row, column: string): string => {
  const value = text(row, column);
  if (value === null) throw new Error(`The world lacks ${column} in ${JSON.stringify(row)}`);
  return value;
};
const number = (row: Row, column: string): Rational | null => {
  const value = text(row, column);
  return value === null ? null : decimal(value);
};
const listed = (value: string | null): string[] | null => value?.split(";").map((item) => item.trim()) ?? null;

/** Joins parts to one text that can be a key of a map. */
export function key(...parts: readonly (string | null)[]): string {
  return JSON.stringify(parts);
}

export function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

/** Reads a world. Settings, connections and syncs must be given in full. */
export function readGiven(world: World): Given {
  const settings = world.settings ?? {};
  const currency = required(settings, "currency");
  const agreements = byId(
    (world.agreements ?? []).map(
      (row): Agreement => ({
        id: required(row, "agreement_id"),
        clientId: required(row, "client_id"),
        name: text(row, "agreement_name"),
        status: text(row, "status") ?? "active",
        cycle: text(row, "billing_cycle") ?? "monthly",
        timing: text(row, "billing_timing") ?? "advance",
        start: required(row, "start_date"),
        end: text(row, "end_date"),
        currency: text(row, "currency") ?? currency,
      }),
    ),
  );
  const agreementLines = byId(
    (world.agreement_lines ?? []).flatMap((row): AgreementLine[] => {
      const agreement = agreements.get(required(row, "agreement_id"));
      if (agreement === undefined) return [];
      return [
        {
          id: required(row, "agreement_line_id"),
          agreement,
          serviceId: required(row, "service_id"),
          description: text(row, "description"),
          quantity: decimal(required(row, "quantity")),
          included: number(row, "included_quantity") ?? zero,
          unitPrice: number(row, "unit_price"),
          unitCost: number(row, "unit_cost"),
          start: text(row, "start_date"),
          end: text(row, "end_date"),
        },
      ];
    }),
  );
  const invoices = byId(
    (world.invoices ?? []).map((row): Invoice => {
      const [date, start, end] = [
        required(row, "invoice_date"),
        text(row, "period_start"),
        text(row, "period_end"),
      ] as const;
      return {
        id: required(row, "invoice_id"),
        number: text(row, "invoice_number"),
        clientId: required(row, "client_id"),
        agreement: agreements.get(text(row, "agreement_id") ?? "") ?? null,
        date,
        period: start === null || end === null ? calendarMonth(date) : {start, end},
        hasOwnPeriod: start !== null && end !== null,
        status: text(row, "status") ?? "posted",
        currency: text(row, "currency") ?? currency,
        total: number(row, "total"),
      };
    }),
  );
  const invoiceLines = (world.invoice_lines ?? []).flatMap((row): InvoiceLine[] => {
    const invoice = invoices.get(required(row, "invoice_id"));
    if (invoice === undefined) return [];
    const agreementLine = agreementLines.get(text(row, "agreement_line_id") ?? "") ?? null;
    return [
      {
        id: required(row, "invoice_line_id"),
        invoice,
        agreementLine,
        serviceId: text(row, "service_id") ?? agreementLine?.serviceId ?? null,
        description: text(row, "description"),
        quantity: decimal(required(row, "quantity")),
        unitPrice: number(row, "unit_price"),
        ownAmount: number(row, "amount"),
        parentId: text(row, "parent_line_id"),
      },
    ];
  });
  const seats = (world.seats ?? []).map(
    (row): Seat => ({
      connectionId: required(row, "connection_id"),
      accountId: required(row, "account_id"),
      productId: required(row, "product_id"),
      id: required(row, "seat_id"),
      kind: text(row, "kind"),
      displayName: text(row, "display_name"),
      identifier: text(row, "identifier"),
      status: text(row, "status") ?? "active",
      createdAt: text(row, "created_at"),
      lastActivityAt: text(row, "last_activity_at"),
      commitmentEnd: text(row, "commitment_end"),
    }),
  );
  const counts = (world.counts ?? []).map(
    (row): Count => ({
      connectionId: required(row, "connection_id"),
      accountId: required(row, "account_id"),
      productId: required(row, "product_id"),
      metric: required(row, "metric"),
      quantity: decimal(required(row, "quantity")),
      asOf: text(row, "as_of"),
      commitmentEnd: text(row, "commitment_end"),
    }),
  );
  const listedAccounts = (world.accounts ?? []).map(
    (row): Account => ({
      connectionId: required(row, "connection_id"),
      id: required(row, "account_id"),
      name: required(row, "account_name"),
      domain: text(row, "domain"),
    }),
  );
  const listedProducts = (world.products ?? []).map(
    (row): Product => ({
      connectionId: required(row, "connection_id"),
      id: required(row, "product_id"),
      name: required(row, "product_name"),
      unit: text(row, "unit"),
      isTrial: row.is_trial === true,
      listPrice: number(row, "list_price"),
      unitCost: number(row, "unit_cost"),
    }),
  );
  const usage = [...seats, ...counts];
  const rules = (world.mappingServices ?? []).map(
    (row): Rule => ({
      id: required(row, "rule_id"),
      serviceId: required(row, "service_id"),
      connectionId: required(row, "connection_id"),
      productIds: required(row, "product_ids") === "*" ? null : listed(required(row, "product_ids")),
      clientId: text(row, "client_id"),
      kinds: listed(text(row, "kinds")?.toLowerCase() ?? null),
      statuses: listed(text(row, "statuses")?.toLowerCase() ?? null) ?? ["active"],
      method: text(row, "count") ?? "seats",
      multiplier: number(row, "multiplier") ?? one,
      minimum: number(row, "minimum"),
      maximum: number(row, "maximum"),
      from: text(row, "valid_from"),
      to: text(row, "valid_to"),
      isActive: (text(row, "status") ?? "active") === "active",
    }),
  );
  const listedClients = (world.clients ?? []).map(
    (row): Client => ({
      id: required(row, "client_id"),
      name: required(row, "client_name"),
      status: text(row, "status") ?? "active",
    }),
  );
  const listedServices = (world.services ?? []).map(
    (row): Service => ({
      id: required(row, "service_id"),
      name: required(row, "service_name"),
      unit: text(row, "unit"),
      listPrice: number(row, "list_price"),
      unitCost: number(row, "unit_cost"),
    }),
  );
  const billedClients = [...agreements.values(), ...invoices.values()].map(({clientId}) => clientId);
  const billedServices = [...agreementLines.values(), ...invoiceLines].flatMap(({serviceId}) => serviceId ?? []);
  return {
    currency,
    asOf: Date.parse(required(settings, "as_of")),
    asOfText: required(settings, "as_of"),
    day: required(settings, "as_of_date"),
    inactiveAfterDays: Number(settings.inactive_after_days),
    staleAfterHours: Number(settings.stale_after_hours),
    billedBasis: required(settings, "billed_basis"),
    connections: (world.connections ?? []).map((row) => ({
      id: required(row, "connection_id"),
      connector: text(row, "connector"),
      side: required(row, "side"),
      reportsActivity: typeof row.reports_activity === "boolean" ? row.reports_activity : null,
    })),
    syncs: (world.syncs ?? []).map((row) => ({
      connectionId: required(row, "connection_id"),
      id: required(row, "sync_id"),
      status: required(row, "status"),
      startedAt: text(row, "started_at"),
      freshAt: text(row, "fresh_at"),
      error: text(row, "error"),
      rowsQuarantined: Number(row.rows_quarantined ?? 0),
    })),
    clients: withUnlisted(listedClients, billedClients, (id) => ({id, name: id, status: "active"})),
    services: withUnlisted(listedServices, billedServices, (id) => ({
      id,
      name: id,
      unit: null,
      listPrice: null,
      unitCost: null,
    })),
    agreements,
    agreementLines,
    invoices,
    invoiceLines,
    accounts: withUnlistedIn(
      listedAccounts,
      usage.map(({connectionId, accountId}) => ({connectionId, id: accountId, name: accountId, domain: null})),
    ),
    unreadAccounts: new Set(
      (world.unreadAccounts ?? []).map((row) => key(required(row, "connection_id"), required(row, "account_id"))),
    ),
    products: withUnlistedIn(
      listedProducts,
      usage.map(({connectionId, productId}) => ({
        connectionId,
        id: productId,
        name: productId,
        unit: null,
        isTrial: false,
        listPrice: null,
        unitCost: null,
      })),
    ),
    seats,
    counts,
    links: (world.mappingClients ?? []).map((row) => ({
      connectionId: required(row, "connection_id"),
      accountId: required(row, "account_id"),
      clientId: text(row, "client_id"),
      status: required(row, "status"),
    })),
    rules,
    exclusions: (world.mappingExclusions ?? []).map((row) => ({
      connectionId: required(row, "connection_id"),
      accountId: text(row, "account_id"),
      productId: text(row, "product_id"),
      seatId: text(row, "seat_id"),
      expiresOn: text(row, "expires_on"),
    })),
    prices: (world.mappingPrices ?? []).map((row) => ({
      serviceId: required(row, "service_id"),
      clientId: text(row, "client_id"),
      unitPrice: decimal(required(row, "unit_price")),
      currency: text(row, "currency") ?? currency,
      from: text(row, "valid_from"),
    })),
    decisions: (world.mappingDecisions ?? []).map((row) => ({
      clientId: required(row, "client_id"),
      serviceId: text(row, "service_id"),
      connectionId: text(row, "connection_id"),
      productId: text(row, "product_id"),
      period: text(row, "period"),
      until: text(row, "until"),
      word: text(row, "decision"),
      currency: text(row, "currency"),
      delta: number(row, "delta_quantity"),
      impact: number(row, "impact_monthly"),
    })),
  };
}

function byId<T extends {id: string}>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}

function withUnlisted<T extends {id: string}>(rows: T[], ids: string[], make: (id: string) => T): Map<string, T> {
  const all = byId(rows);
  for (const id of ids) if (!all.has(id)) all.set(id, make(id));
  return all;
}

function withUnlistedIn<T extends {connectionId: string; id: string}>(rows: T[], mentioned: T[]): T[] {
  const all = new Map<string, T>();
  for (const row of [...rows, ...mentioned]) {
    const id = key(row.connectionId, row.id);
    if (!all.has(id)) all.set(id, row);
  }
  return [...all.values()];
}
