import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {type Database, openDatabase} from "../../loaders/database.js";
import {openDataFolder, writeJson} from "../../loaders/site/data/jsonFile.js";
import {quarantineData} from "../../loaders/site/data/quarantineData.js";
import type {Quarantine, QuarantinedRow} from "../../src/components/quarantinedRows.js";
import {rowsOf, type Table} from "../../src/lib/rows.js";

let folder: string;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-quarantine-data-"));
  database = await openDatabase();
  await database.run(`create table integrations as
    select * from (values ('rmm', 'green', 57), ('edr', 'red', 100000), ('lost', 'green', 3), ('clean', 'green', 0), ('new', 'yellow', 0),
      ('crm', 'green', 5))
      as connections(connection_id, health, rows_quarantined)`);
  await database.run(`create table inputs_used as
    select 'sync' as kind, connection_id as name, '2026-' || connection_id as fingerprint
    from integrations where connection_id <> 'new'
    union all select 'mapping', 'rmm', 'x'`);
  // Of edr 40 reasons, the first of one row, the second of two and so on.
  await database.run(`create table quarantined_rows as
    select connection_id, row_number() over (partition by connection_id order by place) as row_number, table_name,
      'seats.csv' as file, place + 1 as line, cast(null as varchar) as record_id, column_name, 'v' || place as value, reason
    from (
      select 'rmm' as connection_id, place, 'seats' as table_name, case when place <= 8 then 'kind' end as column_name, 'odd' as reason
      from range(1, 13) as rows(place)
      union all
      select 'edr', reason * 100 + copy, 'seats', 'status', 'reason ' || reason
      from range(1, 41) as reasons(reason) cross join range(1, 41) as copies(copy)
      where copy <= reason
      union all
      select 'crm', place, table_name, column_name, 'odd'
      from (values (4, 'accounts', 'name'), (3, 'seats', 'name'), (5, 'seats', 'kind'), (2, 'seats', 'name'), (1, 'accounts', 'name'))
        as rows(place, table_name, column_name)
    ) as told`);
});
afterAll(async () => {
  database.close();
  await rm(folder, {recursive: true, force: true});
});

async function written<T>(member: keyof typeof quarantineData): Promise<T[]> {
  await writeJson(openDataFolder(folder), "integrations", database, quarantineData);
  const data = JSON.parse(await readFile(join(folder, "integrations.json"), "utf8")) as Record<string, Table>;
  return rowsOf<T>(data[member] as Table);
}

it("names the sync of each connection with quarantined rows, and how many of them are told", async () => {
  expect(await written<Quarantine>("quarantines")).toEqual([
    {
      ...{connection_id: "crm", health: "green", sync_id: "2026-crm", rows_quarantined: "5"},
      ...{row_count: "5", reason_count: "3"},
    },
    {
      ...{connection_id: "edr", health: "red", sync_id: "2026-edr", rows_quarantined: "100000"},
      ...{row_count: "820", reason_count: "40"},
    },
    {
      ...{connection_id: "lost", health: "green", sync_id: "2026-lost", rows_quarantined: "3"},
      ...{row_count: null, reason_count: null},
    },
    {
      ...{connection_id: "rmm", health: "green", sync_id: "2026-rmm", rows_quarantined: "57"},
      ...{row_count: "12", reason_count: "2"},
    },
  ]);
});

it("has the first five rows of each of the twenty most frequent reasons", async () => {
  const rows = await written<QuarantinedRow>("quarantined");
  const edr = rows.filter(({connection_id}) => connection_id === "edr");
  expect(edr).toHaveLength(100);
  expect(edr.slice(0, 6).map(({reason, reason_rows, value}) => [reason, reason_rows, value])).toEqual([
    ...[1, 2, 3, 4, 5].map((copy) => ["reason 40", "40", `v400${copy}`]),
    ["reason 39", "39", "v3901"],
  ]);
  expect(edr.at(-1)).toMatchObject({reason: "reason 21", reason_place: "20"});
  const rmm = rows.filter(({connection_id}) => connection_id === "rmm");
  expect(rmm.map(({column_name, reason_rows, line}) => [column_name, reason_rows, line])).toEqual([
    ...["2", "3", "4", "5", "6"].map((line) => ["kind", "8", line]),
    ...["10", "11", "12", "13"].map((line) => [null, "4", line]),
  ]);
});

it("takes the reason first, of as many rows, whose first row comes first, and tells reasons of each table and connection apart", async () => {
  const rows = await written<QuarantinedRow>("quarantined");
  const crm = rows.filter(({connection_id}) => connection_id === "crm");
  expect(crm.map((row) => [row.reason_place, row.table_name, row.column_name, row.reason_rows, row.line])).toEqual([
    ["1", "accounts", "name", "2", "2"],
    ["1", "accounts", "name", "2", "5"],
    ["2", "seats", "name", "2", "3"],
    ["2", "seats", "name", "2", "4"],
    ["3", "seats", "kind", "1", "6"],
  ]);
});
