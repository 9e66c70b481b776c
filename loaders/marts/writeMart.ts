import {join} from "node:path";
import {type Database, identifier, literal, parquetFormat} from "../database.js";
import {encodeSeats} from "./encodeSeats.js";
import {type Model, streamedMarts} from "./models.js";
import type {Task} from "./runTasks.js";

/** Writes a mart's Parquet file: sorted, so that the same inputs give the same bytes and a client's rows lie together. */
export function writeMart(model: Model, folder: string): Task {
  const {name} = model;
  const path = join(folder, `${name}.parquet`);
  return {
    name: fileOf(name),
    after: [name],
    async run(database) {
      const rows =
        name === "seats" ? await encodeSeats(database, model) : `select * from ${name} order by ${orderOf(model)}`;
      await writeRows(database, rows, path);
      if (streamedMarts.has(name)) {
        await database.run(`create or replace view ${name} as select * from read_parquet(${literal(path)})`);
      }
    },
  };
}

/** Writes the rows of a query in the order that they come in. */
export async function writeRows(database: Database, rows: string, path: string): Promise<void> {
  await database.run(`copy (${rows}) to ${literal(path)} ${parquetFormat}`);
}

/** What reads a mart that is a view waits for its file and reads that: nothing of it is worked out twice. */
export function afterFiles(task: Task): Task {
  const files = task.after.filter((name) => streamedMarts.has(name));
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
