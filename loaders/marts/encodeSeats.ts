import {type Database, identifier} from "../database.js";
import type {Model, ModelColumn} from "./models.js";

/** The table from which the seats have most of their texts: one row a cell. */
const source = "seat_dispositions";

/**
 * An ENUM with more values is written as text: Parquet would get all of them in every row group. So is what comes first in
 * the order: readers leave out row groups by the values that each says it has.
 */
const mostValues = 1000;

/**
 * The query for the seats in their order, quick to sort and to write. It reads `seat_dispositions` with ENUMs in place of
 * texts, so that sorting moves small numbers and Parquet's dictionaries need not be looked up row by row; and it sorts by the
 * place of a seat's cell, as one number is compared faster than the four columns of the order.
 */
export async function encodeSeats(database: Database, {doc, sql}: Model): Promise<string> {
  const values = await encodeCells(database, doc.order);
  const encoded = sql
    .replace(/^select\b/m, "select applied.place,")
    .replace(`inner join ${source} as applied`, "inner join encoded_cells as applied");
  await database.run(`create view encoded_seats as ${encoded}`);
  const columns = doc.columns.map((column) => written(column, values, doc.order[0])).join(", ");
  return `select ${columns} from (select * from encoded_seats order by place, hash(seat_id))`;
}

function written({name}: ModelColumn, values: ReadonlyMap<string, number>, first: string | undefined): string {
  const column = identifier(name);
  return name === first || (values.get(name) ?? 0) > mostValues ? `cast(${column} as varchar) as ${column}` : column;
}

/** Makes `encoded_cells`. Returns how many values each column of texts has. */
async function encodeCells(database: Database, order: readonly string[]): Promise<Map<string, number>> {
  const described = await database.rows(`describe ${source}`);
  const columns = described.map((column) => ({name: String(column.column_name), type: String(column.column_type)}));
  const texts = columns.filter(({type}) => type === "VARCHAR");
  const counts = texts.map(({name}) => `count(distinct ${identifier(name)}) as ${identifier(name)}`);
  const [row = {}] = await database.rows(`select ${counts.join(", ")} from ${source}`);
  const values = new Map(texts.map(({name}) => [name, Number(row[name])]));
  const cells: string[] = [];
  for (const {name} of columns) {
    const column = identifier(name);
    if ((values.get(name) ?? 0) === 0) cells.push(column);
    else {
      const type = identifier(`values of ${name}`);
      await database.run(
        `create type ${type} as enum (select distinct ${column} from ${source} where ${column} is not null order by 1)`,
      );
      cells.push(`cast(${column} as ${type}) as ${column}`);
    }
  }
  const inOrder = order.map((column) => `${identifier(column)} nulls first`).join(", ");
  await database.run(
    `create table encoded_cells as
     select *, cast(dense_rank() over (order by ${inOrder}) as uinteger) as place
     from (select ${cells.join(", ")} from ${source})`,
  );
  return values;
}
