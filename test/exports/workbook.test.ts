import {readFile} from "node:fs/promises";
import {join} from "node:path";
import readWorkbook, {type Sheet} from "read-excel-file/node";
import {afterAll, beforeAll, describe, expect, it, vi} from "vitest";
import {type OpenMarts, openMarts} from "../../loaders/exports/openMarts.js";
import {exportWorkbook} from "../../loaders/exports/workbook.js";
import {words} from "../../src/lib/format.js";
import {readZip} from "./readZip.js";
import {sampleMarts} from "./sampleMarts.js";

const northwind = {name: "Northwind IT", currency: "USD"};

let sample: Awaited<ReturnType<typeof sampleMarts>>;
let marts: OpenMarts;
let file: string;
let sheets: Sheet[];

beforeAll(async () => {
  sample = await sampleMarts("C1000,S-RMM,bill,,,,4,48.00,agreed,Dana");
  marts = await openMarts(sample.directory);
  file = join(sample.directory, "november.xlsx");
  expect(await exportWorkbook(marts, northwind, file)).toEqual([]);
  sheets = await readWorkbook(file);
});

afterAll(async () => {
  marts.database.close();
  await sample.remove();
});

function sheet(name: string) {
  return sheets.find((one) => one.sheet === name)?.data ?? [];
}

/** What a value of a mart must be in a cell: a number, a date, text or nothing. */
function asCell(value: unknown, type: string): unknown {
  if (value === null) return null;
  if (/^DECIMAL|INT$|^INTEGER$/.test(type)) return Number(value);
  if (type === "DATE") return new Date(`${value}T00:00:00Z`).toISOString();
  if (type.startsWith("TIMESTAMP")) return new Date(String(value).replace(" ", "T").replace("+00", "Z")).toISOString();
  return type === "BOOLEAN" ? value : String(value);
}

