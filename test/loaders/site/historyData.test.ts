import {createHash} from "node:crypto";
import {mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {type Database, openDatabase} from "../../../loaders/database.js";
import {writeHistoryData} from "../../../loaders/site/data/historyData.js";
import {rowsOf, type Table} from "../../../src/lib/rows.js";
import {reconcileAll} from "../../models/harness.js";
import {ordinaryWorld} from "../../models/ordinary.js";

type Written = Readonly<Record<string, Record<string, Record<string, string | null>[]>>>;

/** Every table that is written, by file. */
async function writtenOf(database: Database): Promise<Written> {
  const path = await mkdtemp(join(tmpdir(), "trueup-history-"));
  try {
    await writeHistoryData(database, {path, hash: createHash("sha256")});
    const found: Record<string, Written[string]> = {};
    for (const name of (await readdir(path, {recursive: true})).filter((file) => file.endsWith(".json"))) {
      const tables = JSON.parse(await readFile(join(path, name), "utf8")) as Record<string, Table>;
      found[name] = Object.fromEntries(Object.entries(tables).map(([key, table]) => [key, rowsOf(table)]));
    }
    return found;
  } finally {
    await rm(path, {recursive: true});
  }
}

const october = {settings: {as_of: "2026-10-31T23:59:59Z", as_of_date: "2026-10-31"}};

it("calls a client and a service as they were called last", async () => {
  const before = {
    clients: [{client_id: "acme", client_name: "Zenith"}],
    services: [{service_id: "mail", service_name: "Webmail"}],
  };
  const closed = {"2026-10": await reconcileAll(ordinaryWorld({...october, ...before}))};
  let written: Written = {};
  await reconcileAll(ordinaryWorld({closed}), async (database) => {
    await database.run("create table pages as select 'acme' as client_id, '~acme' as slug");
    written = await writtenOf(database);
  });
  expect(written["history.json"]?.subjects).toMatchObject([{client_name: "Acme", named: "0"}]);
  expect(written["history.json"]?.names).toMatchObject([{label: "Mail protection"}]);
});

it("writes what marts of somebody else's call a month below the site's history too", async () => {
  let written: Written = {};
  await reconcileAll(ordinaryWorld(october), async (database) => {
    await database.run("create table pages as select 'acme' as client_id, '~acme' as slug");
    await database.run(
      `create temp view history_changes as
       from memory.main.history_changes union all by name select '../it''s' as period`,
    );
    written = await writtenOf(database);
  });
  expect(Object.keys(written)).toContain(join("history", "_2e_2e_2fit_27s.json"));
});

it("lists each subject once, and what several are called, client by client, at the place that months and changes refer to, currency by currency", async () => {
  const database = await openDatabase();
  try {
    await database.run("create table pages as select 'a' as client_id, '~a' as slug");
    await database.run(
      "create table summary as select * from (values ('CAD', 2), ('USD', 9)) as rows(currency, clients_total)",
    );
    await database.run(`create table history as
      select * from (values ('2026-11', 'USD'), ('2026-10', 'USD'), ('2026-10', 'EUR'), ('2026-10', 'CAD')) as rows(period, currency)`);
    await database.run(`create table history_services as
      select * from (values ('2026-11', 'mail', 'USD', 0.5), ('2026-10', 'mail', 'USD', 1.0), ('2026-10', 'mail', 'EUR', 0.2), ('2026-10', 'backup', 'USD', 0.1), ('2026-10', null, 'USD', 0.9))
        as rows(period, service_id, currency, coverage_amount)`);
    await database.run(`create table history_discrepancies as
      select period, reconciliation_id, client_id, upper(client_id) as client_name, service_id, upper(service_id) as service_name,
        connection_ids, product_id, upper(product_id) as product_name, currency, 'calculated' as discrepancy_type, impact as impact_monthly,
        cast(-2.5 as decimal(18, 4)) as delta_quantity
      from (values
        ('2026-11', 'r2', 'a', 'mail', 'm365', null, 'USD', 3.00), ('2026-10', 'r2', 'a', 'mail', 'm365;rmm', null, 'USD', 2.00),
        ('2026-10', 'r2', 'a', 'mail', 'm365;rmm', null, 'EUR', 7.00), ('2026-10', 'r1', 'gone', null, 'rmm', 'p9', 'USD', null)
      ) as rows(period, reconciliation_id, client_id, service_id, connection_ids, product_id, currency, impact)`);
    await database.run(`create table history_changes as
      select period, reconciliation_id, currency, 'calculated' as discrepancy_type, kind as change_kind, 'usage' as reason,
        'e' as evidence, 2 as months_open, '2026-09' as first_period, '2026-08' as earliest_period,
        1 as previous_impact_monthly, 2 as impact_monthly, 3 as appeared_monthly, 4 as resolved_monthly,
        5 as uncompared_monthly, 6 as quantity_monthly, 7 as price_monthly, 8 as settled_monthly, 9 as credited_amount
      from (values
        ('2026-11', 'r2', 'USD', 'changed'), ('2026-11', 'r2', 'EUR', 'resolved'), ('2026-10', 'r1', 'USD', 'new')
      ) as rows(period, reconciliation_id, currency, kind)`);
    const {"history.json": history, ...changes} = await writtenOf(database);

    expect(history?.currencies).toEqual([
      {currency: "CAD", clients: "2"},
      {currency: "EUR", clients: "0"},
      {currency: "USD", clients: "9"},
    ]);
    expect(history?.months?.map(({period, currency}) => `${period} ${currency}`)).toEqual([
      ...["2026-10 CAD", "2026-10 EUR", "2026-10 USD", "2026-11 USD"],
    ]);
    expect(history?.services?.map(({period, service, currency}) => `${service} ${period} ${currency}`)).toEqual([
      ...[
        "service:backup 2026-10 USD",
        "service:mail 2026-10 EUR",
        "service:mail 2026-10 USD",
        "service:mail 2026-11 USD",
      ],
    ]);
    expect(history?.names).toEqual([
      {service: "product:rmm:p9", label: "P9 (no service)", named: "0"},
      {service: "service:mail", label: "MAIL", named: "1"},
    ]);
    const subject = {slug: "~a", client_id: "a", client_name: "A", named: "1"};
    expect(history?.subjects).toEqual([
      {...subject, connection_ids: "m365;rmm", currency: "EUR", subject: "0"},
      {...subject, connection_ids: "m365", currency: "USD", subject: "1"},
      {
        ...{client_id: "gone", slug: null, client_name: "GONE", named: "0"},
        ...{connection_ids: "rmm", currency: "USD", subject: "2"},
      },
    ]);
    const discrepancy_type = "calculated";
    expect(history?.found).toEqual([
      {subject: "0", period: "2026-10", discrepancy_type, impact_monthly: "7.00", unpriced: null},
      {subject: "1", period: "2026-10", discrepancy_type, impact_monthly: "2.00", unpriced: null},
      {subject: "2", period: "2026-10", discrepancy_type, impact_monthly: null, unpriced: "-1"},
      {subject: "1", period: "2026-11", discrepancy_type, impact_monthly: "3.00", unpriced: null},
    ]);
    const change = {
      ...{discrepancy_type, reason: "usage", evidence: "e", months_open: "2", first_period: "2026-09"},
      ...{earliest_period: "2026-08", previous_impact_monthly: "1", impact_monthly: "2", appeared_monthly: "3"},
      ...{resolved_monthly: "4", uncompared_monthly: "5", quantity_monthly: "6", price_monthly: "7"},
      ...{settled_monthly: "8", credited_amount: "9"},
    };
    expect(changes).toEqual({
      "history/2026-10.json": {changes: [{subject: "2", change_kind: "new", ...change}]},
      "history/2026-11.json": {
        changes: [
          {subject: "0", change_kind: "resolved", ...change},
          {subject: "1", change_kind: "changed", ...change},
        ],
      },
    });
  } finally {
    database.close();
  }
});
