import {readFile} from "node:fs/promises";
import {join} from "node:path";
import readWorkbook, {type Sheet} from "read-excel-file/node";
import {afterAll, beforeAll, describe, expect, it, vi} from "vitest";
import {type OpenMarts, openMarts} from "../../loaders/exports/openMarts.js";
import {exportWorkbook} from "../../loaders/exports/workbook.js";
import {words} from "../../src/lib/format.js";
import {readZip} from "./readZip.js";
import {sampleMarts} from "./sampleMarts.js";

let sample: Awaited<ReturnType<typeof sampleMarts>>;
let marts: OpenMarts;
let file: string;
let sheets: Sheet[];

beforeAll(async () => {
  sample = await sampleMarts("C1000,S-RMM,bill,,,,4,48.00,agreed,Dana");
  marts = await openMarts(sample.directory);
  file = join(sample.directory, "november.xlsx");
  expect(await exportWorkbook(marts, "Northwind IT", file)).toEqual([]);
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

  it("has the summary's figures on the overview, a column for each currency", async () => {
    const summary = await marts.database.rows("select * from summary");
    const [header, asOf, ...lines] = sheet("Overview");
    expect(header?.[0]).toBe("Northwind IT");
    expect(plain(asOf?.[1])).toBe("2026-11-23T00:00:00.000Z");
    for (const row of summary) {
      const place = (header ?? []).indexOf(String(row.currency));
      expect(place).toBeGreaterThan(0);
      for (const column of [
        "underbilled_monthly",
        "overbilled_monthly",
        "net_monthly",
        "open_count",
        "coverage_amount",
      ]) {
        const line = lines.find(([label]) => label === words(column));
        expect(line?.[place] ?? null, column).toBe(row[column] === null ? null : Number(row[column]));
      }
    }
  });

  it("is the same file, byte for byte, whenever it is written", async () => {
    vi.useFakeTimers({toFake: ["Date"], now: new Date("2031-05-04T03:02:01Z")});
    const later = join(sample.directory, "later.xlsx");
    await exportWorkbook(marts, "Northwind IT", later).finally(() => vi.useRealTimers());
    expect((await readFile(later)).equals(await readFile(file))).toBe(true);
    expect(await readWorkbook(later)).toEqual(sheets);
  });

  it.each([
    [2, "Clients", "Coverage amount", "0.0%"],
    [6, "Margin", "Margin share", "0.0%"],
    [6, "Margin", "Margin monthly", "#,##0.00 [$USD]"],
    [6, "Margin", "Invoiced quantity", "#,##0"],
  ])("shows in sheet %i, %s, the %s as %s", async (number, name, label, format) => {
    const archive = await readFile(file);
    const styles = readZip(archive, "xl/styles.xml");
    const place = sheet(name)[0]?.indexOf(label) as number;
    const row = sheet(name).findIndex((cells) => cells.includes("USD") && cells[place] !== null);
    const column = String.fromCharCode(65 + place);
    const cell = new RegExp(`<c r="${column}${row + 1}" s="(\\d+)"`).exec(
      readZip(archive, `xl/worksheets/sheet${number}.xml`),
    );
    const [cellFormats = ""] = /<cellXfs.*<\/cellXfs>/s.exec(styles) ?? [];
    const id = /numFmtId="(\d+)"/.exec(cellFormats.split("<xf")[Number(cell?.[1]) + 1] ?? "")?.[1];
    expect(new RegExp(`numFmtId="${id}" formatCode="([^"]*)"`).exec(styles)?.[1]).toBe(format);
  });

  it("lists margins by client, service and licence", () => {
    const [header, ...rows] = sheet("Margin");
    const names = rows.map((cells) => String(cells[(header ?? []).indexOf("Client name")]));
    const runs = names.filter((name, place) => name !== names[place - 1]);
    expect(runs).toEqual([...new Set(names)]);
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
