// @vitest-environment jsdom
import {createRequire} from "node:module";
import {CompletionContext} from "@codemirror/autocomplete";
import {EditorState} from "@codemirror/state";
import {
  Decimal,
  Field,
  Int32,
  IntervalMonthDayNano,
  Map_,
  makeData,
  makeVector,
  Struct,
  Table,
  TimestampMicrosecond,
  vectorFromArray,
} from "apache-arrow";
import {describe, expect, it} from "vitest";
import {explorer} from "../../src/components/explorer.js";
import {resultChart, sensibleChart} from "../../src/components/resultChart.js";
import {resultTable} from "../../src/components/resultTable.js";
import {schemaBrowser} from "../../src/components/schemaBrowser.js";
import {mendIntervals} from "../../src/lib/arrowIntervals.js";
import type {BrowserDatabase, QueryResult} from "../../src/lib/browserDatabase.js";
import {browserStorage} from "../../src/lib/browserStorage.js";
import {queryOf, queryPart} from "../../src/lib/queryAddress.js";
import {placeOf, queryError} from "../../src/lib/queryError.js";
import {pastQueries, rememberQuery} from "../../src/lib/queryHistory.js";
import {type ResultSet, resultSet} from "../../src/lib/resultSet.js";
import {aliasesIn, completeNames} from "../../src/lib/sqlLanguage.js";

const tables = [
  {
    name: "clients",
    kind: "mart",
    description: "One row per client.",
    columns: [
      {name: "client_id", type: "VARCHAR", description: "The PSA's id."},
      {name: "client_name", type: "VARCHAR", description: "The client's name."},
    ],
  },
  {
    name: "seats",
    kind: "mart",
    description: "Every seat.",
    columns: [{name: "seat_id", type: "VARCHAR", description: "The vendor's id."}],
  },
];

function complete(text: string): string[] {
  const context = new CompletionContext(EditorState.create({doc: text}), text.length, true);
  return (completeNames(tables)(context)?.options ?? []).map(({label}) => label);
}

function rows(count: number, columns: ResultSet["columns"], text: ResultSet["text"]): ResultSet {
  return {columns, rowCount: count, text};
}

describe("completion", () => {
  it("offers the columns of an alias after a dot, and only tables after from", () => {
    expect(complete("select c. from clients as c".slice(0, 9))).toEqual([]);
    expect(complete("select * from clients as c where c.")).toEqual(["client_id", "client_name"]);
    expect(complete("select * from ")).toEqual(["clients", "seats"]);
  });

  it("offers the columns of the tables that the query names, and all while it names none", () => {
    expect(complete("select * from seats where ").slice(0, 1)).toEqual(["seat_id"]);
    expect(complete("select * from seats where ")).not.toContain("client_name");
    expect(complete("select ")).toContain("client_name");
  });

  it("does not take a keyword for an alias", () => {
    expect([...aliasesIn("select * from seats where x join clients c on 1=1")]).toEqual([
      ["seats", "seats"],
      ["clients", "clients"],
      ["c", "clients"],
    ]);
  });
});

describe("an error of DuckDB", () => {
  it("has its place counted in characters, though DuckDB counts bytes", () => {
    const sql = "select 'é',\n  foo from clients";
    const error = queryError(
      '{"exception_type":"Binder","exception_message":"Referenced column \\"foo\\" not found","position":"15"}',
      sql,
    );
    expect(error.message).toBe('Binder error: Referenced column "foo" not found');
    expect(placeOf(sql, error.offset as number)).toEqual({line: 2, column: 3});
  });

  it("that the parser wraps in another is unwrapped, one without a place keeps its text, and none says to install anything", () => {
    const inner = '{"exception_type":"Parser","exception_message":"syntax error at or near \\"1\\"","position":"17"}';
    const outer = JSON.stringify({exception_type: "Parser", exception_message: inner, position: "17"});
    expect(queryError(outer, "x".repeat(20))).toMatchObject({
      message: 'Syntax error at or near "1"',
      offset: 17,
    });
    const catalog = 'Type with name "json" is not in the catalog, but it exists in the json extension. INSTALL json';
    const lacking = JSON.stringify({exception_type: "Catalog", exception_message: catalog, position: "7"});
    expect(queryError(lacking, "")).toMatchObject({
      message: "This needs DuckDB’s extension json, which the site does not have.",
      offset: null,
    });
    expect(queryError("out of memory", "")).toMatchObject({message: "out of memory", offset: null});
    expect(queryError("query was canceled", "").isCancelled).toBe(true);
  });
});

