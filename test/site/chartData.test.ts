import {afterAll, beforeAll, expect, it} from "vitest";
import {type Database, openDatabase} from "../../loaders/database.js";
import {charts} from "../../loaders/site/chartData.js";
import type {TableQuery} from "../../loaders/site/jsonFile.js";
import {margin} from "../../loaders/site/marginData.js";

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
    select case when product_id is null then 'USD' else 'EUR' end as currency, client_id, upper(client_id) as client_name, service_id, case when service_id is not null then 'Mail' end as service_name, product_id,
      cast(revenue as decimal(18, 2)) as revenue_monthly, cast(cost as decimal(18, 2)) as cost_monthly,
      cast(revenue - cost as decimal(18, 2)) as margin_monthly, state as margin_state
    from (values
      ('a', 'mail', null, 100.00, 60.00, 'earned'), ('a', null, null, 20.00, null, 'cost_unknown'),
      ('a', null, 'p9', null, 5.00, 'not_billed'), ('b', 'mail', null, 10.00, 12.00, 'below_cost')
    ) as rows(client_id, service_id, product_id, revenue, cost, state)`);
  await database.run(`create table licences as
    select 'm365' as connection_id, 'p1' as product_id, 'Exchange' as product_name, 'USD' as currency, client_id, charged as charged_quantity,
      revenue as revenue_monthly, cost as cost_monthly, revenue - cost as margin_monthly, unassigned as unassigned_quantity,
      unbilled as unbilled_quantity, unassigned * 4.00 as unassigned_monthly, is_committed
    from (values
      ('a', 10, 100.00, 60.00, 2, 0, true), ('b', 5, null, 20.00, 0, 1, false), ('c', 3, 30.00, null, 1, 0, false), ('d', 1, null, null, 0, 0, false)
    ) as rows(client_id, charged, revenue, cost, unassigned, unbilled, is_committed)`);
  await database.run(`create table margin_summary as select 'USD' as currency, 2 as clients_total`);
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
    ["EUR", "a", "~a", "A", null, null, null, null, "0.00", "0"],
    ["USD", "a", "~a", "A", "120.00", "100.00", "60.00", "40.00", "20.00", "0"],
    ["USD", "b", "~b", "B", "10.00", "10.00", "12.00", "-2.00", "0.00", "1"],
  ]);
  expect(await rowsOf(margin.services)).toEqual([
    ["USD", "", null, "Lines without a service", "20.00", null, null, null, "20.00", "0"],
    ["USD", "mail", null, "Mail", "110.00", "110.00", "72.00", "38.00", "0.00", "1"],
  ]);
  expect(await rowsOf(margin.products)).toEqual([
    ["m365", "p1", "Exchange", "USD", "4", "19", "130.00", "100.00", "60.00", "40.00", "2", "1"],
  ]);
});

it("tells licences that are paid for in vain, and what of them is committed", async () => {
  expect(await rowsOf(margin.unused)).toEqual([["3"]]);
  expect(await rowsOf(margin.summary)).toEqual([["USD", "2", "8.00"]]);
});
