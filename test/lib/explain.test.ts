import {execFileSync} from "node:child_process";
import {copyFile, mkdtemp, rm} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {DuckDBInstance} from "@duckdb/node-api";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal, openDatabase} from "../../loaders/database.js";
import {exampleQueries} from "../../loaders/site/data/exampleQueries.js";
import {documentedTables} from "../../loaders/site/data/tables.js";
import {writeDatabase} from "../../loaders/site/data/writeDatabase.js";
import {creditLines} from "../../src/lib/creditLines.js";
import {clientFigures, explainClient, explainRow, outcomeOf, rowFigures} from "../../src/lib/explain.js";
import type {ExplainedRow, Explanation} from "../../src/lib/explanation.js";
import {copyReconciled} from "../sample/madeSample.js";

type Row = Record<string, string | null>;

let folder: string;
let ask: (sql: string) => Promise<Row[]>;
let close: () => void;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-explain-"));
  await copyReconciled(folder);
  const file = join(folder, "trueup.duckdb");
  await writeDatabase({directory: folder, file, tempDirectory: join(folder, "spill")});
  const instance = await DuckDBInstance.create(file, {access_mode: "READ_ONLY", threads: "1"});
  const connection = await instance.connect();
  ask = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];
  close = () => {
    connection.closeSync();
    instance.closeSync();
  };
});
afterAll(async () => {
  close?.();
  await rm(folder, {recursive: true, force: true});
});

/** What the rows of an explanation come to, worked out exactly and outside of SQL. */
async function outcome({sql, comesTo}: Explanation): Promise<bigint | string> {
  const rows = await ask(sql);
  expect(outcomeOf(sql)).toEqual(comesTo.kind === "rows" ? null : comesTo);
  if (comesTo.kind === "rows") return units(String(rows.length));
  // The figure stands first, where a narrow screen shows it.
  if (rows[0] !== undefined) expect(Object.keys(rows[0])[0]).toBe(comesTo.column);
  const values = rows.map((row) => units(row[comesTo.column]));
  if (comesTo.kind === "value") return new Set(values).size === 1 ? (values[0] ?? "") : values.join();
  return values.reduce<bigint>((sum, value) => sum + BigInt(value), 0n);
}

/** In millionths. */
function units(value: string | null | undefined): bigint | string {
  const [, sign, whole = "", part = ""] = /^(-?)(\d+)\.?(\d*)$/.exec(value ?? "") ?? [];
  return whole === "" ? String(value) : BigInt(`${sign}${whole}${part.padEnd(6, "0")}`);
}