describe("a result", () => {
  it("keeps every digit of decimals, big integers and times, and knows null from text", () => {
    const decimal = (scale: number) => new Decimal(scale, 38, 128);
    const words = (value: bigint) => new Uint32Array(new BigInt64Array([value, value < 0n ? -1n : 0n]).buffer);
    const instants = new BigInt64Array([1_795_478_399_999_999n, -1n, 0n]);
    const table = new Table({
      price: vectorFromArray([words(12_345_678_901_234_567n), words(-5n), null], decimal(2)),
      id: vectorFromArray([9_007_199_254_740_993n, 0n, null]),
      at: makeVector(makeData({type: new TimestampMicrosecond("UTC"), data: instants})),
      name: vectorFromArray(["null", "", null]),
    });
    const result = resultSet(table as unknown as QueryResult);
    const shown = [0, 1, 2].map((row) => result.columns.map((_, column) => result.text(row, column)));
    expect(shown).toEqual([
      ["123456789012345.67", "9007199254740993", "2026-11-23 23:59:59.999999Z", "null"],
      ["-0.05", "0", "1969-12-31 23:59:59.999999Z", ""],
      [null, null, "1970-01-01 00:00:00Z", null],
    ]);
    expect(result.columns.map(({type}) => type)).toEqual(["DECIMAL(38,2)", "BIGINT", "TIMESTAMPTZ", "ENUM"]);
  });

  it("has the amounts of a map with their decimals, as those of a column", () => {
    const decimal = new Decimal(2, 18, 128);
    const words = (units: readonly bigint[]) =>
      new Uint32Array(new BigInt64Array(units.flatMap((value) => [value, value < 0n ? -1n : 0n])).buffer);
    const entries = new Struct([new Field("key", decimal), new Field("value", new Int32())]);
    const table = new Table({
      counts: makeVector(
        makeData({
          type: new Map_(new Field("entries", entries)),
          length: 2,
          valueOffsets: new Int32Array([0, 1, 3]),
          child: makeData({
            type: entries,
            length: 3,
            children: [
              makeData({type: decimal, length: 3, data: words([6800n, -50n, 15600n])}),
              makeData({type: new Int32(), length: 3, data: new Int32Array([1, 2, 3])}),
            ],
          }),
        }),
      ),
    });
    const result = resultSet(table as unknown as QueryResult);
    expect([0, 1].map((row) => result.text(row, 0))).toEqual(["{68.00: 1}", "{-0.50: 2, 156.00: 3}"]);
  });

  it("counts the hours of an interval beyond a day, and shows instants without an end", () => {
    const intervals: readonly (readonly [number, number, bigint])[] = [
      [0, 0, 108_000_000_000_000n],
      [1, -2, -90_900_250_000_000n],
    ];
    const words = intervals.flatMap(([months, days, nanoseconds]) => [
      ...[months, days],
      ...new Int32Array(new BigInt64Array([nanoseconds]).buffer),
    ]);
    const instants = new BigInt64Array([2n ** 63n - 1n, 1n - 2n ** 63n]);
    const table = new Table({
      took: makeVector(makeData({type: new IntervalMonthDayNano(), length: 2, data: new Int32Array(words)})),
      at: makeVector(makeData({type: new TimestampMicrosecond(), data: instants})),
    });
    const result = resultSet(table as unknown as QueryResult);
    expect([0, 1].map((row) => [result.text(row, 0), result.text(row, 1)])).toEqual([
      ["30:00:00", "infinity"],
      ["1 month -2 days -25:15:00.25", "-infinity"],
    ]);
  });

  it("keeps all of an interval, in a list and in an Arrow file, though Arrow takes it for shorter than it is", () => {
    const require = createRequire(createRequire(import.meta.url).resolve("@duckdb/duckdb-wasm"));
    const arrow = require("apache-arrow");
    const type = new arrow.Interval(2);
    const words = new Int32Array([1, 2, 3, 4, 5].flatMap((day) => [0, day, 0, 0]));
    const days = arrow.makeData({type, length: 5, data: words});
    const lists = arrow.makeData({
      type: new arrow.List(new arrow.Field("took", type, true)),
      valueOffsets: new Int32Array([0, 2, 3, 5]),
      length: 3,
      child: days,
    });
    const shown = (table: QueryResult): (string | null)[] => {
      for (const {data} of table.batches) mendIntervals(data);
      const result = resultSet(table);
      return Array.from({length: result.rowCount}, (_, row) => result.text(row, 0));
    };
    expect(shown(new arrow.Table({took: arrow.makeVector(lists)}))).toEqual([
      "[1 day, 2 days]",
      "[3 days]",
      "[4 days, 5 days]",
    ]);
    const table = new arrow.Table({took: arrow.makeVector(days)});
    const expected = ["1 day", "2 days", "3 days", "4 days", "5 days"];
    expect(shown(table)).toEqual(expected);
    expect(shown(arrow.tableFromIPC(arrow.tableToIPC(table, "file")))).toEqual(expected);
  });

  it("of fifty thousand rows draws only what is in sight, and says how many there are", () => {
    const grid = resultTable(rows(50_000, [{name: "n", type: "BIGINT", kind: "number"}], (row) => String(row)));
    expect(grid.getAttribute("aria-rowcount")).toBe("50001");
    expect(grid.querySelectorAll("[role=gridcell]").length).toBeLessThan(80);
    grid.dispatchEvent(new KeyboardEvent("keydown", {key: "End", ctrlKey: true}));
    const last = [...grid.querySelectorAll("[role=gridcell]")].at(-1);
    expect(last?.textContent).toBe("49999");
    expect(last?.parentElement?.getAttribute("aria-rowindex")).toBe("50001");
    expect(grid.getAttribute("aria-activedescendant")).toBe(last?.id);
  });

  it("shows null as null and text as text, never as markup", () => {
    const values = [null, "<img src=x>"];
    const grid = resultTable(
      rows(2, [{name: "v", type: "VARCHAR", kind: "text"}], (row) => values[row] as string | null),
    );
    const cells = [...grid.querySelectorAll("[role=gridcell]")];
    expect(cells.map(({textContent}) => textContent)).toEqual(["null", "<img src=x>"]);
    expect(cells.map((cell) => cell.classList.contains("null"))).toEqual([true, false]);
    expect(grid.querySelector("img")).toBeNull();
  });
});

