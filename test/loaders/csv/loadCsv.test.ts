import {execFileSync} from "node:child_process";
import {mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {canonicalTables} from "../../../loaders/canonical.js";
import {loadCsv} from "../../../loaders/csv/loadCsv.js";
import {openDatabase} from "../../../loaders/database.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-csv-"));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

const good = (n: number) => Array.from({length: n}, (_, index) => `s${index},a,p,user`);

async function load(text: string | Buffer, columns?: Record<string, string>, shown = "*") {
  const path = join(folder, "seats.csv");
  const target = join(folder, "seats.parquet");
  await writeFile(path, text);
  const database = await openDatabase({threads: 2});
  try {
    const loaded = await loadCsv(database, canonicalTables.seats, {path, columns}, target);
    const rows = await database.rows(`select ${shown} from read_parquet('${target}')`);
    return {...loaded, rows};
  } finally {
    database.close();
  }
}

describe("loading a CSV file", () => {
  it("keeps every row in the order of the file, whatever its line ends and byte order mark", async () => {
    const {rows, rowsKept, quarantined} = await load(
      `\ufeffseat_id,account_id,product_id,kind\r\n${good(50).join("\r\n")}\r\n`,
    );
    expect(rowsKept).toBe(50);
    expect(quarantined).toEqual([]);
    expect(rows.map((row) => row.seat_id)).toEqual(Array.from({length: 50}, (_, index) => `s${index}`));
  });

  it("sets aside rows with the character NUL in a text, which no SQL can name", async () => {
    const rows = good(100).with(20, "s20,a\0,p,user").with(60, "s60,a,p,user,,na\0me");
    const {rowsKept, quarantined} = await load(
      `seat_id,account_id,product_id,kind,identifier,display_name\n${rows.join("\n")}\n`.replaceAll(
        /,user$/gm,
        ",user,,",
      ),
    );
    expect(rowsKept).toBe(98);
    expect(quarantined.map(({line, column, value, reason}) => [line, column, value, reason])).toEqual([
      [22, "account_id", "a\0", "expected text without the character NUL"],
      [62, "display_name", "na\0me", "expected text without the character NUL"],
    ]);
  });

  it("sets aside rows of which a spreadsheet changed an id, or to which it was shown as a formula", async () => {
    const rows = good(200).map((row) => `${row},`);
    const odd = ['="0012",a,p,user,', '"=""0013""",a,p,user,', "x,1.23457E+11,p,user,", 'y,"1,2E+05",p,user,'];
    const fit = [
      'z,a,p,user,="two words"',
      "w,a,p,user,1.2E+05",
      "1E+,a,p,user,=x",
      'E+05,a,p,user,a="b"',
      "v1.2E+05,a,p,user,",
    ];
    const {rowsKept, quarantined} = await load(
      `seat_id,account_id,product_id,kind,display_name\n${[...rows, ...odd, ...fit].join("\n")}\n`,
    );
    expect(rowsKept).toBe(205);
    const formula = 'expected the text alone, without =" around it: open the file in Excel and save it as CSV UTF-8';
    const shortened =
      "a spreadsheet has shortened this number: export it anew, and have the column be text where it is opened";
    expect(quarantined.map(({line, column, value, reason}) => [line, column, value, reason])).toEqual([
      [202, "seat_id", '="0012"', formula],
      [203, "seat_id", '="0013"', formula],
      [204, "account_id", "1.23457E+11", shortened],
      [205, "account_id", "1,2E+05", shortened],
    ]);
  });

  it("says of a row with several faults what is wrong with the first, and by the file's own headers which others there are", async () => {
    const rows = good(100).map((row) => `${row},,`);
    const {quarantined} = await load(
      `seat_id,Account,product_id,kind,Made,until\n${[...rows, "x,,p,laptop,yesterday,soon", "y,a,p,laptop,,soon"].join("\n")}\n`,
      {account_id: "Account", created_at: "Made", commitment_end: "until"},
    );
    expect(quarantined.map(({line, column, value, reason}) => [line, column, value, reason])).toEqual([
      [102, "Account", null, "a value is required; kind, Made, and until do not fit either"],
      [
        ...[103, "kind", "laptop"],
        "expected one of user, device, mailbox, shared_mailbox, server, workstation, backup, other; until does not fit either",
      ],
    ]);
  });

  it("converts what is written in more than one way and takes empty for null", async () => {
    const {rows} = await load(
      "seat_id,account_id,product_id,kind,status,created_at,last_activity_at\n s1 ,a,p, User ,ACTIVE,2026-11-01T00:00:00+02:00,2026-11-01\ns2,a,p,,,,\n",
    );
    expect(
      rows.map(({seat_id, kind, status, created_at, last_activity_at}) => [
        seat_id,
        kind,
        status,
        created_at,
        last_activity_at,
      ]),
    ).toEqual([
      ["s1", "user", "active", "2026-10-31 22:00:00+00", "2026-11-01 00:00:00+00"],
      ["s2", null, null, null, null],
    ]);
  });

  it("takes rows of empty cells, which spreadsheets leave at the end, for none", async () => {
    const rows = good(20).map((row) => `${row},n`);
    const text = (last: string) =>
      `seat_id,account_id,product_id,kind,Note\r\n,,,,\r\n${rows.join("\r\n")}\r\n${", ,,\u00a0,\r\n".repeat(9)}${last}`;
    const {rowsRead, rowsKept, quarantined, rows: kept} = await load(text(""));
    expect([rowsRead, rowsKept, kept.length, quarantined]).toEqual([20, 20, 20, []]);
    const total = await load(text(",,,,20 seats\r\n"));
    expect([total.rowsRead, total.rowsKept]).toEqual([21, 20]);
    expect(total.quarantined.map(({line, column}) => [line, column])).toEqual([[32, "seat_id"]]);
  });

  it("says of every row that does not fit where it stands and why, newlines in quotes notwithstanding", async () => {
    const rows = good(100).map((row) => `${row},"two\nlines",`);
    const {quarantined, rowsRead, rowsKept} = await load(
      `seat_id,account_id,product_id,kind,display_name,created_at\n${rows.join("\n")}\nx1,a,p,laptop,,\n\nx2,a\nx3,a,p,user,,2026-02-30\ns5,a,p,user,,\nx4,,p,user,,\n`,
    );
    expect([rowsRead, rowsKept]).toEqual([105, 100]);
    expect(quarantined.map(({line, column, value, reason}) => [line, column, value, reason.slice(0, 20)])).toEqual([
      [202, "kind", "laptop", "expected one of user"],
      [204, null, "x2,a", "the line has fewer f"],
      [205, "created_at", "2026-02-30", "expected a time as I"],
      [206, "account_id, product_id, seat_id", "a, p, s5", "an earlier row has t"],
      [207, "account_id", null, "a value is required"],
    ]);
  });

  it("says of a file that fails the first row of each column that does not fit, so that all can be put right at once", async () => {
    const rows = [
      "s0,a,p,user,",
      "s1,a,p,laptop,",
      "s2,a,p,tower,",
      "s3,a,p,user,1/2/2026",
      "s4,a,p,user,x,y",
      "s4,a,p,,",
    ];
    await expect(
      load(`seat_id,account_id,product_id,type,created_at\n${[...rows, "s4,a,p,,"].join("\n")}\n`, {kind: "type"}),
    ).rejects.toThrow(
      'seats.csv: 5 of 7 rows do not fit, more than 5 %. First: line 3, type "laptop": expected one of user, device, mailbox, shared_mailbox, server, workstation, backup, other. Also line 5, created_at "1/2/2026": expected a time as ISO 8601 with its offset, such as 2026-11-23T02:00:00Z, or a date. Also line 6 "s4,a,p,user,x,y": the line has more fields than the header; a value with a comma needs quotes around it. Also line 8, account_id, product_id, seat_id "a, p, s4": an earlier row has the same key.',
    );
  });

  it("says of every column that does not fit what stands there, also where none of its rows fits otherwise", async () => {
    await expect(
      load(
        "seat_id,account_id,product_id,kind,made,until\ns1,a,p,Laptop,3/31/2026 8:00 PM,4/1/2026\ns2,a,p,Laptop,,\n",
        {
          created_at: "made",
          commitment_end: "until",
        },
      ),
    ).rejects.toThrow(
      'First: line 2, kind "Laptop": expected one of user, device, mailbox, shared_mailbox, server, workstation, backup, other. Also line 2, made "3/31/2026 8:00 PM": expected a time as ISO 8601 with its offset, such as 2026-11-23T02:00:00Z, or a date. Also line 2, until "4/1/2026": expected a real date as YYYY-MM-DD.',
    );
  });

  it("shows no more than four columns of a file in which nothing fits, and names the others", async () => {
    const failure = await load(
      "seat_id,account_id,product_id,kind,status,created_at,commitment_end\ns1,a,p,x,,,\ns2,a,p,,x,,\ns3,a,p,,,x,\ns4,a,p,,,,x\ns5,,p,,,,\n",
    ).catch((error: Error) => error.message);
    expect(failure).toMatch(
      /^seats.csv: 5 of 5 .* line 2, .* line 3, .* line 4, .* line 5, .*: expected a real date as YYYY-MM-DD; account_id does not fit either\.$/,
    );
  });

  it("says of a line in another encoding how to save the file", async () => {
    const rows = good(40).map((row) => `${row},n`);
    const {quarantined} = await load(
      Buffer.from(
        `seat_id,account_id,product_id,kind,display_name\n${rows.join("\n")}\nx,a,p,user,M\u00fcller\n`,
        "latin1",
      ),
    );
    expect(quarantined.map(({line, reason}) => [line, reason])).toEqual([
      [42, "the line is not UTF-8; save the file as CSV UTF-8"],
    ]);
  });

  it("notes letters that were read in another encoding and saved so", async () => {
    const garbled = Buffer.from("Müller", "utf8").toString("latin1");
    const text = (name: string) =>
      `seat_id,account_id,product_id,display_name\ns,a,p,SÃO João\nt,a,p,${name}\nu,a,p,${name}\n`;
    expect((await load(text(garbled))).notes).toEqual([
      "seats.csv line 3: letters with accents became others when the file was saved. Fetch the export anew, and open it as UTF-8.",
    ]);
    expect((await load(text("Müller"))).notes).toEqual([]);
  });

  it("never takes the rest of a file for a field that nobody closed", async () => {
    const rows = good(100).map((row) => `${row},n`);
    const text = (at: number) =>
      `seat_id,account_id,product_id,kind,display_name\n${rows.map((row, index) => (index === at ? 'x,a,p,user,"19in' : row)).join("\n")}\n`;
    const last = await load(text(99));
    expect([last.rowsRead, last.rowsKept, last.rows.length]).toEqual([100, 99, 99]);
    expect(last.quarantined.map(({line, value, reason}) => [line, value, reason])).toEqual([
      [101, '"19in\n', "a quote that opens here is never closed"],
    ]);
    const fourth = await load(text(96));
    expect([fourth.rowsRead, fourth.rowsKept]).toEqual([100, 96]);
    expect(fourth.quarantined[0]?.reason).toBe(
      "a quote that opens here is never closed; with it 3 more lines were not read",
    );
    await expect(load(text(40))).rejects.toThrow(
      'seats.csv: 60 of 100 rows do not fit, more than 5 %. First: line 42 "\\"19in\\n',
    );
    await expect(load(text(0))).rejects.toThrow("seats.csv: 100 of 100 rows do not fit");
  });

  it.each([
    ["is told besides a row that is short", "\n", '"19in\n', "a quote that opens here is never closed"],
    ["is told once where the file ends with it", "", 'x,a,p,user,"19in', "quotes are not balanced or not doubled"],
  ])("a quote that nobody closed %s", async (_, end, value, reason) => {
    const rows = good(98).map((row) => `${row},n`);
    const {rowsRead, rowsKept, quarantined} = await load(
      `seat_id,account_id,product_id,kind,display_name\nx,a\n${rows.join("\n")}\nx,a,p,user,"19in${end}`,
    );
    expect([rowsRead, rowsKept]).toEqual([100, 98]);
    expect(quarantined.map((row) => [row.line, row.value, row.reason])).toEqual([
      [2, "x,a", "the line has fewer fields than the header"],
      [101, value, reason],
    ]);
  });

  it("counts every line that a stray quote takes with it up to the next one", async () => {
    const rows = good(100).map((row) => `${row},n`);
    const stray = (until: number) =>
      `seat_id,account_id,product_id,kind,display_name\n${rows.map((row, index) => (index === 50 || index === until ? row.replace(/n$/, '"n') : row)).join("\n")}\n`;
    const {rowsRead, rowsKept, quarantined} = await load(stray(52));
    expect([rowsRead, rowsKept]).toEqual([100, 97]);
    expect(quarantined.map(({line, reason}) => [line, reason])).toEqual([
      [52, "quotes are not balanced or not doubled; with it 2 more lines were not read"],
    ]);
    await expect(load(stray(60))).rejects.toThrow("seats.csv: 11 of 100 rows do not fit");
  });

  it("notes a field that holds what look like rows", async () => {
    const rows = good(40).map((row) => `${row},n`);
    const at = (index: number) => (index === 10 ? 'x,a,p,user,"n' : index === 14 ? 'x,a,p,user,n"' : rows[index]);
    const {notes, rowsKept} = await load(
      `\ufeff"seat_id",account_id,product_id,kind,display_name\r\n${rows.map((_, index) => at(index)).join("\r\n")}\r\n`,
    );
    expect(rowsKept).toBe(36);
    expect(notes).toEqual([
      "seats.csv line 12: a quoted field holds 3 lines that look like rows. Where a quote is missing there, they were not read.",
    ]);
    const plain = await load(
      `seat_id,account_id,product_id,kind,display_name\n${rows.join("\n")}\nx,a,p,user,"a ""b"", c\nd, e\nf"\n`,
    );
    expect([plain.rowsKept, plain.notes]).toEqual([41, []]);
  });

  it.each([
    ["the header's only", "\r\n", "\n", "\n"],
    ["a row that was added", "\n", "\n", "\r\n"],
    ["half of them", "\n", "\r\n", "\n"],
  ])("reads a file whose lines end in both ways: %s", async (_, first, some, last) => {
    const rows = good(80).map((row, index) => `${row},"a\nb"${index < 40 ? some : first}`);
    const text = `seat_id,account_id,product_id,kind,display_name${first}${rows.join("")}x,a,p,laptop,n${last}y,a,p,user,n${last}`;
    const {rowsRead, rowsKept, quarantined, notes} = await load(text);
    expect([rowsRead, rowsKept, notes]).toEqual([82, 81, []]);
    expect(quarantined.map(({line, value}) => [line, value])).toEqual([[162, "laptop"]]);
    expect((await readdir(folder)).filter((name) => name.endsWith(".csv"))).toEqual(["seats.csv"]);
  });

  it.each([
    ["UTF-16", Buffer.from("\ufeffseat_id,account_id\n", "utf16le"), "seats.csv is not UTF-8 but probably UTF-16"],
    [
      "semicolons",
      "seat_id;account_id;product_id\n1;2;3\n",
      'seats.csv: its columns are separated by ";". Save it with commas.',
    ],
    [
      "semicolons between quoted names",
      '\ufeff"seat_id";"account_id";"product_id"\r\n"1";"2";"3"\r\n',
      'seats.csv: its columns are separated by ";". Save it with commas.',
    ],
    [
      "semicolons between names of which one has a comma",
      'seat_id;account_id;"product, id"\r\n1;2;3\r\n',
      'seats.csv: its columns are separated by ";". Save it with commas. In Excel: open it, then under File, Options, Advanced clear Use system separators and set a dot for decimals and a comma for thousands, then save it as CSV UTF-8.',
    ],
    [
      "tabs",
      "seat_id\taccount_id\tproduct_id\n1\t2\t3\n",
      "seats.csv: its columns are separated by tabs. Save it with commas.",
    ],
    [
      "a first line for Excel",
      "sep=,\nseat_id,account_id,product_id\n",
      "seats.csv: its first line is sep=, not the header",
    ],
    ["nothing", "", "seats.csv is empty: expected a header row."],
    [
      "a header with a quote that is never closed",
      'seat_id,"account_id,product_id\n1,2,3\n',
      "seats.csv:1: a quote that opens here is never closed. Close every quote, and double those that stand within a text.",
    ],
    [
      "what gzip made of one",
      gzipSync("seat_id,account_id,product_id\n"),
      "seats.csv is packed, or a workbook: unpack it, or save it as CSV UTF-8.",
    ],
    [
      "a workbook of old under its name",
      Buffer.from("d0cf11e0a1b11ae1000000000000000000000000", "hex"),
      "seats.csv is packed, or a workbook: unpack it, or save it as CSV UTF-8.",
    ],
    [
      "a title above its header",
      "Devices of all sites,,\n\nseat_id,account_id,product_id\n1,2,3\n",
      'the column "product_id" is missing. The header reads "Devices of all sites", "", ""; if that is no header yet, take out what stands above it.',
    ],
    [
      "names in another encoding",
      Buffer.from("seat_id,Kundenk\u00fcrzel,product_id\n1,2,3\n", "latin1"),
      'the column "account_id" is missing. The header reads "seat_id", "Kundenk\ufffdrzel", "product_id"; it is not UTF-8, so save the file as CSV UTF-8.',
    ],
    [
      "all rows in one line",
      Array.from({length: 20_000}, (_, index) => `seat_id${index}`).join(),
      "seats.csv has 20,000 columns: are its line ends missing?",
    ],
    [
      "line ends that were converted twice",
      `seat_id,account_id,product_id,kind\r\r\n${good(50).join("\r\r\n")}\r\r\n`,
      "seats.csv line 1: a carriage return stands there alone. Let all lines end alike, and put values with line ends into quotes.",
    ],
    [
      "a line end within a value",
      `seat_id,account_id,product_id,kind,display_name\n${good(5).join(',"a\rb"\n')},"c"\ns9,a,p,user,one\rtwo\n`,
      "seats.csv line 7: a carriage return stands there alone.",
    ],
  ])("says what to do about a file with %s", async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(message);
  });

  it("fails for a file that cannot be read, and nothing else with it", async () => {
    const database = await openDatabase();
    try {
      await expect(loadCsv(database, canonicalTables.seats, {path: folder}, join(folder, "x.parquet"))).rejects.toThrow(
        "cannot be read: is a folder, not a file.",
      );
    } finally {
      database.close();
    }
  });

  it.skipIf(process.platform === "win32")("does not wait for what a pipe may bring", async () => {
    const path = join(folder, "seats.csv");
    execFileSync("mkfifo", [path]);
    const database = await openDatabase();
    try {
      await expect(loadCsv(database, canonicalTables.seats, {path}, join(folder, "x.parquet"))).rejects.toThrow(
        "seats.csv cannot be read: it is no file.",
      );
    } finally {
      database.close();
    }
  });

  it("quotes a value as it stands, control characters and all", async () => {
    const {quarantined} = await load(`seat_id,account_id,product_id,kind\n${good(50).join("\n")}\nx,a,p,us\u001fer\n`);
    expect(quarantined.map(({column, value, reason}) => [column, value, reason.slice(0, 20)])).toEqual([
      ["kind", "us\u001fer", "expected one of user"],
    ]);
  });

  it.each(
    ["\n", "\r\n"].flatMap((end) =>
      ["", "\ufeff"].flatMap((mark) => ["plain", "two\nlines"].map((name) => [end, mark, name])),
    ),
  )("finds the lines of records of the wrong shape: first, in between, last (%j %j %j)", async (end, mark, name) => {
    const more = name.includes("\n") ? 1 : 0;
    const filler = good(100).map((row) => `${row},"${name}"`);
    const lines = [
      "x1,a",
      ...filler.slice(0, 50),
      "x2,a,p,user,b,c",
      "",
      ...filler.slice(50),
      'x"3,"a"b,p,user,n',
      "x4,a,p",
    ];
    const {quarantined} = await load(
      `${mark}seat_id,account_id,product_id,kind,display_name${end}${lines.join(end)}${end}`,
    );
    expect(quarantined.map(({line, reason}) => [line, reason])).toEqual([
      [2, "the line has fewer fields than the header"],
      [53 + 50 * more, "the line has more fields than the header; a value with a comma needs quotes around it"],
      [105 + 100 * more, "quotes are not balanced or not doubled"],
      [106 + 100 * more, "the line has fewer fields than the header"],
    ]);
  });

  it("does not take what stands within quotes for rows, however long and alike it is", async () => {
    const alike = Array.from({length: 6000}, (_, index) => `fake${index},a,p,user,Some name ${index}`).join("\n");
    const ids = Array.from({length: 120}, (_, index) => `s${index}`);
    const text = `seat_id,account_id,product_id,kind,display_name\n${ids.map((id) => `${id},a,p,user,"${alike}"\n`).join("")}`;
    const {rowsRead, quarantined, rows} = await load(text, undefined, "seat_id");
    expect({rowsRead, quarantined}).toEqual({rowsRead: 120, quarantined: []});
    expect(rows.map((row) => row.seat_id)).toEqual(ids);
  });

  it("keeps the order and finds the lines of a file that several cores read in parts", async () => {
    const padding = "x".repeat(1300);
    const lines = Array.from(
      {length: 100_000},
      (_, row) => `s${row},a,p,${row % 25_000 === 0 ? "laptop" : "user"},${padding}`,
    );
    const {rows, quarantined} = await load(
      `seat_id,account_id,product_id,kind,display_name\n${lines.join("\n")}\n`,
      {},
      "seat_id",
    );
    expect(quarantined.map(({line}) => line)).toEqual([2, 25_002, 50_002, 75_002]);
    const expected = Array.from({length: 100_000}, (_, row) => row).filter((row) => row % 25_000 !== 0);
    expect(rows.every((row, place) => row.seat_id === `s${expected[place]}`)).toBe(true);
    expect(rows).toHaveLength(expected.length);
  });

  it("keeps lines of nearly 16 MB wherever they begin, and says which one is longer", async () => {
    const lengths = [5e6, 15.9e6, 1, 12e6, 16.5e6, 9e6, 15.9e6, 100, 15.9e6];
    const lines = [...good(100), ...lengths.map((length, row) => `long${row},a,p,user,${"x".repeat(length)}`)];
    const {rows, quarantined} = await load(
      `seat_id,account_id,product_id,kind,display_name\n${lines.map((line) => (line.startsWith("long") ? line : `${line},`)).join("\n")}\n`,
      {},
      "seat_id, length(display_name) as length",
    );
    expect(rows.slice(100).map(({length}) => Number(length))).toEqual(lengths.filter((length) => length < 16e6));
    expect(quarantined.map(({line, reason}) => [line, reason])).toEqual([[106, "the line is longer than 16 MB"]]);
  });

  it("keeps the order of a long file in which keys repeat, and the first row of each", async () => {
    const isRepeated = (row: number) => row % 10_000 === 9999;
    const lines = Array.from(
      {length: 500_000},
      (_, row) => `s${isRepeated(row) ? row - 9000 : row},a,p,${isRepeated(row) ? "device" : "user"}`,
    );
    const {rows, quarantined} = await load(
      `seat_id,account_id,product_id,kind\n${lines.join("\n")}\n`,
      {},
      "seat_id, kind",
    );
    expect(quarantined.map(({line}) => line)).toEqual(Array.from({length: 50}, (_, place) => place * 10_000 + 10_001));
    const expected = Array.from({length: 500_000}, (_, row) => row).filter((row) => !isRepeated(row));
    expect(rows).toHaveLength(expected.length);
    expect(rows.findIndex((row, place) => row.seat_id !== `s${expected[place]}` || row.kind !== "user")).toBe(-1);
  });

  it("passes with exactly 5 % of bad rows and fails with more", async () => {
    const header = "seat_id,account_id,product_id,kind\n";
    expect((await load(`${header}${good(95).join("\n")}\n${"x,,p,user\n".repeat(5)}`)).rowsKept).toBe(95);
    await expect(load(`${header}${good(94).join("\n")}\n${"x,,p,user\n".repeat(5)}`)).rejects.toThrow(
      "seats.csv: 5 of 99 rows do not fit, more than 5 %. First: line 96, account_id: a value is required.",
    );
  });

  it("reads mapped headers, and names the header it found where a required column is missing", async () => {
    const {rows} = await load("User ID,account_id,product_id,Extra\n7,a,p,x\n", {seat_id: "User ID"});
    expect(rows.map((row) => row.seat_id)).toEqual(["7"]);
    await expect(load("User ID,account_id\n7,a\n")).rejects.toThrow(
      'seats.csv: the column "seat_id" is missing; the column "product_id" is missing. The header reads "User ID", "account_id"',
    );
    await expect(
      load("Name,account_id,product_id,name\n7,a,p,x\n", {seat_id: "Name", display_name: "Name"}),
    ).rejects.toThrow(
      'seats.csv: the header "Name" stands there 2 times, so rename those that are not meant. The header reads "Name",',
    );
  });

  it("takes decimals exactly and rejects exponents and thousands separators", async () => {
    const path = join(folder, "counts.csv");
    const target = join(folder, "counts.parquet");
    const good = Array.from({length: 40}, (_, index) => `a${index},p,reported,1.23455`).join("\n");
    await writeFile(path, `account_id,product_id,metric,quantity\n${good}\nx,p,reported,1e3\ny,p,reported,"1,000"\n`);
    const database = await openDatabase({threads: 1});
    const {quarantined} = await loadCsv(database, canonicalTables.counts, {path}, target);
    const [row] = await database.rows(`select max(quantity) as quantity from read_parquet('${target}')`);
    database.close();
    expect(row?.quantity).toBe("1.2346");
    expect(quarantined.map(({value}) => value)).toEqual(["1e3", "1,000"]);
  });

  it("takes currencies by their letters, in any case, and no other words for them", async () => {
    const path = join(folder, "agreements.csv");
    const target = join(folder, "agreements.parquet");
    const written = ["USD", "eur", "", ...Array(60).fill(" GBP "), "DOLLAR", "$", "US"];
    const rows = written.map((currency, index) => `a${index},c,2026-01-01,${currency}`);
    await writeFile(path, `agreement_id,client_id,start_date,currency\n${rows.join("\n")}\n`);
    const database = await openDatabase({threads: 1});
    const {quarantined} = await loadCsv(database, canonicalTables.agreements, {path}, target);
    const kept = await database.rows(`select distinct currency from read_parquet('${target}') order by all`);
    database.close();
    expect(kept.map(({currency}) => currency)).toEqual(["GBP", "USD", "eur", null]);
    expect(quarantined.map(({line, value, reason}) => [line, value, reason])).toEqual(
      ["DOLLAR", "$", "US"].map((value, index) => [
        65 + index,
        value,
        "expected a currency by its three letters, such as USD",
      ]),
    );
  });
});
