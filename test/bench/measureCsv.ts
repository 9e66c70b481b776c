import {mkdir, mkdtemp, rm, stat, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {literal, openDatabase} from "../../loaders/database.js";
import {measureCommand} from "./measureCommand.js";
import {median} from "./median.js";
import {usageRows} from "./writeWorkspace.js";

export interface CsvMeasured {
  readonly seats: number;
  readonly csv_mb: number;
  /** What DuckDB itself takes to read the same file into Parquet, types found by itself. */
  readonly duckdb_seconds: number;
  readonly sync_seconds: number;
  readonly ratio: number;
  readonly sync_peak_mb: number;
}

const repetitions = 3;

/** Reads a CSV of so many seats with `trueup sync`, and with DuckDB alone, in turn. */
export async function measureCsv(seats: number): Promise<CsvMeasured> {
  const directory = await mkdtemp(join(tmpdir(), "trueup-bench-csv-"));
  try {
    const file = await writeImports(directory, seats);
    const alone: number[] = [];
    const synced: number[] = [];
    let peak = 0;
    for (let run = 0; run < repetitions; run += 1) {
      alone.push(await readAlone(file, directory));
      const command = await measureCommand(["sync", "--only", "usage", "--workspace", directory]);
      synced.push(command.milliseconds);
      peak = Math.max(peak, command.peakBytes);
      // What is there already is not read again.
      await rm(join(directory, "lake"), {recursive: true});
    }
    return {
      seats,
      csv_mb: Math.round((await stat(file)).size / 1e6),
      duckdb_seconds: Number((median(alone) / 1000).toFixed(2)),
      sync_seconds: Number((median(synced) / 1000).toFixed(2)),
      ratio: Number((median(synced) / median(alone)).toFixed(2)),
      sync_peak_mb: Math.round(peak / 1e6),
    };
  } finally {
    await rm(directory, {recursive: true, force: true});
  }
}

async function writeImports(directory: string, seats: number): Promise<string> {
  const imports = join(directory, "imports");
  await mkdir(imports);
  await writeFile(
    join(directory, "workspace.yaml"),
    `name: Bench
currency: USD
connections:
  - {id: psa, connector: csv-psa, path: imports}
  - {id: usage, connector: csv-usage, path: imports}
`,
  );
  const database = await openDatabase();
  try {
    const tables = Object.entries(usageRows({clients: 1000, seats}));
    for (const [name, sql] of tables) {
      await database.run(`copy (${sql}) to ${literal(join(imports, `${name}.csv`))} (header)`);
    }
  } finally {
    database.close();
  }
  return join(imports, "seats.csv");
}

async function readAlone(file: string, directory: string): Promise<number> {
  const database = await openDatabase();
  try {
    const begin = performance.now();
    const target = literal(join(directory, "alone.parquet"));
    await database.run(`copy (from read_csv(${literal(file)})) to ${target} (format parquet, compression zstd)`);
    return performance.now() - begin;
  } finally {
    database.close();
  }
}
