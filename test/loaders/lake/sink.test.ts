import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import {gunzipSync} from "node:zlib";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {z} from "zod";
import {createRedactor} from "../../../loaders/connectors/http/redact.js";
import {readStream} from "../../../loaders/connectors/readStream.js";
import {type Database, literal, openDatabase} from "../../../loaders/database.js";
import {createSink, type LakeSink} from "../../../loaders/lake/sink.js";

let directory: string;
let database: Database;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-sink-"));
  database = await openDatabase();
});
afterEach(async () => {
  database.close();
  await rm(directory, {recursive: true, force: true});
});

const place = "GET /seats";
const seat = (id: number | string, more: Record<string, unknown> = {}) => ({
  seat_id: String(id),
  account_id: "A",
  product_id: "P",
  ...more,
});

/** Opens the sink of the next sync, upon the folder of the one before. */
async function open(name: string, current: string | null = null, redactor = createRedactor()): Promise<LakeSink> {
  await mkdir(join(directory, name), {recursive: true});
  await database.run("drop view if exists sink_seats; drop table if exists staged_seats");
  const files = current === null ? [] : await readdir(join(directory, current));
  const currentFiles = Object.fromEntries(
    files.map((file) => [basename(file, ".parquet"), [join(directory, current ?? "", file)]]),
  );
  return createSink(database, join(directory, name), {progress: () => {}, currentFiles, redactor});
}
const seats = (name: string) =>
  database.rows(
    `select seat_id, account_id, display_name from read_parquet(${literal(join(directory, name, "seats.parquet"))}) order by 1`,
  );

/** A first sync of a hundred seats. */
async function hundred(): Promise<void> {
  const sink = await open("first");
  await sink.write(
    "seats",
    Array.from({length: 100}, (_, id) => seat(id)),
    {place},
  );
  await sink.close();
}

it("keeps columns that nothing reads as they came, of any length and any name", async () => {
  const long = "z".repeat(3_000_000);
  const path = join(directory, "clients.csv");
  await writeFile(path, `client_id,client_name,Note,note,,note_4,\nC1,Acme,${long},"two\nlines",x,y,z\n`);
  const sink = await open("first");
  await sink.writeCsv("clients", {path});
  const {notes} = await sink.close();
  expect(notes).toEqual(["clients.csv has columns that are not read: Note, note, note_4."]);
  const raw = await database.rows(`from read_parquet(${literal(join(directory, "first", "raw", "clients.parquet"))})`);
  expect(raw).toEqual([
    {client_id: "C1", client_name: "Acme", Note: long, note_4: "two\nlines", _5: "x", note_4_6: "y", _7: "z"},
  ]);
});

it("carries over what an earlier version wrote, with fewer columns and with others", async () => {
  await hundred();
  await mkdir(join(directory, "earlier"));
  await database.run(
    `copy (select * exclude (kind, commitment_end), 'x' as gone from read_parquet('${directory}/first/seats.parquet'))
     to '${directory}/earlier/seats.parquet'`,
  );
  const sink = await open("second", "earlier");
  await sink.carryOver("seats", {});
  expect(await sink.count("seats")).toBe(100);
  await sink.close();
  expect(await seats("second")).toEqual(await seats("first"));
  const columns = (name: string) =>
    database.rows(`select column_name, column_type from (describe from '${directory}/${name}/seats.parquet')`);
  expect(await columns("second")).toEqual(await columns("first"));
});

describe("the share of records that do not fit", () => {
  const misfit = {place, id: "id 7", column: null, value: null, reason: "expected a record"};

  it("is of those that were read, though most become no row, as products that agreements are billed by", async () => {
    const sink = await open("first");
    await sink.write("invoice_lines", [{invoice_line_id: "1", invoice_id: "I", quantity: "1"}], {place});
    sink.reject("invoice_lines", misfit);
    sink.tally("invoice_lines", "products", 40, 1);
    expect((await sink.close()).files).toMatchObject([{rows_kept: 1, rows_quarantined: 1}]);
  });

  it("is of one stream's, where a longer one is read for the same table", async () => {
    const sink = await open("first");
    for (const id of ["id 7", "id 8"]) sink.reject("agreement_lines", {...misfit, id});
    sink.tally("agreement_lines", "ContractServiceUnits", 1000, 0);
    sink.tally("agreement_lines", "ContractServices", 20, 1);
    sink.tally("agreement_lines", "ContractServices", 10, 1);
    await expect(sink.close()).rejects.toThrow("agreement_lines: 2 of 30 records do not fit, more than 5 %.");
  });

  it("is of all records where only those that changed are read", async () => {
    await hundred();
    const sink = await open("second", "first");
    sink.reject("seats", misfit);
    sink.tally("seats", "users", 2, 1);
    await sink.carryOver("seats", {});
    expect(await sink.close()).toMatchObject({files: [{rows_kept: 100, rows_quarantined: 1}]});
  });

  it("begins anew where all is taken back", async () => {
    const sink = await open("first");
    sink.reject("seats", misfit);
    sink.tally("seats", "users", 2, 1);
    await sink.discard("seats", {});
    await sink.write("seats", [seat(1)], {place});
    expect((await sink.close()).files).toMatchObject([{rows_kept: 1, rows_quarantined: 0}]);
  });
});