describe("a chart", () => {
  const column = (name: string, kind: ResultSet["columns"][number]["kind"]) => ({name, type: "", kind});
  it("begins as bars by name, a line over time, or dots, and is none without a number", () => {
    const of = (...columns: ResultSet["columns"]) => sensibleChart(rows(3, columns, () => "1"));
    expect(of(column("client_name", "text"), column("seats", "number"), column("total", "number"))).toEqual({
      x: "client_name",
      y: "total",
      colour: "",
      mark: "bar",
    });
    expect(of(column("month", "time"), column("currency", "text"), column("total", "number"))).toEqual({
      x: "month",
      y: "total",
      colour: "",
      mark: "line",
    });
    expect(of(column("a", "number"), column("b", "number"))?.mark).toBe("dot");
    expect(of(column("a", "text"))).toBeNull();
  });

  it.each([
    ["500000", "2500000", ["0", "500K", "1M", "1.5M", "2M", "2.5M"]],
    ["0.05", "0.1", ["0", "0.02", "0.04", "0.06", "0.08", "0.1"]],
    ["-1250", "-3750", ["−4K", "−3K", "−2K", "−1K", "0"]],
  ])("writes amounts from %s to %s as the site’s other charts do", (first, second, ticks) => {
    const node = resultChart(
      rows(2, [column("name", "text"), column("total", "number")], (row, at) =>
        at === 0 ? `client ${row}` : row === 0 ? first : second,
      ),
    );
    const texts = [...node.querySelectorAll("svg text")].map(({textContent}) => textContent ?? "");
    expect(texts).toEqual(expect.arrayContaining(ticks));
  });
});

describe("a chart of several currencies", () => {
  const column = (name: string, kind: ResultSet["columns"][number]["kind"]) => ({name, type: "", kind});
  const given: readonly (readonly (string | null)[])[] = [
    ["Acme", "EUR", "1000"],
    ["Acme", "USD", "30"],
    ["Bolt", "USD", "20"],
    ["Cora", null, null],
  ];
  const columns = [column("client_name", "text"), column("currency", "text"), column("total", "number")];
  const chart = () => resultChart(rows(given.length, columns, (row, at) => given[row]?.[at] ?? null));
  const labelOf = (node: HTMLElement) => node.querySelector("svg[role=img]")?.getAttribute("aria-label");
  const choose = (node: HTMLElement, label: string, value: string): void => {
    const field = [...node.querySelectorAll("label")].find(({textContent}) => textContent?.startsWith(label));
    const select = field?.querySelector("select") as HTMLSelectElement;
    select.value = value;
    select.dispatchEvent(new Event("change"));
  };

  it("draws one of them at a time, the most frequent first, and says which are left out", () => {
    const node = chart();
    expect(labelOf(node)).toBe("total by client_name, USD, 2 points");
    expect(node.querySelector(".chart-note")?.textContent).toBe(
      "Amounts in EUR or without a currency are not drawn. The tab Rows holds every figure.",
    );
    choose(node, "Currency", "EUR");
    expect(labelOf(node)).toBe("total by client_name, EUR, 1 points");
  });

  it("draws all of them where each is a bar of its own", () => {
    const node = chart();
    choose(node, "Along", "currency");
    expect(labelOf(node)).toBe("total by currency, 3 points");
  });

  it("asks for none where there is one", () => {
    const node = resultChart(rows(2, columns, (row, at) => given[row + 1]?.[at] ?? null));
    expect(labelOf(node)).toBe("total by client_name, 2 points");
    expect([...node.querySelectorAll("label")].map(({firstChild}) => firstChild?.textContent)).not.toContain(
      "Currency",
    );
  });
});

