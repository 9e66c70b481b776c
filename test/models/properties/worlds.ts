import fc from "fast-check";
import type {World} from "../harness.js";
import {makeBilling} from "./makeBilling.js";
import {makeMappings} from "./makeMappings.js";
import {asOf, clientNames, makeSyncs, makeUsage} from "./makeUsage.js";
import {type Frame, frame, type Part, part} from "./plan.js";
import {at, join, rename} from "./rows.js";

/**
 * Random workspaces, valid as far as the validation of mappings demands, and full of boundaries: dates on either side of
 * the day of the run, credits, voids, blanks, two currencies, connections in every state of health.
 */
export function worldsOf(constraints: fc.ArrayConstraints, of: fc.Arbitrary<Part> = part): fc.Arbitrary<World> {
  return fc.tuple(frame, fc.array(of, {minLength: 1, ...constraints})).map(([holds, parts]) => makeWorld(holds, parts));
}

/** Random pairs of unrelated workspaces of the same day and settings, each of one part. */
export const pairsOfWorlds: fc.Arbitrary<readonly [World, World]> = fc
  .tuple(frame, part, part)
  .map(([holds, one, other]) => [makeWorld(holds, [one]), makeWorld(holds, [other])] as const);

function makeWorld(holds: Frame, parts: readonly Part[]): World {
  const psa: World = {
    settings: {
      currency: "USD",
      as_of: asOf(holds),
      as_of_date: holds.day,
      inactive_after_days: holds.inactiveAfterDays,
      stale_after_hours: 24,
      billed_basis: holds.billedBasis,
    },
    connections: [{connection_id: "psa", connector: "csv-psa", side: "psa", reports_activity: null}],
    syncs: makeSyncs("psa", holds.psaSync, asOf(holds)),
    ...Object.fromEntries(tables.map((table) => [table, []])),
  };
  return parts.map((given, n) => rename(makePart(holds, given), `w${n + 1}-`)).reduce(join, psa);
}

const tables = ["clients", "services", "agreements", "agreement_lines", "invoices", "invoice_lines"]
  .concat(["accounts", "products", "seats", "counts", "unreadAccounts"])
  .concat(["mappingClients", "mappingServices", "mappingExclusions", "mappingPrices"]);

function makePart(holds: Frame, given: Part): World {
  return {
    clients: given.clients.map((status, n) => ({
      client_id: `c${n + 1}`,
      client_name: at(clientNames, n),
      status,
    })),
    services: given.services.map(({unit, listPrice, unitCost}, n) => ({
      service_id: `s${n + 1}`,
      service_name: `Service ${n + 1}`,
      unit,
      list_price: listPrice,
      unit_cost: unitCost,
    })),
    ...makeBilling(given, holds),
    ...makeUsage(given, holds),
    ...makeMappings(given, holds),
  };
}

const foreignNames = ["東東東", "京京京", "都都都", "市市市", "町町町", "村村村"];

/** The same world under names and domains that resemble none of another world; what no file lists gets a name too. */
export function disguise(world: World): World {
  const renamed = (name: unknown) =>
    clientNames.reduce(
      (text, clientName, n) => text.replace(new RegExp(clientName, "i"), at(foreignNames, n)),
      String(name).replace("zzz", "々々々"),
    );
  return {
    ...world,
    clients: [
      ...(world.clients ?? []).map((row) => ({...row, client_name: renamed(row.client_name)})),
      {client_id: "w1-unlisted-client", client_name: "無"},
    ],
    services: [
      ...(world.services ?? []).map((row, n) => ({...row, service_name: "務".repeat(n + 1)})),
      {service_id: "w1-unlisted-service", service_name: "無"},
    ],
    accounts: world.accounts?.map((row) => ({
      ...row,
      account_name: renamed(row.account_name),
      domain: row.domain === null ? null : `new-${row.domain}`,
    })),
  };
}