describe("of rows with one key", () => {
  const many = Array.from({length: 40}, (_, id) => seat(id));
  const note = "seats: 1 row had the account_id, product_id, and seat_id of another, which took its place.";

  it("keeps the last one written, and says so where they differ", async () => {
    const sink = await open("first");
    await sink.write("seats", [seat("x", {display_name: "old"}), ...many], {place});
    await sink.write("seats", [seat("x", {display_name: "new"}), seat(2)], {place});
    expect(await sink.count("seats")).toBe(41);
    expect(await sink.close()).toMatchObject({files: [{table: "seats", rows_kept: 41}], notes: [note]});
    expect((await seats("first")).filter(({seat_id}) => seat_id === "x")).toMatchObject([{display_name: "new"}]);
  });

  it("says nothing of one that is as it was before", async () => {
    await hundred();
    const sink = await open("second", "first");
    await sink.carryOver("seats", {});
    await sink.write("seats", [seat(1, {display_name: "new"}), seat(2), seat(2)], {place});
    expect(await sink.close()).toMatchObject({notes: []});
  });

  it("refuses them where they are many: an id that is none of its own would leave most of a bill out", async () => {
    const sink = await open("first");
    const lines = [1, 2, 3].map((quantity) => ({invoice_line_id: "1", invoice_id: "I", quantity: String(quantity)}));
    await sink.write("invoice_lines", lines, {place});
    await expect(sink.close()).rejects.toThrow(
      "invoice_lines: 2 rows had the invoice_line_id of another, which took their place. See what is read as invoice_line_id: each row is to have its own.",
    );
  });
});

it("sets aside records with the character NUL in a text, and shows where it stands", async () => {
  const sink = await open("first");
  const rows = Array.from({length: 40}, (_, id) => seat(id));
  await sink.write("seats", [...rows, seat("x\0", {}), seat("y", {display_name: "na\0me"})], {place});
  expect((await sink.close()).files).toMatchObject([{table: "seats", rows_kept: 40, rows_quarantined: 2}]);
  const file = literal(join(directory, "first", "quarantine.parquet"));
  expect(await database.rows(`select record, "column", value, reason from read_parquet(${file})`)).toEqual([
    {
      record: "account_id A, product_id P, seat_id x␀",
      ...{column: "seat_id", value: "x␀", reason: "expected text without the character NUL"},
    },
    {
      record: "account_id A, product_id P, seat_id y, display_name na␀me",
      ...{column: "display_name", value: "na␀me", reason: "expected text without the character NUL"},
    },
  ]);
});

it("sets aside a record whose name the vendor has cut within an emoji", async () => {
  const sink = await open("first");
  await sink.write(
    "seats",
    Array.from({length: 40}, (_, id) => seat(id)),
    {place},
  );
  sink.reject("seats", {place, id: "id 7, Acme \ud83d", column: "name", value: null, reason: "expected a record"});
  await sink.close();
  const file = literal(join(directory, "first", "quarantine.parquet"));
  expect(await database.rows(`select record from read_parquet(${file})`)).toEqual([{record: "id 7, Acme \ufffd"}]);
});