describe("an explanation", () => {
  it("of every figure of a row comes to the figure shown: all rows of every fourth client, and all that are unusual", async () => {
    const rows = await ask(`
      select * from reconciliation as rows
      where client_id in (select client_id from (select client_id, row_number() over (order by client_id) as place from clients) where place % 4 = 1)
        or rate_basis not in ('invoice_line', 'agreement_line') or included_quantity <> 0 or count_state <> 'known'
        or service_id is null or billing_cycle <> 'monthly'
        or expected_quantity <> system_count
        or exists (
          select 1 from reconciliation_sources as sources
          where sources.reconciliation_id = rows.reconciliation_id and (count_method <> 'seats' or raw_count <> counted_quantity)
        )`);
    const bases = new Set(rows.map(({rate_basis}) => rate_basis));
    for (const basis of ["last_invoiced", "price_book", "list_price", "peer_median", "product_list_price"]) {
      expect([...bases], basis).toContain(basis);
    }
    const wrong: string[] = [];
    let explained = 0;
    for (const row of rows) {
      for (const figure of rowFigures) {
        if (row[figure] === null) continue;
        const label = String(row.service_name ?? row.product_name);
        const made = explainRow(figure, {...row, label} as unknown as ExplainedRow, {
          client_id: String(row.client_id),
          client_name: String(row.client_name),
          currency: String(row.currency),
        });
        const found = await outcome(made);
        if (found !== units(row[figure])) wrong.push(`${made.title}: ${row[figure]}, not ${found}`);
        explained += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(explained).toBeGreaterThan(300);
  }, 180_000);

  it("of an expected quantity multiplies a large count with all decimals of the multiplier", async () => {
    const [row] = await ask("select * from reconciliation where client_id = 'C1000' and service_id = 'S-RMM'");
    const [given] = await ask("select current_database() as name");
    await ask(`create temp view service_rules as
      select * replace (cast(0.0009765625 as decimal(18, 10)) as multiplier) from "${given?.name}".service_rules`);
    await ask(`create temp view reconciliation_sources as
      select * replace (cast(10240000 as decimal(18, 4)) as counted_quantity) from "${given?.name}".reconciliation_sources`);
    try {
      const about = {client_id: "C1000", client_name: "Alder Dental LLC", currency: "USD"};
      const made = explainRow("expected_quantity", {...row, label: "RMM"} as unknown as ExplainedRow, about);
      expect(await outcome(made)).toBe(units("10000"));
    } finally {
      await ask("drop view temp.service_rules; drop view temp.reconciliation_sources");
    }
  });

  it("of every total of every other client comes to the figure shown", async () => {
    const clients = await ask("select * from clients");
    const wrong: string[] = [];
    for (const client of clients.filter((_, place) => place % 2 === 0)) {
      for (const figure of clientFigures) {
        if (figure === "coverage_lines" && client.coverage_lines === null) continue;
        const made = explainClient(figure, {
          client_id: String(client.client_id),
          client_name: String(client.client_name),
          currency: String(client.currency),
        });
        const found = await outcome(made);
        if (found !== units(client[figure])) wrong.push(`${made.title}: ${client[figure]}, not ${found}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("keeps ids and names from being read as SQL", async () => {
    const made = explainClient("flagged_count", {
      client_id: "x' or '1' = '1",
      client_name: "Evil\ndrop table clients; --",
      currency: "USD",
    });
    expect(await ask(made.sql)).toEqual([]);
    expect(made.sql.split("\n").filter((line) => line.includes("drop table"))).toEqual([
      "-- Flags, Evil drop table clients; --",
    ]);
  });
});

describe("the site's database", () => {
  it("has a description for every table and column, and the rows of every mart and canonical table", async () => {
    const tables = await documentedTables();
    const written = await ask(
      `select table_name, comment from duckdb_tables()
       union all select view_name, comment from duckdb_views() where view_name = 'lake_seats' order by table_name`,
    );
    expect(written.map(({table_name}) => table_name)).toEqual(tables.map(({name}) => name).sort());
    const columns = await ask(
      `select table_name, column_name, data_type from duckdb_columns()
       where coalesce(trim(comment), '') = ''
         and (table_name in (select table_name from duckdb_tables()) or table_name = 'lake_seats')`,
    );
    expect(columns).toEqual([]);
    expect(written.filter(({comment}) => comment === null || comment === "")).toEqual([]);
    const parquet = await openDatabase();
    for (const {name, kind} of tables) {
      if (kind !== "mart") continue;
      const [given] = await parquet.rows(
        `select count(*) as rows from ${literal(join(folder, "marts", `${name}.parquet`))}`,
      );
      const [found] = await ask(`select count(*) as rows from ${name}`);
      expect(found, name).toEqual(given);
    }
    parquet.close();
    expect(await ask("select count(*) as seats from lake_seats")).toEqual(
      await ask("select count(*) as seats from seats"),
    );
    const [agreements] = await ask("select count(*) as n from lake_agreement_lines");
    expect(Number(agreements?.n)).toBeGreaterThan(100);
  });
});

describe("the site's database elsewhere", () => {
  it("works from another folder and under another name, its views too", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "trueup-elsewhere-"));
    await copyFile(join(folder, "trueup.duckdb"), join(elsewhere, "copy.duckdb"));
    const script = `
      const {DuckDBInstance} = require(${JSON.stringify(createRequire(import.meta.url).resolve("@duckdb/node-api"))});
      DuckDBInstance.create().then((instance) => instance.connect()).then(async (connection) => {
        await connection.run("attach 'copy.duckdb' as mine (read_only)");
        const reader = await connection.runAndReadAll("select * from mine.most_underbilled_clients limit 1");
        console.log(JSON.stringify(reader.getRowObjectsJson()));
      });`;
    const output = execFileSync(process.execPath, ["-e", script], {cwd: elsewhere, encoding: "utf8"});
    expect(JSON.parse(output)).toMatchObject([{client_name: "Foxglove Foods Inc.", underbilled_monthly: "156.00"}]);
    const views = await ask(
      "select view_name, comment from duckdb_views() where not internal and view_name <> 'lake_seats' order by view_name",
    );
    expect(views).toEqual(
      (await exampleQueries())
        .map(({id, description}) => ({view_name: id, comment: description}))
        .sort((a, b) => (a.view_name < b.view_name ? -1 : 1)),
    );
    await rm(elsewhere, {recursive: true, force: true});
  });
});

describe("every example query", () => {
  it("runs over the sample, finds rows, and returns the columns that it promises", async () => {
    const examples = await exampleQueries();
    expect(examples.length).toBeGreaterThanOrEqual(12);
    for (const {id, sql, returns} of examples) {
      const rows = await ask(sql);
      expect(rows.length, id).toBeGreaterThan(0);
      expect(Object.keys(rows[0] ?? {}), id).toEqual(returns);
    }
  });

  it("finds credits of which no figure of the present month knows, those first that came after their period", async () => {
    const {sql} = (await exampleQueries()).find(({id}) => id === "credits") ?? {sql: ""};
    const told = async (query: string) =>
      (await ask(query)).map((row) => [
        ...[row.invoice_date, row.client_name, row.credited_amount, row.currency],
        ...[row.is_billed_now, row.came_late],
      ]);
    const usual = await told(sql);
    expect(usual).toContainEqual(["2026-11-01", "Elmstead Motors LLC", "-36.00", "USD", true, false]);
    expect(usual).toContainEqual(["2026-10-01", "Quarry Law Ltd", "-65.00", "USD", false, false]);
    const late = sql
      .replace(
        "lake_invoice_lines as lines",
        `(from lake_invoice_lines union all by name select 'late' as invoice_line_id, 'note' as invoice_id, -2 as quantity,
          6.255 as unit_price, 'I16-10-S-EDR' as parent_line_id) as lines`,
      )
      .replace(
        "lake_invoices as invoices",
        `(from lake_invoices union all by name select 'note' as invoice_id, 'C1016' as client_id, 'USD' as currency,
          date '2026-11-01' as invoice_date, date '2026-10-01' as period_start, date '2026-11-01' as period_end) as invoices`,
      );
    expect(await told(late)).toEqual([["2026-11-01", "Quarry Law Ltd", "-12.51", "USD", false, true], ...usual]);
  });

  it("finds the invoices that credited a client something, and those of no other client", async () => {
    const told = async (client_id: string) =>
      (await ask(creditLines({client_id, client_name: "Quarry\nLaw"}))).map((row) =>
        [row.invoice_date, row.invoice_number, row.credited_amount, row.currency].join(" "),
      );
    expect(await told("C1016")).toEqual(["2026-10-01 INV-016-10 -65.00 USD"]);
    expect(await told("nobody's")).toEqual([]);
  });

  it("names the currency of every amount, and ranks amounts of one currency after those of another", async () => {
    const isAmount = /_monthly$|_value$|^total$|_amount$|_at_stake$|_price$|^change$/;
    const ranking = [
      ...["most_underbilled_clients", "price_below_cost", "discrepancies_by_cause", "discrepancies_by_integration"],
      ...["inactive_seats_by_service", "margin_per_client", "not_compared", "flags_worth_most"],
    ];
    for (const {id, sql, returns} of await exampleQueries()) {
      if (returns.some((name) => isAmount.test(name))) expect(returns, id).toContain("currency");
      if (!ranking.includes(id)) continue;
      const currencies = (await ask(sql)).map(({currency}) => currency);
      const runs = currencies.filter((currency, place) => currency !== currencies[place - 1]);
      expect(runs, id).toEqual([...new Set(runs)]);
    }
  });
});