describe("the schema browser", () => {
  it("finds columns by what their description says, and hands over the name that is picked", () => {
    const picked: string[] = [];
    const node = schemaBrowser(tables, (name) => picked.push(name));
    const search = node.querySelector("input") as HTMLInputElement;
    search.value = "client's name";
    search.dispatchEvent(new Event("input"));
    const shown = [...node.querySelectorAll<HTMLDetailsElement>("details")].filter(({hidden}) => !hidden);
    expect(shown.map(({open, textContent}) => [open, textContent?.includes("client_name")])).toEqual([[true, true]]);
    shown[0]?.querySelectorAll<HTMLButtonElement>("dt button")[1]?.click();
    expect(picked).toEqual(["client_name"]);
  });
});

describe("a query", () => {
  it("that is cancelled while DuckDB starts is not run, and the next one is", async () => {
    const ran: string[] = [];
    let started = (_: BrowserDatabase): void => {};
    const starting = new Promise<BrowserDatabase>((resolve) => {
      started = resolve;
    });
    const database: Partial<BrowserDatabase> = {
      async run(sql) {
        ran.push(sql);
        throw new Error("No rows here.");
      },
      async cancel() {},
    };
    const node = explorer({tables: [], examples: []}, () => starting, {
      location: {search: "?sql=select+1", hash: "", pathname: "/explore"},
      history: {replaceState() {}},
      storage: browserStorage(),
      now: () => new Date(0),
    });
    const press = (name: string): void =>
      [...node.querySelectorAll("button")].find(({textContent}) => textContent === name)?.click();
    const status = (): string => node.querySelector(".run-status")?.textContent ?? "";
    press("Cancel");
    expect(status()).toBe("Cancelling…");
    started(database as BrowserDatabase);
    await expect.poll(status).toBe("Cancelled.");
    expect(ran).toEqual([]);
    press("Run");
    await expect.poll(status).toBe("The query failed.");
    expect(ran).toEqual(["select 1"]);
  });

  it("runs when an address with another long one is put in the place of the page's own", async () => {
    const ran: string[] = [];
    const database: Partial<BrowserDatabase> = {
      async run(sql) {
        ran.push(sql);
        throw new Error("No rows here.");
      },
    };
    const location = {search: "", hash: "#sql=select+1", pathname: "/explore"};
    const node = explorer({tables: [], examples: []}, async () => database as BrowserDatabase, {
      location,
      history: {replaceState() {}},
      storage: browserStorage(),
      now: () => new Date(0),
    });
    const status = (): string => node.querySelector(".run-status")?.textContent ?? "";
    await expect.poll(status).toBe("The query failed.");
    location.hash = "#sql=select+2";
    dispatchEvent(new Event("hashchange"));
    await expect.poll(() => ran).toEqual(["select 1", "select 2"]);
    location.hash = "#place";
    dispatchEvent(new Event("hashchange"));
    expect(ran).toHaveLength(2);
  });

  it("goes into the address and comes back, long ones behind the hash", () => {
    const short = "select '100%' + \"é\" -- & more\n";
    expect(queryPart(short).startsWith("?sql=")).toBe(true);
    expect(queryOf({search: queryPart(short), hash: ""})).toBe(short);
    const long = "select 1, ".repeat(400);
    expect(queryPart(long).startsWith("#sql=")).toBe(true);
    expect(queryOf({search: "", hash: queryPart(long)})).toBe(long);
    expect(queryOf({search: "?x=1", hash: "#place"})).toBeNull();
  });

  it("is remembered once, newest first, and whatever else is stored is ignored", () => {
    const stored = new Map<string, string>();
    const storage = {
      getItem: (k: string) => stored.get(k) ?? null,
      setItem: (k: string, v: string) => stored.set(k, v),
    };
    const at = "2026-11-23T00:00:00Z";
    for (const sql of ["a", "b", "a "]) rememberQuery(storage, {sql, ranAt: at});
    expect(pastQueries(storage).map(({sql}) => sql)).toEqual(["a ", "b"]);
    stored.set("trueup-queries", "{nonsense");
    expect(pastQueries(storage)).toEqual([]);
  });
});
