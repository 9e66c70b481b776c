import {rm} from "node:fs/promises";
import {join} from "node:path";
import {literal, openDatabase} from "../../loaders/database.js";

/**
 * Milliseconds that DuckDB itself needs for what no reconciliation can do without: one group-by of the seats and one rewrite
 * of them sorted by client. On two threads.
 */
export async function measureFloor(seats: string, directory: string): Promise<number> {
  const target = join(directory, "floor.parquet");
  const database = await openDatabase({threads: 2, memoryLimit: "6GB", tempDirectory: join(directory, "spill")});
  try {
    const begin = performance.now();
    await database.run(
      `create temp table counts as select account_id, product_id, count(*) as seats
       from read_parquet(${literal(seats)}) group by account_id, product_id`,
    );
    await database.run(
      `copy (select seats.*, clients.client_id from read_parquet(${literal(seats)}) as seats
         left join read_csv(${literal(join(directory, "mappings", "clients.csv"))}) as clients using (account_id)
         order by clients.client_id)
       to ${literal(target)} (format parquet, compression zstd)`,
    );
    return performance.now() - begin;
  } finally {
    database.close();
    await rm(target, {force: true});
  }
}