/** The last day of what a mart says the first day after. */
const dayBefore = (end: unknown): string | null =>
  end === null ? null : new Date(Date.parse(`${end}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** How a cell is shown, such as `#,##0`. */
function formatOf(archive: Buffer, sheetNumber: number, address: string): string | undefined {
  const styles = readZip(archive, "xl/styles.xml");
  const cell = new RegExp(`<c r="${address}" s="(\\d+)"`).exec(
    readZip(archive, `xl/worksheets/sheet${sheetNumber}.xml`),
  );
  const [cellFormats = ""] = /<cellXfs.*<\/cellXfs>/s.exec(styles) ?? [];
  const id = /numFmtId="(\d+)"/.exec(cellFormats.split("<xf")[Number(cell?.[1]) + 1] ?? "")?.[1];
  return new RegExp(`numFmtId="${id}" formatCode="([^"]*)"`).exec(styles)?.[1];
}

const rank = (severity: string): number => ["error", "warning", "info"].indexOf(severity);

const plain = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

describe("the workbook of the month", () => {
  it("has its sheets in order", () => {
    expect(sheets.map((one) => one.sheet)).toEqual([
      "Overview",
      "Clients",
      "Discrepancies",
      "Flags",
      "Inactive seats",
      "Margin",
    ]);
  });

  it.each([
    ["Clients", "select * from clients", ["Client id", "Currency"]],
    ["Discrepancies", "select * from reconciliation where status = 'discrepancy'", ["Reconciliation id"]],
    ["Flags", "select * from flagged_services", ["Flag id"]],
    ["Margin", "select * from margin", ["Margin id"]],
    ["Inactive seats", "select * from inactive_seats", ["Connection id", "Account id", "Product id", "Seat id"]],
  ])("has every cell of %s as the mart has it, with its type", async (name, sql, key) => {
    const [header, ...rows] = sheet(name);
    const labels = (header ?? []).map(String);
    const types = await marts.database.rows(`describe ${sql}`);
    const expected = await marts.database.rows(sql);
    expect(rows.length).toBe(expected.length);
    expect(rows.length).toBeGreaterThan(9);
    const idOf = (cells: readonly unknown[]) => JSON.stringify(key.map((label) => cells[labels.indexOf(label)]));
    const byKey = new Map(rows.map((cells) => [idOf(cells), cells]));
    const label = (column: string, type: string) => {
      if (type === "DATE" && column.endsWith("_end")) return words(column.replace("_end", "_last_day"));
      return words(column) + (type.startsWith("TIMESTAMP") ? " (UTC)" : "");
    };
    for (const row of expected) {
      const id = JSON.stringify(key.map((text) => row[text.toLowerCase().replaceAll(" ", "_")]));
      const cells = byKey.get(id) ?? [];
      for (const {column_name, column_type} of types) {
        const [column, type] = [String(column_name), String(column_type)];
        const place = labels.indexOf(label(column, type));
        expect(place, column).toBeGreaterThanOrEqual(0);
        const given = column.endsWith("_end") ? dayBefore(row[column]) : row[column];
        expect(plain(cells[place] ?? null), `${id} ${column}`).toEqual(asCell(given, type));
      }
    }
  });

  it("says what was decided beside each discrepancy", () => {
    const [header, ...rows] = sheet("Discrepancies");
    const at = (label: string) => (header ?? []).indexOf(label);
    const decided = rows.filter((row) => row[at("Decision state")] === "decided");
    expect(decided.map((row) => [row[at("Client id")], row[at("Decision")], row[at("Owner")]])).toEqual([
      ["C1000", "bill", "Dana"],
    ]);
  });

  it("has the summary's figures on the overview, a column for each currency, the workspace's first", async () => {
    const summary = await marts.database.rows("select * from summary order by currency <> 'USD', currency");
    const [header, asOf, ...lines] = sheet("Overview");
    expect(summary.map(({currency}) => currency)).toEqual(["USD", "CAD", "EUR"]);
    expect(header).toEqual([northwind.name, ...summary.map(({currency}) => currency)]);
    expect(asOf?.map(plain)).toEqual(["As of", ...summary.map(() => "2026-11-23T00:00:00.000Z")]);
    const figures = [
      ...["clients_total", "clients_discrepant", "clients_reconciled", "clients_uncompared", "discrepancy_count"],
      ...["underbilled_monthly", "overbilled_monthly", "net_monthly", "open_count", "open_underbilled_monthly"],
      ...["open_overbilled_monthly", "decided_count", "decided_underbilled_monthly", "decided_overbilled_monthly"],
      ...["unpriced_count", "coverage_lines", "coverage_amount", "unlinked_accounts", "unaccounted_seats"],
      "unaccounted_products",
    ];
    expect(lines.slice(0, -1)).toEqual(
      figures.map((name) => [words(name), ...summary.map((row) => (row[name] === null ? null : Number(row[name])))]),
    );
  });

  it("says under the figures what is in none of them", () => {
    expect(sheet("Overview").at(-1)?.[0]).toBe("1 row of rmm was quarantined and is in no figure.");
  });

  it("leaves a side empty that nothing with a price makes up, or of which nothing was compared, and never says 0 of it", async () => {
    const unpriced = await openMarts(sample.directory);
    await unpriced.database.run(
      `create table known as select * replace (
         case currency when 'EUR' then 0 else underbilled_monthly end as underbilled_monthly,
         case currency when 'EUR' then 0 else open_underbilled_monthly end as open_underbilled_monthly,
         case currency when 'CAD' then 0 else clients_reconciled end as clients_reconciled
       ) from summary;
       create table work as select * replace (
         case when currency <> 'EUR' or impact_monthly < 0 then impact_monthly end as impact_monthly
       ) from work_list;
       create or replace view summary as select * from known;
       create or replace view work_list as select * from work`,
    );
    const file = join(sample.directory, "unpriced.xlsx");
    await exportWorkbook(unpriced, northwind, file);
    unpriced.database.close();
    const lines = (await readWorkbook(file)).find(({sheet}) => sheet === "Overview")?.data ?? [];
    const of = (label: string) => lines.find(([name]) => name === label)?.slice(2);
    expect(of("Underbilled monthly")).toEqual([null, null]);
    expect(of("Overbilled monthly")).toEqual([null, 36]);
    expect(of("Open underbilled monthly")).toEqual([null, null]);
    expect(of("Decided underbilled monthly")).toEqual([null, 0]);
  });

  it("says on the overview, and to who wrote it, what is beyond what a sheet holds", async () => {
    const [counts] = await marts.database.rows(
      `select (select count(*) from clients) as clients, (select count(*) from margin) as margin`,
    );
    const short = join(sample.directory, "short.xlsx");
    const longest = Number(counts?.clients) - 1;
    const left = await exportWorkbook(marts, northwind, short, longest);
    expect(left).toContain("1 row of Clients is beyond what a sheet holds; the marts have all of them.");
    expect(left).toContain(
      `${Number(counts?.margin) - longest} rows of Margin are beyond what a sheet holds; the marts have all of them.`,
    );
    const [overview, clients] = await readWorkbook(short);
    expect(overview?.data.slice(-left.length).map(([sentence]) => sentence)).toEqual(left);
    expect(clients?.data).toHaveLength(1 + longest);
  });

  it("is the same file, byte for byte, whenever it is written", async () => {
    vi.useFakeTimers({toFake: ["Date"], now: new Date("2031-05-04T03:02:01Z")});
    const later = join(sample.directory, "later.xlsx");
    await exportWorkbook(marts, northwind, later).finally(() => vi.useRealTimers());
    expect((await readFile(later)).equals(await readFile(file))).toBe(true);
    expect(await readWorkbook(later)).toEqual(sheets);
  });

  it("shows the overview's counts, amounts and shares in their formats", async () => {
    const archive = await readFile(file);
    const shown = (label: string) => {
      const row = sheet("Overview").findIndex(([text]) => text === label);
      const column = String.fromCharCode(65 + (sheet("Overview")[0] ?? []).indexOf("USD"));
      return formatOf(archive, 1, `${column}${row + 1}`);
    };
    expect(["Clients total", "Net monthly", "Coverage lines"].map(shown)).toEqual([
      ...["#,##0", "#,##0.00 [$USD]", "0.0%"],
    ]);
  });

  it.each([
    [2, "Clients", "Coverage amount", "0.0%"],
    [6, "Margin", "Margin share", "0.0%"],
    [6, "Margin", "Margin monthly", "#,##0.00 [$USD]"],
    [6, "Margin", "Invoiced quantity", "#,##0"],
  ])("shows in sheet %i, %s, the %s as %s", async (number, name, label, format) => {
    const archive = await readFile(file);
    const place = sheet(name)[0]?.indexOf(label) as number;
    const row = sheet(name).findIndex((cells) => cells.includes("USD") && cells[place] !== null);
    expect(formatOf(archive, number, `${String.fromCharCode(65 + place)}${row + 1}`)).toBe(format);
  });

  it.each([
    ["Clients", ["Client name", "Client id", "Currency"]],
    ["Inactive seats", ["Client name", "Client id", "Connection id", "Account id", "Product id", "Seat id"]],
    ["Margin", ["Client name", "Client id", "Currency", "Service name", "Product name", "Margin id"]],
  ])("lists %s by %j", (name, labels) => {
    const [header, ...rows] = sheet(name);
    const places = labels.map((label) => (header ?? []).indexOf(label));
    // What has no name stands last.
    const keys = rows.map((cells) => places.map((place) => String(cells[place] ?? "\uffff")));
    const compare = (a: readonly string[], b: readonly string[]): number => {
      const place = a.findIndex((text, index) => text !== b[index]);
      return place < 0 ? 0 : (a[place] as string) < (b[place] as string) ? -1 : 1;
    };
    expect(keys).toEqual(keys.toSorted(compare));
  });

  it("has the largest discrepancy of each currency first, those without a price last, and errors before warnings", () => {
    const [header, ...rows] = sheet("Discrepancies");
    const at = (label: string) => (header ?? []).indexOf(label);
    const sizes = rows.map((cells) => {
      const impact = cells[at("Impact monthly")];
      return [String(cells[at("Currency")]), impact === null ? -1 : Math.abs(Number(impact))] as const;
    });
    expect(sizes).toEqual(sizes.toSorted(([a, x], [b, y]) => (a === b ? y - x : a < b ? -1 : 1)));
    expect(sizes.some(([, size]) => size === -1)).toBe(true);
    const [flagHeader, ...flags] = sheet("Flags");
    const severities = flags.map((cells) => String(cells[(flagHeader ?? []).indexOf("Severity")]));
    expect([...new Set(severities)]).toEqual(["error", "warning", "info"]);
    expect(severities).toEqual(severities.toSorted((a, b) => rank(a) - rank(b)));
  });

  it("freezes the header, offers filters, and holds no formula although names look like one", async () => {
    const archive = await readFile(file);
    for (const number of [1, 2, 3, 4, 5, 6]) {
      const xml = readZip(archive, `xl/worksheets/sheet${number}.xml`);
      expect(xml).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
      expect(xml).toMatch(/<\/sheetData><autoFilter ref="A1:[A-Z]+\d+"\/>/);
      expect(xml).not.toMatch(/<f[ >]/);
    }
    expect(sheet("Clients").flat()).toContain("=cmd|' /C calc'!A0");
    expect(readZip(archive, "xl/styles.xml")).toContain("[$USD]");
  });
});
