import {mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {constants, gunzipSync} from "node:zlib";
import {stringify} from "yaml";
import {canonicalTables, type TableName} from "../../loaders/canonical.js";
import {connectors} from "../../loaders/connectors/index.js";
import type {CanonicalRows} from "../../loaders/connectors/readStream.js";
import {createTable} from "../../loaders/createTable.js";
import {type Database, identifier, literal, openDatabase} from "../../loaders/database.js";
import {currentSync, listSyncs, type SyncRecord, syncFolder} from "../../loaders/lake/lake.js";
import {type SyncOptions, sync, testConnection} from "../../loaders/lake/sync.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {type Emulator, type EmulatorOptions, startEmulator} from "../vendors/emulator.js";
import type {Vendor} from "../vendors/vendor.js";
import type {World} from "../vendors/world.js";

/** A workspace with one connection, `vendor`, to an emulator of that vendor. */
export interface VendorRun {
  readonly directory: string;
  readonly emulator: Emulator;
  /** From now on the vendor has this world. */
  show(world: World): void;
  sync(options?: Partial<SyncOptions>): Promise<SyncRecord>;
  /** What `trueup test-connection` says. */
  test(): Promise<string>;
  close(): Promise<void>;
}

export async function openVendor(
  vendor: Vendor,
  world: World,
  {most = 7, settings = {}, ...options}: EmulatorOptions & {most?: number; settings?: Record<string, unknown>} = {},
): Promise<VendorRun> {
  let shown = world;
  const emulator = await startEmulator(vendor.emulate(world, {most}), {now: () => shown.now, ...options});
  const directory = await mkdtemp(join(tmpdir(), `trueup-${vendor.name}-`));
  const connection = {id: "vendor", connector: vendor.name, ...vendor.settings(emulator.url, world), ...settings};
  const psa = {id: "psa", connector: "csv-psa", path: "imports"};
  await writeFile(
    join(directory, "workspace.yaml"),
    stringify({
      name: "Suite",
      currency: "USD",
      connections: connectors[vendor.name]?.side === "psa" ? [connection] : [psa, connection],
    }),
  );
  return {
    directory,
    emulator,
    show(next) {
      shown = next;
      emulator.service = vendor.emulate(next, {most});
    },
    async sync(options = {}) {
      const [record] = await sync(await readWorkspace(directory), {
        only: ["vendor"],
        now: () => shown.now,
        env: vendor.env,
        backoff: 1,
        isUnlimited: true,
        // A fault shows only in what is read.
        full: true,
        ...options,
      });
      return record as SyncRecord;
    },
    async test() {
      return testConnection(await readWorkspace(directory), "vendor", {env: vendor.env});
    },
    async close() {
      await emulator.close();
      await rm(directory, {recursive: true, force: true});
    },
  };
}

let database: Promise<Database> | undefined;

/** The database in which tests look at files: opening one takes longer than what they ask it. */
export function openOnce(): Promise<Database> {
  database ??= openDatabase({threads: 1});
  return database;
}

type Rows = Record<string, Record<string, unknown>[]>;

let count = 0;

/** The rows that a connector is to produce, as the lake would give them back. */
export async function asStored(expected: CanonicalRows): Promise<Rows> {
  const database = await openOnce();
  const tables: Rows = {};
  for (const [name, rows] of Object.entries(expected)) {
    const {columns} = canonicalTables[name as TableName];
    const types = Object.fromEntries(columns.map((column) => [column.name, column.sqlType]));
    count += 1;
    const table = `expected_${count}`;
    await createTable(database, table, types, rows as Record<string, string>[]);
    tables[name] = await database.rows(`select * from ${table} order by all`);
    await database.run(`drop table ${table}`);
  }
  return tables;
}

/** The rows of the connection's current data, by table. */
export async function readLake(directory: string, lake: string | null = null): Promise<Rows> {
  const current = currentSync(await listSyncs({directory, lake}, "vendor"));
  if (current === undefined) return {};
  const database = await openOnce();
  const tables: Rows = {};
  for (const {table} of current.files) {
    const columns = canonicalTables[table as TableName].columns.map(({name}) => identifier(name)).join(", ");
    const file = `${syncFolder({directory, lake}, current)}/${table}.parquet`;
    tables[table] = await database.rows(`select ${columns} from read_parquet(${literal(file)}) order by all`);
  }
  return tables;
}

/** The records that a sync could not use. */
export async function readQuarantine(directory: string, record: SyncRecord): Promise<Record<string, unknown>[]> {
  const file = join(syncFolder({directory}, record), "quarantine.parquet");
  return (await openOnce()).rows(`select * from read_parquet(${literal(file)})`);
}

/** Secrets of vendors that stand in a folder or in the texts, in any form in which they travel. */
export async function findSecrets(
  directory: string,
  {env}: Pick<Vendor, "env">,
  ...texts: readonly string[]
): Promise<string[]> {
  const everything = [await readEverything(directory), ...texts].join("\n");
  const secrets = Object.values(env).filter((value) => /planted/i.test(value));
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64"),
  ]);
  return [...forms, "planted-token"].filter((form) => everything.includes(form));
}

/** Every file of a folder as text, compressed ones unpacked, Parquet ones with their values spelled out. */
async function readEverything(directory: string): Promise<string> {
  const entries = await readdir(directory, {recursive: true, withFileTypes: true});
  const database = await openOnce();
  const texts = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path);
      if (path.endsWith(".gz") && bytes.length > 0) {
        // Of a killed sync's file all that is there.
        return gunzipSync(bytes, {finishFlush: constants.Z_SYNC_FLUSH}).toString("utf8");
      }
      if (path.endsWith(".parquet") && bytes.subarray(-4).toString() === "PAR1") {
        return JSON.stringify(await database.rows(`select * from read_parquet(${literal(path)})`));
      }
      return bytes.toString("utf8");
    });
  return (await Promise.all(texts)).join("\n");
}
