import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {canonicalTables} from "../../../loaders/canonical.js";
import {loadCsv} from "../../../loaders/csv/loadCsv.js";
import {openDatabase} from "../../../loaders/database.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-csv-"));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

async function notes(table: "agreements" | "invoices", text: string, columns?: Record<string, string>) {
  const path = join(folder, `${table}.csv`);
  await writeFile(path, text);
  const database = await openDatabase();
  try {
    return (await loadCsv(database, canonicalTables[table], {path, columns}, join(folder, "target.parquet"))).notes;
  } finally {
    database.close();
  }
}

const invoices = (...periods: string[]) =>
  `invoice_id,client_id,invoice_date,period_start,Through\n${periods.map((period, index) => `${index},C,2026-10-01,${period}\n`).join("")}`;
const columns = {period_end: "Through"};

it("notes ends that are last days, which most products export", async () => {
  expect(
    await notes("invoices", invoices("2026-09-01,2026-09-30", "2026-10-01,2026-10-31", "2026-10-01,"), columns),
  ).toEqual([
    "invoices.csv: Through is the last day of a month in 2 rows, such as 2026-10-31. The first day no longer covered is to stand there, 2026-11-01: on 2026-10-31 itself nothing is billed.",
  ]);
  expect(
    await notes(
      "agreements",
      "agreement_id,client_id,start_date,end_date\nA,C,2026-01-01,2026-12-31\nB,C,2026-01-01,\n",
    ),
  ).toEqual([
    "agreements.csv: end_date is the last day of a month in 1 row, such as 2026-12-31. The first day no longer covered is to stand there, 2027-01-01: on 2026-12-31 itself nothing is billed.",
  ]);
});

it("notes none where most ends are first days, nor of periods that begin within a month", async () => {
  expect(
    await notes(
      "invoices",
      invoices("2026-10-01,2026-10-31", "2026-10-01,2026-11-01", "2026-10-15,2026-10-31"),
      columns,
    ),
  ).toEqual([]);
  expect(await notes("invoices", invoices(","), columns)).toEqual([]);
});
