import {mkdir, mkdtemp, rm, stat} from "node:fs/promises";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import fc from "fast-check";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {canonicalTables} from "../../loaders/canonical.js";
import {type Database, literal, openDatabase} from "../../loaders/database.js";
import {runModels} from "../../loaders/engines/clickhouse/runModels.js";
import {openServer} from "../../loaders/engines/clickhouse/server.js";
import type {LakeFiles} from "../../loaders/lake/lakeViews.js";
import {readStorageAccess} from "../../loaders/lake/objectStorage.js";
import {sync} from "../../loaders/lake/sync.js";
import {type Model, modelTasks, readModels} from "../../loaders/marts/models.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {runTasks} from "../../loaders/marts/runTasks.js";
import {readWorkspace, type Workspace} from "../../loaders/workspace/workspace.js";
import {lakeQuery} from "../loaders/lake/lakeQueries.js";
import {loadWorld, type World} from "../models/harness.js";
import {ordinaryWorld} from "../models/ordinary.js";
import {seed} from "../models/properties/runs.js";
import {worldsOf} from "../models/properties/worlds.js";
import {copySample} from "../sample/copySample.js";
import {type ChdbServer, startChdb} from "./chdb.js";
import {type ObjectStorage, startObjectStorage} from "./objectStorage.js";

let chdb: ChdbServer;
let folder: string;

beforeAll(async () => {
  chdb = await startChdb();
  folder = await mkdtemp(join(tmpdir(), "trueup-engines-"));
});

afterAll(async () => {
  chdb?.stop();
  await rm(folder, {recursive: true, force: true});
});

/** Puts a world's lake tables into Parquet files, as a sync would have. */
async function writeLake(database: Database, lake: string): Promise<LakeFiles[]> {
  const files = new Map<string, Record<string, string[]>>();
  for (const {name, columns} of Object.values(canonicalTables)) {
    const list = columns.map((column) => column.name).join(", ");
    for (const row of await database.rows(`select distinct connection_id from lake_${name}`)) {
      const id = String(row.connection_id);
      const path = join(lake, `${id}-${name}.parquet`);
      await database.run(
        `copy (select ${list} from lake_${name} where connection_id = ${literal(id)}) to ${literal(path)} (format parquet)`,
      );
      files.set(id, {...files.get(id), [name]: [path]});
    }
  }
  return [...files].map(([connectionId, tables]) => ({connectionId, files: tables}));
}

/** Rows of a mart that only one of the engines has. */
async function compare(database: Database, {name, doc}: Model, path: string): Promise<string[]> {
  const columns = (from: string) =>
    `select ${doc.columns.map((column) => `cast(${column.name} as ${column.type}) as ${column.name}`).join(", ")} from ${from}`;
  const theirs = columns(`read_parquet(${literal(path)})`);
  const ours = columns(name);
  const rows = await database.rows(
    `select 'ClickHouse' as engine, * from (${theirs} except all ${ours})
     union all select 'DuckDB', * from (${ours} except all ${theirs}) limit 4`,
  );
  return rows.map((row) => `${name}: ${JSON.stringify(row)}`);
}

async function differences(
  world: World,
  name: string,
  put: (lake: LakeFiles[]) => Promise<LakeFiles[]> = async (lake) => lake,
): Promise<string[]> {
  const work = join(folder, name);
  await mkdir(work);
  const database = await openDatabase();
  const other = await openDatabase();
  const server = await openServer({url: chdb.url}, `trueup_test_${name}`);
  try {
    const models = await loadWorld(database, world);
    const lake = await put(await writeLake(database, work));
    const broken = await runModels(server, {models, lake, database, folder: work});
    await loadWorld(other, world);
    await runTasks(other, modelTasks(models, broken));
    const marts = models.filter(({layer}) => layer === "marts");
    const found = await Promise.all(marts.map((mart) => compare(other, mart, join(work, `${mart.name}.parquet`))));
    return [...broken, ...found.flat()];
  } finally {
    await server.close();
    database.close();
    other.close();
  }
}

/** The sample as it ships, synced. */
async function openSample(name: string, moment = new Date()): Promise<Workspace> {
  const directory = join(folder, name);
  await copySample(directory);
  const workspace = await readWorkspace(directory);
  await sync(workspace, {now: () => moment});
  return workspace;
}

