import {afterAll, beforeAll, expect, it} from "vitest";
import {type Database, openDatabase} from "../../loaders/database.js";
import {charts} from "../../loaders/site/data/chartData.js";
import type {TableQuery} from "../../loaders/site/data/jsonFile.js";
import {margin, marginRows, unusedLicences} from "../../loaders/site/data/marginData.js";

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
  await database.run(`create table reconciliation as
    select currency, client_id, service_id, case when service_id is not null then 'Mail' end as service_name, 'm365' as connection_ids, 'p1' as product_id,
      'Exchange' as product_name, status, cast(impact as decimal(18, 2)) as impact_monthly, billed as invoiced_quantity,
      used as expected_quantity, used - billed as delta_quantity
    from (values
      ('USD', 'a', 'mail', 'discrepancy', 10.00, 5, 7), ('USD', 'a', 'mail', 'discrepancy', -4.00, 6, 5),
      ('USD', 'b', 'mail', 'discrepancy', null, 1, 2), ('USD', 'b', null, 'discrepancy', 3.00, 0, 3),
      ('USD', 'c', 'mail', 'reconciled', 0.00, 8, 8), ('USD', 'd', 'mail', 'no_data', null, 9, null),
      ('EUR', 'a', 'mail', 'discrepancy', 1.00, 1, 2)
    ) as rows(currency, client_id, service_id, status, impact, billed, used)`);
  await database.run(`create table clients as
    select unnest(['a', 'b']) as client_id, unnest(['Acme', 'Bolt']) as client_name, 'USD' as currency,
      unnest([10.00, 0.00]) as underbilled_monthly, unnest([4.00, 0.00]) as overbilled_monthly, unnest([14.00, 0.00]) as absolute_monthly`);
  await database.run("create table pages as select unnest(['a', 'b']) as client_id, unnest(['~a', '~b']) as slug");
  await database.run(`create table margin as
    select currency, client_id, upper(client_id) as client_name, service_id, upper(service_id) as service_name,
      case when product_id is not null then 'm365' end as connection_id, product_id, null as product_name,
      2 as invoiced_quantity, 3 as used_quantity, null as cost_basis, null as margin_share, null as costed_products,
      null as uncosted_products,
      cast(revenue as decimal(18, 2)) as revenue_monthly, cast(cost as decimal(18, 2)) as cost_monthly,
      cast(revenue - cost as decimal(18, 2)) as margin_monthly, state as margin_state
    from (values
      ('USD', 'b', 'mail', null, 10.00, 12.00, 'below_cost'), ('EUR', 'b', null, 'p9', null, 5.00, 'not_billed'),
      ('USD', 'a', 'mail', null, 100.00, 60.00, 'earned'), ('USD', 'a', null, null, 20.00, null, 'cost_unknown'),
      ('EUR', 'b', null, 'p3', null, 1.00, 'not_billed'), ('EUR', 'c', 'backup', null, 7.00, 2.00, 'earned')
    ) as rows(currency, client_id, service_id, product_id, revenue, cost, state)`);
  await database.run(`create table licences as
    select connection_id, product_id, upper(product_id) as product_name, 'USD' as currency, client_id, upper(client_id) as client_name, charged as charged_quantity,
      revenue as revenue_monthly, cost as cost_monthly, revenue - cost as margin_monthly, unassigned as unassigned_quantity,
      unbilled as unbilled_quantity, unassigned * 4.00 as unassigned_monthly, is_committed, null as supplier_ids,
      null as service_names, null as purchased_quantity, null as used_quantity, null as billed_quantity, null as unit_cost,
      null as cost_basis, null as unbilled_monthly, null as commitment_end
    from (values
      ('b', 'm365', 'p1', 5, null, 20.00, 0, 1, false), ('a', 'm365', 'p2', 0, null, null, 0, 0, false), ('a', 'rmm', 'p0', 1, 1.00, 1.00, null, 4, false),
      ('a', 'm365', 'p1', 10, 100.00, 60.00, 2, 0, true), ('c', 'm365', 'p1', 3, 30.00, null, 1, 0, false), ('d', 'm365', 'p1', 1, null, null, 0, 0, false)
    ) as rows(client_id, connection_id, product_id, charged, revenue, cost, unassigned, unbilled, is_committed)`);
  await database.run(
    `create table margin_summary as select unnest(['USD', 'EUR', 'CAD']) as currency, unnest([5, 2, 2]) as clients_total`,
  );
});
afterAll(() => database.close());

