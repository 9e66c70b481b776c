import {mkdir, rm} from "node:fs/promises";
import {dirname, join} from "node:path";
import {identifier, literal, openDatabase} from "../database.js";
import {createInput, createLakeViews, inputTables, type LakeFiles} from "../inputs.js";
import {currentSync, type LakePlace, lakeFiles, listSyncs} from "../lake.js";
import {readMappings} from "../mappings.js";
import {exampleQueries} from "./exampleQueries.js";
import {type DocumentedTable, documentedTables} from "./tables.js";

export interface DatabaseFileOptions extends LakePlace {
  readonly file: string;
  readonly tempDirectory: string;
  readonly memoryLimit?: string;
}

const manySeats = 100_000;

/**
 * Writes everything that SQL on the site can read as one DuckDB file, every table and column with its comment, and the
 * example queries as views. Rows go from Parquet to the file as a stream. A table takes at least one block, so that
 * small blocks make a file of few seats a fifth as large; of many seats the browser fetches blocks, and large ones mean fewer.
 *
 * The rows are in the file, not views over Parquet: those are found from one working directory only if their paths are
 * relative, and on one machine only if they are not.
 */
export async function writeDatabase(options: DatabaseFileOptions): Promise<void> {
  const {directory, file, tempDirectory, memoryLimit} = options;
  const marts = join(directory, "marts");
  await mkdir(dirname(file), {recursive: true});
  await rm(file, {force: true});
  const database = await openDatabase({tempDirectory, memoryLimit});
  try {
    const connections = await database.rows(
      `select connection_id from read_parquet(${literal(join(marts, "integrations.parquet"))}) order by connection_id`,
    );
    await createLakeViews(
      database,
      await currentLake(
        options,
        connections.map(({connection_id}) => String(connection_id)),
      ),
    );
    const {mappings} = await readMappings(directory);
    await createInput(database, "mapping_prices", inputTables.mapping_prices, mappings.prices);
    await createInput(database, "mapping_exclusions", inputTables.mapping_exclusions, mappings.exclusions);
    const [size] = await database.rows(
      `select count(*) as seats from read_parquet(${literal(join(marts, "seats.parquet"))})`,
    );
    const blockSize = Number(size?.seats) > manySeats ? 262_144 : 16_384;
    await database.run(`attach ${literal(file)} as site (block_size ${blockSize}, storage_version 'v1.2.0')`);
    for (const table of await documentedTables()) {
      const source =
        table.kind === "mart" ? `read_parquet(${literal(join(marts, `${table.name}.parquet`))})` : table.name;
      const columns = table.columns.map(({name, type}) => {
        const column = identifier(name);
        return type === "TIMESTAMP" ? `${column} at time zone 'UTC' as ${column}` : column;
      });
      await database.run(`create table site.${identifier(table.name)} as select ${columns.join(", ")} from ${source}`);
      for (const comment of comments(table)) await database.run(comment);
    }
    await database.run("use site");
    for (const {id, description, sql} of await exampleQueries()) {
      await database.run(`create view ${identifier(id)} as ${sql}`);
      await database.run(`comment on view ${identifier(id)} is ${literal(description)}`);
    }
    await database.run("use memory; checkpoint site; detach site");
  } finally {
    database.close();
  }
}

async function currentLake(place: LakePlace, connections: readonly string[]): Promise<LakeFiles[]> {
  const lake: LakeFiles[] = [];
  for (const id of connections) {
    const current = currentSync(await listSyncs(place, id));
    if (current !== undefined) lake.push(lakeFiles(place, current));
  }
  return lake;
}

function comments({name, description, columns}: DocumentedTable): string[] {
  const table = `site.${identifier(name)}`;
  return [
    `comment on table ${table} is ${literal(description)}`,
    ...columns.map(
      (column) => `comment on column ${table}.${identifier(column.name)} is ${literal(column.description)}`,
    ),
  ];
}
