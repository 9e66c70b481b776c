import {expect, it} from "vitest";
import {clientParts} from "../../loaders/site/clientParts.js";
import type {ClientData, ServiceRow} from "../../src/lib/clientData.js";
import {whyUnknown} from "../../src/lib/whyUnknown.js";
import {reconcileRows, type World} from "../models/harness.js";
import {link, ordinaryWorld, rule, seats, withRmm} from "../models/ordinary.js";

/** Why the use of each service of acme is not known, from the marts as a page gets them. */
async function reasonsIn(world: World): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  await reconcileRows(world, async (database) => {
    const connections = await database.rows("select connection_id, kind, health, health_reason from integrations");
    const data: Record<string, unknown> = {connections};
    for (const {name, sql, order} of clientParts) {
      data[name] = await database.rows(
        `select cast(columns(*) as varchar) from (${sql}) where client_id = 'acme' order by ${order}`,
      );
    }
    for (const row of data.rows as ServiceRow[]) {
      found[`${row.service_id} ${row.count_state}`] = whyUnknown(row, data as unknown as ClientData);
    }
  });
  return found;
}

it("says that a connection does not report what a rule counts only where it reports it of no client", async () => {
  const total = {connection_id: "rmm", account_id: "site", product_id: "p1", metric: "reported", quantity: 7};
  const world = ordinaryWorld({
    ...withRmm,
    clients: ["acme", "bolt"].map((client_id) => ({client_id, client_name: client_id})),
    accounts: [
      {account_id: "tenant", account_name: "Acme"},
      {account_id: "other", account_name: "Bolt"},
      {connection_id: "rmm", account_id: "site", account_name: "Acme"},
      {connection_id: "rmm", account_id: "elsewhere", account_name: "Bolt"},
    ],
    products: ["m365", "rmm"].map((connection_id) => ({connection_id, product_id: "p1", product_name: "P"})),
    seats: seats(3, {account_id: "other"}),
    counts: [{...total, account_id: "elsewhere"}],
    mappingClients: [
      link("tenant", "acme"),
      link("other", "bolt"),
      link("site", "acme", {connection_id: "rmm"}),
      link("elsewhere", "bolt", {connection_id: "rmm"}),
    ],
    mappingServices: [
      rule("r1"),
      rule("r2", {count: "identities"}),
      rule("r3", {connection_id: "rmm", count: "reported"}),
      rule("r4", {connection_id: "rmm"}),
      rule("r5", {connection_id: "rmm", count: "purchased"}),
    ],
  });
  expect(await reasonsIn(world)).toEqual({
    "mail partial": ["rmm does not report seats.", "rmm does not report purchased."],
  });
});