it("names every column of a record that does not fit", async () => {
  const sink = await open("first");
  const rows = Array.from({length: 200}, (_, id) => seat(id));
  const misfits = [{kind: "laptop", created_at: "yesterday"}, {display_name: 7}].map((row) => seat("x", row));
  await sink.write("seats", [...rows, ...misfits, seat("y", {account_id: null})], {place});
  const pages = (async function* () {
    const rows = [
      {uid: 7, name: "", seats: {used: "many"}},
      {uid: 8, seats: {}},
      {uid: 9, name: "A", seats: 3},
    ];
    yield {rows, text: "[]", place, number: 1, total: 1};
  })();
  const schema = z.object({name: z.string().min(1, "expected a name"), seats: z.object({used: z.number()})});
  const stream = {name: "users", pages, schema, table: "seats" as const, toRows: () => ({})};
  await readStream({progress: () => {}, redactor: createRedactor()}, sink, stream);
  await sink.close();
  const file = literal(join(directory, "first", "quarantine.parquet"));
  expect(await database.rows(`select "column", value, reason from read_parquet(${file})`)).toEqual([
    {
      ...{column: "kind", value: "laptop"},
      reason:
        "expected one of user, device, mailbox, shared_mailbox, server, workstation, backup, other; created_at does not fit either",
    },
    {column: "display_name", value: "7", reason: "expected a text"},
    {column: "account_id", value: null, reason: "a value is required"},
    {column: "name", value: '""', reason: "expected a name; seats.used does not fit either"},
    {column: "name", value: null, reason: "a value is required; seats.used does not fit either"},
    {column: "seats", value: "3", reason: "expected a record"},
  ]);
  expect(await database.rows(`select record from read_parquet(${file}) where record like 'id %'`)).toEqual(
    ["id 7", "id 8", "id 9, A"].map((record) => ({record})),
  );
});

it("writes down of a record that does not fit where it came from, which it is, and what stands there, without secrets", async () => {
  const sink = await open("first", null, createRedactor(["hunter2-hunter2"]));
  await sink.write(
    "seats",
    Array.from({length: 40}, (_, id) => seat(id)),
    {place},
  );
  await sink.write("seats", [seat("x", {kind: "hunter2-hunter2"})], {place});
  sink.reject("seats", {place, id: "id hunter2-hunter2", column: null, value: null, reason: "no hunter2-hunter2"});
  await sink.close();
  const nothing = {table: "seats", file: place, line: null};
  expect(await database.rows(`from read_parquet(${literal(join(directory, "first", "quarantine.parquet"))})`)).toEqual([
    {
      ...nothing,
      record: "account_id A, product_id P, seat_id x",
      ...{column: "kind", value: "[redacted]", reason: expect.stringContaining("expected one of")},
    },
    {...nothing, record: "id [redacted]", column: null, value: null, reason: "no [redacted]"},
  ]);
});

describe("where too many records do not fit", () => {
  const misfit = {place: "GET /users?page=3", id: "id 7", column: "kind", value: '"laptop"', reason: "expected user"};

  it("names the first of each kind with what stands there and why", async () => {
    const sink = await open("first");
    sink.reject("seats", {place, id: "id 7", column: null, value: null, reason: "expected a record"});
    for (const id of ["id 8, Ann", "id 9"]) sink.reject("seats", {...misfit, id});
    sink.reject("seats", {...misfit, reason: "expected device"});
    await expect(sink.close()).rejects.toThrow(
      new Error(
        `seats: 4 of 4 records do not fit, more than 5 %. First: ${place}: expected a record (id 7).` +
          ' Also GET /users, kind "laptop": expected user (id 8, Ann).' +
          ' Also GET /users, kind "laptop": expected device (id 7).',
      ),
    );
  });

  it("names those of every table, since one may follow from another", async () => {
    const sink = await open("first");
    await sink.write(
      "products",
      Array.from({length: 20}, (_, id) => ({product_id: `${id}`, product_name: "P"})),
      {place},
    );
    sink.reject("products", {...misfit, reason: "expected a product"});
    sink.reject("seats", misfit);
    sink.reject("accounts", misfit);
    await expect(sink.close()).rejects.toThrow(
      new Error(
        [
          'seats: 1 of 1 records do not fit, more than 5 %. First: GET /users, kind "laptop": expected user (id 7).',
          'accounts: 1 of 1 records do not fit, more than 5 %. First: GET /users, kind "laptop": expected user (id 7).',
          'products: 1 record does not fit. First: GET /users, kind "laptop": expected a product (id 7).',
        ].join("\n"),
      ),
    );
  });
});

it("says of a row that does not fit what people find it by at the vendor", async () => {
  const sink = await open("first");
  await sink.write("agreement_lines", [{agreement_line_id: "5", agreement_id: "A7", description: "Backup"}], {place});
  await expect(sink.close()).rejects.toThrow("(agreement_line_id 5, agreement_id A7, description Backup)");
});

