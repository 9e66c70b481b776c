import {cp, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {type Database, identifier, literal, openDatabase} from "../../loaders/database.js";
import {readModels} from "../../loaders/marts/models.js";
import {startChdb} from "../engines/chdb.js";
import {measureCommand} from "./measureCommand.js";
import {type Size, writeWorkspace} from "./writeWorkspace.js";

export interface EnginesMeasured {
  readonly clients: number;
  readonly seats: number;
  readonly duckdb_seconds: number;
  /** With the lake sent there and the marts fetched from there, all on this machine. */
  readonly clickhouse_seconds: number;
  readonly marts: number;
  readonly rows: number;
  /** Rows of all marts that the engines do not have in common. */
  readonly different_rows: number;
}

/** Reconciles the same workspace on DuckDB and on ClickHouse's engine and compares every row of every mart. */
export async function measureEngines(size: Size): Promise<EnginesMeasured> {
  const directory = await mkdtemp(join(tmpdir(), "trueup-bench-engines-"));
  const chdb = await startChdb();
  try {
    await writeWorkspace(directory, size);
    const reconcile = ["reconcile", "--force", "--workspace", directory];
    const duckdb = await measureCommand(reconcile);
    const first = join(directory, "marts-of-duckdb");
    await cp(join(directory, "marts"), first, {recursive: true});
    const clickhouse = await measureCommand([...reconcile, "--engine", "clickhouse", "--url", chdb.url]);
    const database = await openDatabase({memoryLimit: "6GB", tempDirectory: join(directory, "spill")});
    try {
      const marts = (await readModels()).filter(({layer}) => layer === "marts");
      let rows = 0;
      let different = 0;
      for (const {name} of marts) {
        const compared = await compare(
          database,
          ...([first, join(directory, "marts")].map((folder) => join(folder, `${name}.parquet`)) as [string, string]),
        );
        rows += compared.rows;
        different += compared.different;
      }
      return {
        ...size,
        duckdb_seconds: Number((duckdb.milliseconds / 1000).toFixed(2)),
        clickhouse_seconds: Number((clickhouse.milliseconds / 1000).toFixed(2)),
        marts: marts.length,
        rows,
        different_rows: different,
      };
    } finally {
      database.close();
    }
  } finally {
    chdb.stop();
    await rm(directory, {recursive: true, force: true});
  }
}

/** Both files have the order of their mart, so that equal ones agree row by row. */
async function compare(database: Database, one: string, other: string): Promise<{rows: number; different: number}> {
  const described = await database.rows(`describe from read_parquet(${literal(one)})`);
  const columns = described.map(({column_name}) => identifier(String(column_name))).join(", ");
  const rows = (path: string) => `(select row(${columns}) as cells from read_parquet(${literal(path)}))`;
  const [found] = await database.rows(
    `select count(*) as rows, count(*) filter (one.cells is distinct from other.cells) as different
     from ${rows(one)} as one positional join ${rows(other)} as other`,
  );
  return {rows: Number(found?.rows), different: Number(found?.different)};
}
