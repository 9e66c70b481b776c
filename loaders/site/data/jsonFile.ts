import {createHash, type Hash} from "node:crypto";
import {createWriteStream} from "node:fs";
import {mkdir} from "node:fs/promises";
import {dirname, join} from "node:path";
import {pipeline} from "node:stream/promises";
import {type Database, identifier} from "../../database.js";
import {packRows} from "./packRows.js";

/** Rows of a query as a packed table of `src/lib/rows.ts`: every value text or null, decimals exact, times ISO 8601. */
export interface TableQuery {
  readonly sql: string;
  /** What the rows are sorted by, as SQL. */
  readonly order: string;
}

/** The folder of the site's data, and a fingerprint of everything written to it. */
export interface DataFolder {
  readonly path: string;
  readonly hash: Hash;
}

export function openDataFolder(path: string): DataFolder {
  return {path, hash: createHash("sha256")};
}

/** What is in memory at once, here and, as text, in a browser. */
const rowsOfBlock = 4096;

/** Writes one JSON object, its tables straight from DuckDB: rows pass through and are never all in memory. */
export async function writeJson(
  {path, hash}: DataFolder,
  name: string,
  database: Database,
  members: Readonly<Record<string, unknown>>,
): Promise<void> {
  const file = join(path, `${name}.json`);
  await mkdir(dirname(file), {recursive: true});
  const texts = objectText(database, members);
  const hashed = async function* (): AsyncGenerator<string> {
    for await (const text of texts) {
      hash.update(text);
      yield text;
    }
  };
  try {
    await pipeline(hashed, createWriteStream(file));
  } finally {
    // A database that is closed while it still looks for rows keeps the process from ending.
    await texts.return(undefined);
  }
}

async function* objectText(database: Database, members: Readonly<Record<string, unknown>>): AsyncGenerator<string> {
  let opening = "{";
  for (const [member, value] of Object.entries(members)) {
    yield `${opening}${JSON.stringify(member)}:`;
    if (isTable(value)) yield* tableText(database, value);
    else yield JSON.stringify(value);
    opening = ",";
  }
  yield "}";
}

function isTable(value: unknown): value is TableQuery {
  return typeof value === "object" && value !== null && "sql" in value && "order" in value;
}

async function* tableText(database: Database, {sql, order}: TableQuery): AsyncGenerator<string> {
  const columns = await columnsOf(database, sql);
  yield `{"columns":${JSON.stringify(columns.map(({name}) => name))},"blocks":[`;
  // What is sorted are the columns: as text they take several times the memory.
  const result = await database.connection.stream(
    `select ${jsonArray(columns)} from (select * from (${sql}) order by ${order})`,
  );
  const blockText = (rows: readonly (string | null)[][]): string => JSON.stringify(packRows(rows, columns.length));
  let separator = "";
  let rows: (string | null)[][] = [];
  for await (const lines of result.yieldRows()) {
    for (const [line] of lines) rows.push(JSON.parse(String(line)));
    if (rows.length < rowsOfBlock) continue;
    yield separator + blockText(rows);
    separator = ",";
    rows = [];
  }
  if (rows.length > 0) yield separator + blockText(rows);
  yield "]}";
}

export interface TextColumn {
  readonly name: string;
  /** SQL that gives the column as text. */
  readonly text: string;
}

/** The columns of a query, each with the SQL that turns it into text. */
export async function columnsOf(database: Database, sql: string): Promise<TextColumn[]> {
  const described = await database.rows(`describe ${sql}`);
  return described.map(({column_name, column_type}) => {
    const name = String(column_name);
    return {
      name,
      text:
        column_type === "TIMESTAMP WITH TIME ZONE"
          ? `strftime(${identifier(name)} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')`
          : `cast(${identifier(name)} as varchar)`,
    };
  });
}

/** SQL that gives a row as the text of a JSON array. */
export function jsonArray(columns: readonly TextColumn[]): string {
  return `cast(to_json([${columns.map(({text}) => text).join(", ")}]) as varchar)`;
}