describe("upon the data of an earlier sync", () => {
  it("keeps what was not read anew, whatever key a changed record has now", async () => {
    await hundred();
    const sink = await open("second", "first");
    await sink.write("seats", [seat(1, {account_id: "B"})], {place});
    await sink.carryOver("seats", {}, {by: "seat_id", ids: ["2"]});
    expect(await sink.count("seats")).toBe(99);
    await sink.close();
    const rows = await seats("second");
    expect(rows.filter(({seat_id}) => seat_id === "1")).toMatchObject([{account_id: "B"}]);
    expect(rows.some(({seat_id}) => seat_id === "2")).toBe(false);
  });

  it("takes back and keeps rows of some accounts without touching those of others", async () => {
    const before = await open("first");
    const old = {display_name: "old"};
    await before.write(
      "seats",
      [seat(1, old), seat(2, {...old, account_id: "B"}), seat(5, {...old, account_id: "O'D"})],
      {
        place,
      },
    );
    await before.close();
    const sink = await open("second", "first");
    const read = {display_name: "new"};
    await sink.write(
      "seats",
      [seat(1, read), seat(3, {...read, account_id: "B"}), seat(4, {...read, account_id: "C"})],
      {place},
    );
    const accounts = {account_id: ["B", "O'D"]};
    await sink.discard("seats", accounts);
    expect(await sink.accountsWith("seats", ["A", "B", "O'D"])).toEqual(new Set(["A"]));
    await sink.carryOver("seats", accounts);
    expect(await sink.accountsWith("seats", ["A", "B", "O'D", "X"])).toEqual(new Set(["A", "B", "O'D"]));
    await sink.close();
    expect((await seats("second")).map((row) => Object.values(row).join(" "))).toEqual([
      "1 A new",
      "2 B old",
      "4 C new",
      "5 O'D old",
    ]);
  });

  it("counts kept rows when it tells whether too many records were bad", async () => {
    await hundred();
    const sink = await open("second", "first");
    expect(await sink.write("seats", [seat(1), seat("")], {place})).toBe(1);
    await sink.carryOver("seats", {}, {by: "seat_id"});
    expect((await sink.close()).files).toMatchObject([{rows_kept: 100, rows_quarantined: 1}]);
  });

  it("forgets rejected records when all of a table is taken back", async () => {
    const sink = await open("second");
    expect(await sink.write("seats", [seat(1), seat("")], {place})).toBe(1);
    await sink.discard("seats", {});
    await sink.write("seats", [seat(2)], {place});
    expect((await sink.close()).files).toMatchObject([{rows_kept: 1, rows_quarantined: 0}]);
  });

  it("notes rows that changed though the vendor says that they did not", async () => {
    await hundred();
    const sink = await open("second", "first");
    await sink.write("seats", [seat(1), seat(2, {display_name: "other"}), seat(1000)], {place, isUnchanged: true});
    await sink.write("seats", [seat(3, {display_name: "other"})], {place});
    expect((await sink.close()).notes).toEqual([expect.stringMatching(/^2 rows of seats had changed without/)]);
  });
});

it("keeps an answer on one line, without secrets", async () => {
  const sink = await open("first", null, createRedactor(["hunter2-hunter2"]));
  await sink.raw("users", '{\n  "name": "a\\nb",\r\n  "key": "hunter2-hunter2"\n}');
  await sink.raw("users", "[]");
  await sink.close();
  const lines = gunzipSync(await readFile(join(directory, "first/raw/users.jsonl.gz")))
    .toString()
    .trimEnd()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([{name: "a\nb", key: "[redacted]"}, []]);
});

it("keeps answers in files that every file system takes, and tells apart", async () => {
  const sink = await open("first");
  for (const stream of ["Users", "users", "con", `reports-${"x".repeat(300)}`]) await sink.raw(stream, `"${stream}"`);
  await sink.close();
  expect((await readdir(join(directory, "first/raw"))).sort()).toEqual([
    "Users.jsonl.gz",
    "_con.jsonl.gz",
    `reports-${"x".repeat(112)}.jsonl.gz`,
  ]);
  expect(gunzipSync(await readFile(join(directory, "first/raw/Users.jsonl.gz"))).toString()).toBe('"Users"\n"users"\n');
});
