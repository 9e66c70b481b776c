import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {type Database, openDatabase} from "../../loaders/database.js";
import {writeInactiveData} from "../../loaders/site/data/inactiveData.js";
import {openDataFolder} from "../../loaders/site/data/jsonFile.js";
import {rowsOf, type Table} from "../../src/lib/rows.js";

let folder: string;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-inactive-"));
  database = await openDatabase();
  await database.run("create table pages as select 'a' as client_id, '~a' as slug");
  await database.run(`create table integrations as
    select 'usage' as kind, connection_id, health, timestamptz '2026-10-31 20:00:00+00' as last_success_at,
      true as reports_activity, 1 as accounts_linked
    from (values ('rmm', 'red'), ('m365', 'yellow'), ('backup', 'green')) as connections(connection_id, health)`);
  await database.run(`create table inactive_seats as
    select client_id, 'Client ' || client_id as client_name, 'm365' as connection_id, 'acc' as account_id,
      product_id, 'P' as product_name, seat_id, 'user' as kind, seat_id as display_name, seat_id as identifier,
      'counted' as disposition, activity_state, cast(null as timestamptz) as last_activity_at, days_inactive,
      lower(product_id) as service_id, product_id as service_name, cast(monthly_value as decimal(18, 2)) as monthly_value, currency,
      cast(null as date) as commitment_end
    from (values
      ('b', '0', 'P', 'inactive', 22, 5.00, 'EUR'),
      ('a', '3', 'Q', 'never_active', null, null, null),
      ('a', '1', 'Q', 'inactive', 30, 12.30, 'USD'),
      ('a', '2', 'P', 'inactive', 45, 12.30, 'USD')
    ) as seats(client_id, seat_id, product_id, activity_state, days_inactive, monthly_value, currency)`);
});
afterAll(async () => {
  database.close();
  await rm(folder, {recursive: true, force: true});
});

async function written(mostListed: number): Promise<Record<string, unknown>> {
  await writeInactiveData(database, openDataFolder(folder), {inactiveAfterDays: 21, mostListed});
  return JSON.parse(await readFile(join(folder, "inactive.json"), "utf8"));
}

it("lists seats one by one as long as a browser can search them", async () => {
  const {seats, groups, inactive_after_days} = await written(4);
  expect(groups).toBeUndefined();
  expect(inactive_after_days).toBe(21);
  expect(rowsOf<{seat_id: string}>(seats as Table).map(({seat_id}) => seat_id)).toEqual(["2", "1", "3", "0"]);
});

it("names the connections of seats whose data is not current", async () => {
  for (const mostListed of [4, 3]) {
    const {stale} = await written(mostListed);
    expect(rowsOf(stale as Table)).toEqual([{connection_id: "m365", last_success_at: "2026-10-31T20:00:00Z"}]);
  }
});

it("adds up more of them by client, integration, activity and currency, and drops none", async () => {
  const {seats, groups} = await written(3);
  expect(seats).toBeUndefined();
  expect(rowsOf(groups as Table)).toEqual([
    {
      ...{client_id: "a", slug: "~a", client_name: "Client a", connection_id: "m365", activity_state: "inactive"},
      ...{currency: "USD", seat_count: "2", monthly_value: "24.60", days_inactive: "45"},
    },
    {
      ...{client_id: "a", slug: "~a", client_name: "Client a", connection_id: "m365", activity_state: "never_active"},
      ...{currency: null, seat_count: "1", monthly_value: null, days_inactive: null},
    },
    {
      ...{client_id: "b", slug: null, client_name: "Client b", connection_id: "m365", activity_state: "inactive"},
      ...{currency: "EUR", seat_count: "1", monthly_value: "5.00", days_inactive: "22"},
    },
  ]);
});

it.each([
  ["where nothing is connected", "kind = 'psa'", {is_read: false, is_activity_known: false}],
  [
    "of what was never read",
    "last_success_at = null, reports_activity = null",
    {is_read: false, is_activity_known: false},
  ],
  ["of vendors that report no activity", "reports_activity = false", {is_read: true, is_activity_known: false}],
  ["of accounts without a client", "accounts_linked = 0", {is_read: true, is_activity_known: false}],
  ["of clients whose vendor reports it", "kind = 'usage'", {is_read: true, is_activity_known: true}],
])("tells whether the use of any seat is known: %s", async (_, change, expected) => {
  await database.run(`create or replace temp table before as from integrations; update integrations set ${change}`);
  const told = await written(4);
  await database.run("delete from integrations; insert into integrations from before");
  expect(told).toMatchObject(expected);
});
