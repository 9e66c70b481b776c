import {join} from "node:path";
import {type Database, identifier, literal} from "./database.js";
import type {Model, ModelColumn} from "./models.js";
import type {Task} from "./runTasks.js";

/**
 * The table from which a mart that is as long as the seats has most of its texts. Its columns are made ENUMs for writing:
 * sorting then moves and compares small numbers in place of texts, and Parquet's dictionaries need not be looked up row by row.
 */
const repeated = {seats: "seat_dispositions"} as Readonly<Record<string, string | undefined>>;

/** An ENUM with more values is written as text: Parquet would get all of them in every row group. */
const mostValues = 1000;

/** Writes a mart's Parquet file: sorted, so that the same inputs give the same bytes and a client's rows lie together. */
export function writeMart(model: Model, folder: string): Task {
  const {name} = model;
  const path = join(folder, `${name}.parquet`);
  const source = repeated[name];
  return {
    name: fileOf(name),
    after: source === undefined ? [name] : [name, source],
    async run(database) {
      const rows =
        source === undefined
          ? `select * from ${name} order by ${orderOf(model)}`
          : await encodedRows(database, model, source);
      await writeRows(database, rows, path);
      if (source !== undefined) {
        await database.run(`create or replace view ${name} as select * from read_parquet(${literal(path)})`);
      }
    },
  };
}

/** Writes the rows of a query in the order that they come in. */
export async function writeRows(database: Database, rows: string, path: string): Promise<void> {
  // Texts that hardly repeat are not worth a dictionary; what repeats does so among neighbours.
  await database.run(
    `copy (${rows}) to ${literal(path)} (format parquet, compression zstd, dictionary_size_limit 4096)`,
  );
}

/** What reads a mart as long as the seats waits for its file and reads that: nothing of it is worked out twice. */
export function afterFiles(task: Task): Task {
  const files = Object.keys(repeated).filter((name) => task.after.includes(name) && task.name !== fileOf(name));
  return {...task, after: [...task.after, ...files.map(fileOf)]};
}

function fileOf(mart: string): string {
  return `file of ${mart}`;
}

/** Rows that agree in all of @order are put in the order of a number: to compare texts takes longer than all else. */
export function orderOf({doc}: Model): string {
  const ties = doc.key.filter((column) => !doc.order.includes(column));
  return [
    ...doc.order.map((column) => `${identifier(column)} nulls first`),
    ...ties.map((column) => `hash(${identifier(column)})`),
  ].join(", ");
}

async function encodedRows(database: Database, model: Model, source: string): Promise<string> {
  const {name, doc, sql} = model;
  const values = await encode(database, source);
  const encoded = sql.replace(new RegExp(`\\b${source}\\b`), `encoded_${source}`);
  await database.run(`create view encoded_${name} as ${encoded}`);
  const columns = doc.columns.map((column) => written(column, values)).join(", ");
  return `select ${columns} from (select * from encoded_${name} order by ${orderOf(model)})`;
}

function written({name}: ModelColumn, values: ReadonlyMap<string, number>): string {
  const column = identifier(name);
  return (values.get(name) ?? 0) > mostValues ? `cast(${column} as varchar) as ${column}` : column;
}

/** Makes `encoded_<table>` with ENUMs in place of texts. Their values are in order, so that they sort like the texts. Returns how many each column has. */
async function encode(database: Database, table: string): Promise<Map<string, number>> {
  const described = await database.rows(`describe ${table}`);
  const columns = described.map((column) => ({name: String(column.column_name), type: String(column.column_type)}));
  const texts = columns.filter(({type}) => type === "VARCHAR");
  const counts = texts.map(({name}) => `count(distinct ${identifier(name)}) as ${identifier(name)}`);
  const [row = {}] = await database.rows(`select ${counts.join(", ")} from ${table}`);
  const values = new Map(texts.map(({name}) => [name, Number(row[name])]));
  const cells: string[] = [];
  for (const {name} of columns) {
    const column = identifier(name);
    if ((values.get(name) ?? 0) === 0) cells.push(column);
    else {
      const type = identifier(`values of ${name}`);
      await database.run(
        `create type ${type} as enum (select distinct ${column} from ${table} where ${column} is not null order by 1)`,
      );
      cells.push(`cast(${column} as ${type}) as ${column}`);
    }
  }
  await database.run(`create table encoded_${table} as select ${cells.join(", ")} from ${table}`);
  return values;
}
