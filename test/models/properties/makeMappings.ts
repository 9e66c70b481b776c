import type {World} from "../harness.js";
import {accountId} from "./makeUsage.js";
import type {Frame, Part} from "./plan.js";
import {addDays, at, unique} from "./rows.js";

/** Decisions that pass validation: identity rules of a service agree, prices do not contradict each other. */
export function makeMappings(given: Part, {day}: Frame): World {
  const service = (n: number) => `s${(n % given.services.length) + 1}`;
  const client = (n: number | null) => (n === null ? null : `c${(n % given.clients.length) + 1}`);
  const connection = (n: number) => `u${(n % given.connections.length) + 1}`;
  const product = (where: number, n: number) => `p${(n % at(given.connections, where).products.length) + 1}`;
  const date = (days: number | null) => (days === null ? null : addDays(day, days));
  return {
    mappingClients: given.accounts.flatMap((row, n) =>
      row.link === "none"
        ? []
        : [
            {
              connection_id: connection(row.connection),
              account_id: accountId(given, n),
              client_id: row.link === "confirmed" ? client(row.client) : null,
              status: row.link,
            },
          ],
    ),
    mappingServices: given.rules.map((row, n) => ({
      rule_id: `r${(n * 7) % 13}`,
      service_id: service(row.service),
      connection_id: connection(row.connection),
      product_ids: [...new Set(row.products.map((p) => product(row.connection, p)))].join("; ") || "*",
      client_id: client(row.client),
      kinds: row.kinds,
      statuses: row.statuses,
      count: row.method,
      multiplier: row.multiplier,
      minimum: row.minimum,
      maximum: row.maximum,
      ...(row.method === "identities" ? at(given.services, row.service).identities : {}),
      valid_from: date(row.from),
      valid_to: row.from !== null && row.to !== null && row.to <= row.from ? null : date(row.to),
      status: row.status,
    })),
    mappingExclusions: given.exclusions.map((row) => {
      const accounts = given.accounts.flatMap((account, n) =>
        connection(account.connection) === connection(row.connection) ? [accountId(given, n)] : [],
      );
      return {
        connection_id: connection(row.connection),
        account_id: row.account === null || accounts.length === 0 ? null : at(accounts, row.account),
        product_id: row.product === null ? null : product(row.connection, row.product),
        seat_id: row.seat === null || given.seats.length === 0 ? null : `x${(row.seat % given.seats.length) + 1}`,
        reason: "agreed",
        expires_on: date(row.expires),
      };
    }),
    mappingPrices: makePrices(given, day, service, client),
  };
}

function makePrices(
  {prices}: Part,
  day: string,
  service: (n: number) => string,
  client: (n: number | null) => string | null,
): NonNullable<World["mappingPrices"]> {
  const rows = prices.map((row) => ({
    service_id: service(row.service),
    client_id: client(row.client),
    unit_price: row.unitPrice,
    currency: row.currency,
    valid_from: row.from === null ? null : addDays(day, row.from),
    meant: row.currency ?? "USD",
  }));
  return unique(rows, "service_id", "client_id", "meant", "valid_from").map(({meant, ...row}) => row);
}