describe("ClickHouse and DuckDB", () => {
  it("give the same marts of the sample, through the command's own way", async () => {
    const workspace = await openSample("sample");
    const database = await openDatabase();
    try {
      const {summary} = await reconcile(workspace);
      const marts = (await readModels()).filter(({layer}) => layer === "marts");
      for (const {name} of marts) {
        const path = join(workspace.directory, "marts", `${name}.parquet`);
        await database.run(`create table ${name} as from read_parquet(${literal(path)})`);
      }
      const {ino} = await stat(join(workspace.directory, "marts"));
      const checked = await reconcile(workspace, {write: false, server: {url: chdb.url}});
      expect(checked.summary).toEqual(summary);
      expect((await stat(join(workspace.directory, "marts"))).ino).toBe(ino);
      const again = await reconcile(workspace, {force: true, server: {url: chdb.url}});
      expect(again.summary).toEqual(summary);
      for (const mart of marts) {
        const path = join(workspace.directory, "marts", `${mart.name}.parquet`);
        expect(await compare(database, mart, path)).toEqual([]);
      }
    } finally {
      database.close();
    }
  });

  const worlds = fc.sample(worldsOf({minLength: 10, maxLength: 10}), {seed, numRuns: 8});

  it.each(worlds.map((world, index) => [index, world] as const))(
    `give the same marts of random workspace %i (seed ${seed})`,
    async (index, world) => {
      expect(await differences(world, String(index))).toEqual([]);
    },
  );

  it("give the same marts of agreements and lines that end on the calendar's last day, which ClickHouse's has not", async () => {
    const world = ordinaryWorld();
    const ended = (rows: World["agreements"]) => rows?.map((row) => ({...row, end_date: "9999-12-31"}));
    const endless = {...world, agreements: ended(world.agreements), agreement_lines: ended(world.agreement_lines)};
    expect(await differences(endless, "endless")).toEqual([]);
  });

  it("find the same in the lake, in a folder and in object storage", async () => {
    const {directory} = await openSample("november", new Date("2026-11-23T02:00:00Z"));
    const seats = join(directory, "lake", "m365", "20261123T020000000Z", "seats.parquet");
    const storage = await startObjectStorage("acme-lake");
    const database = await openDatabase();
    const server = await openServer({url: chdb.url}, "trueup_test_lake");
    try {
      await storage.put(seats, "s3://acme-lake/trueup/m365/20261123T020000000Z/seats.parquet");
      const inFolder = (query: string) => query.replace("acme-msp/", `${directory}/`).replace(/;\n$/, "");
      const inStorage = (query: string) =>
        inFolder(query).replace("https://s3.eu-north-1.amazonaws.com", storage.env.AWS_ENDPOINT_URL_S3 ?? "");
      const titles = {
        duckdb: "DuckDB: seats of one connection by sync, November's only",
        folder: "ClickHouse: the same, below the server's user_files",
        storage: "ClickHouse: the same, in object storage, with the server's own role",
      };
      const [expected] = await database.rows(inFolder(await lakeQuery(titles.duckdb)));
      expect(expected).toEqual({sync_id: "20261123T020000000Z", seats: expect.stringMatching(/^\d{4}$/)});
      const read = async (query: string) =>
        (await server.rows(query)).map((row) => ({...row, seats: String(row.seats)}));
      expect(await read(inFolder(await lakeQuery(titles.folder)))).toEqual([expected]);
      expect(await read(inStorage(await lakeQuery(titles.storage)))).toEqual([expected]);
    } finally {
      await server.close();
      database.close();
      await storage.stop();
    }
  });

  it("give the same marts of a lake that ClickHouse reads from object storage by itself", async () => {
    const storage = await startObjectStorage("acme-lake");
    const putFor =
      (env: ObjectStorage["env"]) =>
      async (lake: LakeFiles[]): Promise<LakeFiles[]> => {
        const there = (path: string) => `s3://acme-lake/msp/${basename(path)}`;
        for (const path of lake.flatMap(({files}) => Object.values(files).flat())) await storage.put(path, there(path));
        return lake.map(({connectionId, files}) => ({
          connectionId,
          files: Object.fromEntries(Object.entries(files).map(([table, paths]) => [table, paths.map(there)])),
          storage: readStorageAccess(env),
        }));
      };
    try {
      const [world] = worlds as [World];
      expect(await differences(world, "stored", putFor(storage.env))).toEqual([]);
      expect(storage.read.size).toBeGreaterThan(10);
      const others = {
        AWS_ACCESS_KEY_ID: "somebody",
        AWS_SECRET_ACCESS_KEY: "hush-hush",
        AWS_SESSION_TOKEN: "hush-token",
      };
      const failure = await differences(world, "refused", putFor({...storage.env, ...others})).catch(
        (error: Error) => error.message,
      );
      expect(failure).toMatch(/^ClickHouse cannot read s3:\/\/acme-lake\/msp\/.*credentials and permissions/);
      expect(failure).not.toContain("hush");
    } finally {
      await storage.stop();
    }
  });
});
