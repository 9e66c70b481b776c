import {mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {canonicalTables} from "../../loaders/canonical.js";
import {type Database, openDatabase} from "../../loaders/database.js";
import {runModels} from "../../loaders/engines/clickhouse/runModels.js";
import type {Server} from "../../loaders/engines/clickhouse/server.js";
import type {LakeFiles} from "../../loaders/lake/lakeViews.js";
import {readStorageAccess} from "../../loaders/lake/objectStorage.js";
import type {Model} from "../../loaders/marts/models.js";

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-run-models-"));
  database = await openDatabase();
  await database.run("create table settings as select 'USD' as currency, 1.50 as rate");
  await database.run("create view lake_seats as select 'm365' as connection_id");
});
afterEach(async () => {
  database.close();
  await rm(folder, {recursive: true});
});

/** A server that notes what it is told, and answers some queries. */
function noting(answers: Readonly<Record<string, Record<string, unknown>[]>> = {}, refuses = "nothing") {
  const told: string[] = [];
  const note = async (text: string): Promise<void> => {
    told.push(text);
    if (text.includes(refuses)) throw new Error("Code: 60. Unknown table.");
  };
  const server: Server = {
    run: note,
    async rows(sql) {
      await note(sql);
      return Object.entries(answers).find(([part]) => sql.includes(part))?.[1] ?? [];
    },
    upload: (sql, path) => note(`${sql} < ${path}`),
    download: (sql, path) => note(`${sql} > ${path}`),
    close: async () => {},
  };
  return {server, told};
}

const model = (name: string, layer: string, sql: string, columns: [string, string][] = []): Model =>
  ({
    ...{name, layer, sql, file: `${layer}/${name}.sql`, reads: []},
    doc: {
      ...{description: `There is no ${name}.`, key: columns.map(([column]) => column).slice(0, 1), order: []},
      columns: columns.map(([column, type]) => ({name: column, type, description: ""})),
    },
  }) as unknown as Model;

const models = [
  model("lines", "staging", "select settings.currency, settings.rate from settings"),
  model("totals", "marts", "select lines.currency, cast(lines.rate as varchar) as rate from lines", [
    ["currency", "VARCHAR"],
    ["rate", "DECIMAL(18,2)"],
  ]),
  model("wrong_total", "checks", "select totals.currency from totals"),
];

const run = (
  server: Server,
  given: {models?: Model[]; lake?: LakeFiles[]; progress?: (...told: unknown[]) => void} = {},
) => runModels(server, {models, lake: [], database, folder, ...given});

describe("the models on a ClickHouse server", () => {
  it("are made one after the other from what was sent before, and their marts fetched with the types of their heads", async () => {
    const {server, told} = noting();
    const progress: unknown[] = [];
    expect(await run(server, {progress: (...step) => progress.push(step)})).toEqual([]);
    expect(progress).toEqual([
      [1, 3, "lines"],
      [2, 3, "totals"],
      [3, 3, "wrong_total"],
    ]);
    const firstTable = told.findIndex((text) => text.startsWith("create table"));
    expect(told.slice(0, firstTable).every((text) => text.startsWith("create or replace function trueup_"))).toBe(true);
    expect(firstTable).toBeGreaterThan(0);
    expect(told[firstTable]).toBe(
      "create table settings (`currency` Nullable(String), `rate` Nullable(decimal(3,2))) engine = MergeTree order by tuple()",
    );
    expect(told[firstTable + 1]).toBe(
      `insert into settings select * from input('\`currency\` Nullable(String), \`rate\` Nullable(decimal(3,2))') format Parquet < ${join(folder, "settings.input")}`,
    );
    expect(await readdir(folder)).toEqual(["settings.input"]);
    const lake = Object.keys(canonicalTables).map((name) =>
      told.findIndex((text) => text.startsWith(`create table lake_${name} (`)),
    );
    expect(lake.toSorted((a, b) => a - b)).toEqual(lake);
    expect(lake[0]).toBe(firstTable + 2);
    expect(told.slice((lake.at(-1) ?? 0) + 1)).toEqual([
      "create table lines engine = MergeTree order by tuple() as select settings.currency as currency, settings.rate as rate from settings",
      "create table totals engine = MergeTree order by tuple() as select lines.currency as currency, cast(lines.rate as String) as rate from lines",
      "select * from (select totals.currency as currency from totals) limit 5",
      "select currency from totals group by currency having count(*) > 1 limit 5",
      `select cast(\`currency\` as Nullable(String)) as \`currency\`, cast(\`rate\` as Nullable(decimal(18,2))) as \`rate\` from totals > ${join(folder, "totals.parquet")}`,
    ]);
  });

  it("work out once what several parts of a query read", async () => {
    const {server, told} = noting();
    const shared = "with\n\na as (\n  select 1 as n\n)\n\nselect a.n from a join a as b on true";
    await run(server, {models: [model("pairs", "staging", shared)]});
    expect(told.at(-1)).toContain("a as materialized (");
  });

  it("say what is broken: of each row that a check finds, and of each key that is there twice", async () => {
    const {server, told} = noting({
      "from totals) limit": [{currency: "USD"}, {currency: "EUR"}],
      "having count(*)": [{currency: "CAD"}],
    });
    expect(await run(server)).toEqual([
      'There is no wrong_total. Broken by {"currency":"USD"}',
      'There is no wrong_total. Broken by {"currency":"EUR"}',
      'The key currency of totals is not unique: {"currency":"CAD"}',
    ]);
    expect(told.some((text) => text.endsWith("totals.parquet"))).toBe(true);
  });

  it.each([
    ["create table totals", "Model marts/totals.sql failed in ClickHouse: Code: 60. Unknown table."],
    ["from totals) limit", "Model checks/wrong_total.sql failed in ClickHouse: Code: 60. Unknown table."],
    ["create table settings", "Code: 60. Unknown table."],
  ])("end where the server refuses %s, and say of which", async (refused, message) => {
    await expect(run(noting({}, refused).server)).rejects.toThrow(message);
  });

  it("read the lake's files: sent from here, or by the server itself from object storage", async () => {
    const lake: LakeFiles[] = [
      {connectionId: "o'neil", files: {clients: ["/lake/a.parquet", "/lake/b.parquet"]}},
      {
        connectionId: "m365",
        files: {seats: ["s3://acme/seats.parquet"]},
        storage: readStorageAccess({AWS_REGION: "eu-north-1"}),
      },
    ];
    const {server, told} = noting();
    await run(server, {lake});
    const sent = told.filter((text) => text.startsWith("insert into lake_"));
    expect(sent).toHaveLength(3);
    for (const [index, name] of ["a", "b"].entries()) {
      expect(sent[index]).toMatch(
        /^insert into lake_clients select 'o''neil' as connection_id, \* from input\('`client_id` Nullable/,
      );
      expect(sent[index]?.endsWith(`format Parquet < /lake/${name}.parquet`)).toBe(true);
    }
    expect(sent[2]).toMatch(
      /^insert into lake_seats select 'm365' as connection_id, \* from s3\('https:\/\/s3\.eu-north-1\..*seats\.parquet'/,
    );
    expect(sent[2]).not.toContain(" < ");
  });

  it("name the file that the server cannot read", async () => {
    const lake: LakeFiles[] = [{connectionId: "m365", files: {seats: ["s3://acme/seats.parquet"]}}];
    await expect(run(noting({}, "from s3(").server, {lake})).rejects.toThrow(
      "ClickHouse cannot read s3://acme/seats.parquet: Code: 60. Unknown table.",
    );
  });
});
