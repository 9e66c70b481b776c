import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Database} from "../../loaders/database.js";
import {clientMapping, serviceMapping} from "../../loaders/site/data/mappingData.js";
import {givenMarts, shownOf} from "./givenMarts.js";

let database: Database;

const account = (account_id: string, given = {}) => ({
  ...{
    connection_id: "m365",
    account_id,
    account_name: account_id,
    link_status: "confirmed",
    seat_count: 4,
    domain: `${account_id}.x`,
  },
  ...given,
});
const group = (account_id: string, product_id: string, seat_count: number, given = {}) => ({
  ...{
    connection_id: "m365",
    account_id,
    product_id,
    seat_count,
    kind: "user",
    status: "active",
    disposition: "counted",
  },
  ...given,
});
const row = (client_id: string, service_id: string | null, invoiced_quantity: number, given = {}) => ({
  ...{reconciliation_id: `${client_id}-${service_id}`, client_id, service_id, invoiced_quantity, expected_quantity: 9},
  ...{connection_ids: "m365", billed_basis: "invoices"},
  ...given,
});

beforeAll(async () => {
  database = await givenMarts({
    accounts: [
      account("shared"),
      account("new", {link_status: "unlinked"}),
      account("doubtful"),
      account("settled"),
      account("shared", {connection_id: "edr", seat_count: null, domain: null}),
    ],
    mapping_work: [
      {kind: "unlinked_account", connection_id: "m365", account_id: "new", seat_count: 7},
      {kind: "unlinked_account", connection_id: "rmm", account_id: "shared", seat_count: 8},
      {
        kind: "unaccounted_product",
        connection_id: "m365",
        account_id: "settled",
        product_id: "p2",
        seat_count: 3,
        client_count: 2,
      },
      {kind: "unaccounted_product", connection_id: "rmm", product_id: "p1", seat_count: 5},
    ],
    account_suggestions: [
      {connection_id: "m365", account_id: "doubtful", client_id: "b", place: 2},
      {connection_id: "m365", account_id: "doubtful", client_id: "a", place: 1},
      {connection_id: "edr", account_id: "shared", client_id: "c", place: 1},
    ],
    products: [
      {connection_id: "m365", product_id: "p2", product_name: "Two"},
      {connection_id: "m365", product_id: "p1", product_name: "One"},
      {connection_id: "edr", product_id: "p1", product_name: "Other"},
    ],
    seat_groups: [
      group("new", "p1", 2, {disposition: "unlinked"}),
      group("new", "p1", 3, {disposition: "unlinked", kind: "guest"}),
      group("new", "p1", 9, {disposition: "deleted"}),
      group("doubtful", "p1", 1),
      group("doubtful", "p1", 1, {status: "disabled"}),
      group("doubtful", "p0", 1),
      group("settled", "p1", 100),
      group("shared", "p1", 50),
      group("shared", "p1", 6, {connection_id: "edr"}),
    ],
    psa_clients: [
      {client_id: "b", client_name: "Bolt", status: "active"},
      {client_id: "a", client_name: "Acme", status: "active"},
      {client_id: "gone", client_name: "Gone", status: "inactive"},
    ],
    services: ["mail", "backup", "audit"].map((service_id) => ({
      service_id,
      service_name: service_id.toUpperCase(),
      unit: "user",
    })),
    reconciliation: [
      row("b", "mail", 2),
      row("a", "mail", 3),
      row("a", "mail", 4, {currency: "EUR", reconciliation_id: "a-mail-eur"}),
      row("a", "mail", 1, {connection_ids: "edr", reconciliation_id: "a-mail-edr"}),
      row("a", "backup", 0, {billed_basis: null}),
      row("a", null, 6),
    ],
    reconciliation_sources: [
      {reconciliation_id: "a-mail", rule_id: "r1", product_id: "p2", counted_quantity: 1},
      {reconciliation_id: "a-mail", rule_id: "r0", product_id: "p2", counted_quantity: 6},
      {reconciliation_id: "a-mail", rule_id: "r1", product_id: "p1", counted_quantity: 2},
      {reconciliation_id: "a-mail-eur", rule_id: "r1", product_id: "p1", counted_quantity: 3},
      {reconciliation_id: "b-mail", rule_id: "r1", product_id: "p1", counted_quantity: 4},
      {reconciliation_id: "a-null", rule_id: "", product_id: "p1", counted_quantity: 5},
    ],
    service_rules: [
      {rule_id: "r2", is_in_force: false},
      {rule_id: "r1", is_in_force: true},
    ],
    integrations: [
      ...["rmm", "edr"].map((connection_id) => ({
        connection_id,
        connector: "csv-usage",
        last_success_at: "2026-11-23T02:00:00Z",
        kind: "usage",
      })),
      {connection_id: "psa", connector: "csv-psa", health: "green", kind: "psa"},
    ],
  });
  await database.run("create table pages as select unnest(['a', 'b']) as client_id, unnest(['~a', '~b']) as slug");
});
afterAll(() => database.close());

