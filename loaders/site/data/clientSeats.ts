import type {DuckDBVector} from "@duckdb/node-api";
import type {Database} from "../../database.js";
import {columnsOf, jsonArray, type TextColumn} from "./jsonFile.js";

/** Columns that many seats share, and those that each has for itself. */
const shared = [
  "connection_id",
  "account_id",
  "account_name",
  "product_id",
  "product_name",
  "kind",
  "status",
  "disposition",
  "disposition_reason",
  "rule_id",
  "activity_state",
];
const own = [
  "seat_id",
  "display_name",
  "identifier",
  "created_at",
  "last_activity_at",
  "days_inactive",
  "commitment_end",
];

/**
 * The columns of seats as JSON, and the query for those that a condition on `seats` chooses: a number that tells seats apart
 * which do not share everything, what each has for itself as JSON, its client, and what seats share.
 */
export async function describeSeats(database: Database) {
  const seats = `
    select seats.*, accounts.account_name, products.product_name
    from seats
    inner join pages on seats.client_id = pages.client_id
    left join accounts on seats.connection_id = accounts.connection_id and seats.account_id = accounts.account_id
    left join products on seats.connection_id = products.connection_id and seats.product_id = products.product_id`;
  const columns = await columnsOf(database, seats);
  const pick = (names: readonly string[]): TextColumn[] => columns.filter(({name}) => names.includes(name));
  const inOrder = (names: readonly string[]): string => JSON.stringify(pick(names).map(({name}) => name));
  const texts = pick(shared).map(({text}) => text);
  return {
    head: `{"shared":${inOrder(shared)},"own":${inOrder(own)}`,
    lines: (among: string): string =>
      `select hash(client_id, ${shared.join(", ")}), ${jsonArray(pick(own))}, client_id, ${texts.join(", ")}
       from (${seats} where ${among} order by seats.client_id, ${shared.join(", ")}, seat_id)`,
  };
}

/**
 * `{"group": [...], "seats": [[...], ...]}, ...` per client: what seats share is written once. Put together here, as DuckDB
 * keeps what it aggregates to texts in memory, however many seats a client has. Of most seats two columns are read: to make
 * texts of the others as well takes longer than all else here.
 */
export async function* seatsByClient(
  database: Database,
  lines: string,
): AsyncGenerator<{readonly clientId: string; readonly groups: string}> {
  const result = await database.connection.stream(lines);
  let clientId = "";
  let last: unknown;
  let groups = "";
  for await (const chunk of result) {
    const vectors = Array.from({length: chunk.columnCount}, (_, index) => chunk.getColumnVector(index));
    const [cells, seats, ids, ...common] = vectors as [DuckDBVector, DuckDBVector, DuckDBVector, ...DuckDBVector[]];
    for (let row = 0; row < chunk.rowCount; row += 1) {
      const cell = cells.getItem(row);
      const seat = seats.getItem(row);
      if (cell === last) {
        groups += `,${seat}`;
        continue;
      }
      const id = String(ids.getItem(row));
      if (id !== clientId) {
        if (groups !== "") yield {clientId, groups: `${groups}]}`};
        clientId = id;
        groups = "";
      }
      const group = JSON.stringify(common.map((vector) => vector.getItem(row)));
      groups += `${groups === "" ? "" : "]},"}{"group":${group},"seats":[${seat}`;
      last = cell;
    }
  }
  if (groups !== "") yield {clientId, groups: `${groups}]}`};
}