async function rowsOf({sql, order}: TableQuery): Promise<(string | null)[][]> {
  const rows = await database.rows(`select * from (${sql}) order by ${order}`);
  return rows.map((row) => Object.values(row).map((value) => (value === null ? null : String(value))));
}

it("draws what has a price, under and over apart, by client and by service in each currency", async () => {
  expect(await rowsOf(charts.clients)).toEqual([["USD", "a", "Acme", "10.00", "4.00"]]);
  expect(await rowsOf(charts.cells)).toEqual([
    ["EUR", "a", "service:mail", "Mail", "1.00", "0.00"],
    ["USD", "a", "service:mail", "Mail", "10.00", "4.00"],
    ["USD", "b", "product:m365:p1", "Exchange (no service)", "3.00", "0.00"],
  ]);
});

it("adds up quantities of services that could be compared: billed, used, missing and surplus", async () => {
  expect(await rowsOf(charts.quantities)).toEqual([
    ["EUR", "mail", "Mail", "1", "1", "2", "1", "0"],
    ["USD", "mail", "Mail", "4", "20", "22", "3", "1"],
  ]);
});

it("adds up margins where revenue and cost are known, and tells apart what is not", async () => {
  expect(await rowsOf(margin.clients)).toEqual([
    ["EUR", "b", "B", null, null, null, null, "0.00", "0"],
    ["EUR", "c", "C", "7.00", "7.00", "2.00", "5.00", "0.00", "0"],
    ["USD", "a", "A", "120.00", "100.00", "60.00", "40.00", "20.00", "0"],
    ["USD", "b", "B", "10.00", "10.00", "12.00", "-2.00", "0.00", "1"],
  ]);
  expect(await rowsOf(margin.services)).toEqual([
    ["EUR", "backup", "BACKUP", "7.00", "7.00", "2.00", "5.00", "0.00", "0"],
    ["USD", "", "Lines without a service", "20.00", null, null, null, "20.00", "0"],
    ["USD", "mail", "MAIL", "110.00", "110.00", "72.00", "38.00", "0.00", "1"],
  ]);
  expect(await rowsOf(margin.products)).toEqual([
    ["m365", "p1", "P1", "USD", "4", "19", "100.00", "60.00", "40.00", "2", "1"],
    ["m365", "p2", "P2", "USD", "1", "0", null, null, null, "1", "0"],
    ["rmm", "p0", "P0", "USD", "1", "1", "1.00", "1.00", "0.00", "0", "0"],
  ]);
});

it("lists every margin of a client that has a page, client by client", async () => {
  const rows = await rowsOf(marginRows.rows);
  expect(
    rows.map(([client, slug, , service, , , product, , currency]) => [client, slug, currency, service, product]),
  ).toEqual([
    ["a", "~a", "USD", "mail", null],
    ["a", "~a", "USD", null, null],
    ["b", "~b", "EUR", null, "p3"],
    ["b", "~b", "EUR", null, "p9"],
    ["b", "~b", "USD", "mail", null],
  ]);
});

it("tells licences that are paid for in vain, and what of them is committed, in each currency", async () => {
  expect(await rowsOf(margin.unused)).toEqual([["4"]]);
  const unused = await rowsOf(unusedLicences.licences);
  expect(unused.map(([client, slug, , connection, product]) => [client, slug, connection, product])).toEqual([
    ["a", "~a", "m365", "p1"],
    ["a", "~a", "rmm", "p0"],
    ["b", "~b", "m365", "p1"],
  ]);
  expect(await rowsOf(margin.costs_in)).toEqual([["USD"]]);
  expect(await rowsOf(margin.summary)).toEqual([
    ["CAD", "2", null],
    ["EUR", "2", null],
    ["USD", "5", "8.00"],
  ]);
});