const clients = (table: string, ...columns: string[]) =>
  shownOf(database, clientMapping[table] as NonNullable<(typeof clientMapping)[string]>, ...columns);
const services = (table: string, ...columns: string[]) =>
  shownOf(database, serviceMapping[table] as NonNullable<(typeof serviceMapping)[string]>, ...columns);

describe("the page of client mapping", () => {
  it("gets every account with its seats, those to be linked where it is not", async () => {
    expect(await clients("accounts", "connection_id", "account_id", "domain", "seats")).toEqual([
      "edr shared — —",
      "m365 doubtful doubtful.x 4.0000",
      "m365 new new.x 7.0000",
      "m365 settled settled.x 4.0000",
      "m365 shared shared.x 4.0000",
    ]);
  });

  it("gets what is used in accounts that somebody has to look at, and in no others", async () => {
    expect(await clients("products", "connection_id", "account_id", "product_name", "seats")).toEqual([
      "edr shared Other 6",
      "m365 doubtful One 2",
      "m365 new One 5",
    ]);
  });

  it("gets suggestions best first, every client of the PSA with its page, and what each is billed and uses", async () => {
    expect(await clients("suggestions", "account_id", "client_id")).toEqual(["shared c", "doubtful a", "doubtful b"]);
    expect(await clients("clients", "client_id", "status", "slug")).toEqual([
      ...["a active ~a", "b active ~b", "gone inactive —"],
    ]);
    expect(await clients("services", "service_id")).toEqual(["audit", "backup", "mail"]);
    const columns = ["client_id", "service_id", "connection_ids", "invoiced", "expected"];
    expect(await clients("client_services", ...columns)).toEqual([
      "a mail edr 1.0000 9.0000",
      "a mail m365 7.0000 18.0000",
      "b mail m365 2.0000 9.0000",
    ]);
  });
});

describe("the page of service mapping", () => {
  it("gets the connections that report usage, and their products with all seats and those of no client", async () => {
    expect(await services("connections", "connection_id", "connector", "last_success_at")).toEqual([
      ...["edr csv-usage 2026-11-23 02:00:00+00", "rmm csv-usage 2026-11-23 02:00:00+00"],
    ]);
    const columns = ["connection_id", "product_id", "seats", "unlinked", "unaccounted", "unaccounted_clients"];
    expect(await services("products", ...columns)).toEqual([
      "edr p1 6 0 — —",
      "m365 p1 157 5 — —",
      "m365 p2 0 0 3.0000 2",
    ]);
    expect(await services("kinds", "connection_id", "product_id", "kind", "status", "seats")).toEqual([
      ...["edr p1 user active 6", "m365 p0 user active 1", "m365 p1 guest active 3"],
      ...["m365 p1 user active 153", "m365 p1 user disabled 1"],
    ]);
  });

  it("gets the services with what is billed of them and to how many clients", async () => {
    expect(await services("services", "service_id", "service_name", "unit", "billed", "clients")).toEqual([
      ...["audit AUDIT user 0.0000 0", "backup BACKUP user 0.0000 0", "mail MAIL user 10.0000 2"],
    ]);
  });

  it("gets what each rule counts of each product, over how many clients, and whether it is in force", async () => {
    expect(await services("counts", "rule_id", "product_id", "counted", "clients")).toEqual([
      ...["r0 p2 6.0000 1", "r1 p1 9.0000 2", "r1 p2 1.0000 1"],
    ]);
    expect(await services("rules", "rule_id", "is_in_force", "clients")).toEqual(["r1 true 2", "r2 false 0"]);
    expect(await services("clients", "client_id", "slug")).toEqual(["a ~a", "b ~b", "gone —"]);
  });
});
