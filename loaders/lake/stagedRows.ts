import PQueue from "p-queue";
import type {CanonicalTable} from "../canonical.js";
import type {Replaced, Where} from "../connectors/connector.js";
import {type Database, identifier, literal, parquetFormat} from "../database.js";
import {instantSql} from "../instants.js";
import {readFiles} from "./lakeViews.js";

/** Rows of one canonical table on their way into the lake. They wait in DuckDB, which spills to disk: memory stays flat. */
export interface StagedRows {
  append(rows: readonly Readonly<Record<string, unknown>>[], isUnchanged: boolean): Promise<void>;
  remove(where: Where): Promise<void>;
  /** Takes rows from Parquet files, if there are any, to come before all others; returns how many. */
  carryOver(files: readonly string[], where: Where, replaced?: Replaced): Promise<number>;
  /** Each key once. */
  count(): Promise<number>;
  accountsWith(accounts: readonly string[]): Promise<Set<string>>;
  /** Rows that are said to be unchanged and are not in those files, if there are any, as they are here. */
  countMissed(files: readonly string[]): Promise<number>;
  /** Rows whose key came again with something else in its row: an id that is none of its own, or a row that changed meanwhile. */
  countReplaced(): Promise<number>;
  /** Writes Parquet, of rows with one key the last; returns how many. */
  write(file: string): Promise<number>;
}

/** Column that keeps the order of writing; what was carried over comes before all of it. */
const order = "_written";
/** Column that says whether the vendor takes the row for unchanged. */
const unchanged = "_unchanged";

/** One statement at a time: streams that are read side by side share the connection. */
const queues = new WeakMap<Database, PQueue>();

export async function stageRows(database: Database, table: CanonicalTable): Promise<StagedRows> {
  const statements = queues.get(database) ?? new PQueue({concurrency: 1});
  queues.set(database, statements);
  const alone = <Result>(statement: () => Promise<Result>) => statements.add(statement) as Promise<Result>;

  const texts = `staged_${table.name}`;
  const typed = `sink_${table.name}`;
  const names = table.columns.map(({name}) => name);
  const columns = names.map(identifier).join(", ");
  const key = table.key.map(identifier).join(", ");
  // Values arrive as texts; DuckDB converts a whole column far quicker than JavaScript its values.
  const casts = table.columns.map(({name, kind, sqlType}) => {
    const text = identifier(name);
    return `${kind === "instant" ? instantSql(text) : `cast(${text} as ${sqlType})`} as ${text}`;
  });
  await alone(async () => {
    await database.run(
      `create table ${texts} (${names.map((name) => `${identifier(name)} varchar`).join(", ")}, ${order} bigint, ${unchanged} boolean)`,
    );
    await database.run(`create view ${typed} as select ${casts.join(", ")}, ${order}, ${unchanged} from ${texts}`);
  });
  const appender = await alone(() => database.connection.createAppender(texts));
  let written = 0;

  /** Runs a statement that is to see every row so far. */
  const allRows = (sql: string): Promise<Record<string, unknown>[]> =>
    alone(() => {
      appender.flushSync();
      return database.rows(sql);
    });
  /** Returns a statement's `Count`, as DuckDB calls the rows that it wrote or removed. */
  const run = async (sql: string): Promise<number> => {
    const [row] = await allRows(sql);
    return Number(row?.Count ?? 0);
  };

  return {
    append: (rows, isUnchanged) =>
      alone(async () => {
        for (const row of rows) {
          for (const name of names) {
            const value = row[name];
            if (value === null || value === undefined) appender.appendNull();
            else appender.appendVarchar(String(value));
          }
          appender.appendBigInt(BigInt(written));
          appender.appendBoolean(isUnchanged);
          appender.endRow();
          written += 1;
        }
      }),

    async remove(where) {
      await run(`delete from ${texts} where ${matching(where)}`);
    },

    async carryOver(files, where, replaced) {
      if (files.length === 0) return 0;
      return run(
        `insert into ${texts} select ${columns}, -1, false from ${readFiles(table, files)} as carried
         where ${matching(where)} and ${notReplaced(texts, where, replaced)}`,
      );
    },

    count: () => run(`select count(*) as "Count" from (select distinct ${key} from ${typed})`),

    async accountsWith(accounts) {
      const where = matching({account_id: accounts});
      const rows = await allRows(`select distinct account_id from ${texts} where ${where}`);
      return new Set(rows.map(({account_id}) => String(account_id)));
    },

    async countMissed(files) {
      if (files.length === 0) return 0;
      return run(
        `select count(*) as "Count" from (
           select ${columns} from ${typed} where ${unchanged} except select ${columns} from ${readFiles(table, files)})`,
      );
    },

    countReplaced: () =>
      run(
        `select coalesce(sum(versions - 1), 0) as "Count" from (
           select count(distinct (${columns})) as versions from ${typed} where ${order} >= 0
           group by ${key} having count(*) > 1)`,
      ),

    async write(file) {
      const repeated = await run(`select 1 as "Count" from ${typed} group by ${key} having count(*) > 1 limit 1`);
      const newest = `qualify row_number() over (partition by ${key} order by ${order} desc) = 1 order by ${order}`;
      return run(
        `copy (select ${columns} from ${typed} ${repeated === 0 ? "" : newest})
         to ${literal(file)} ${parquetFormat}`,
      );
    },
  };
}

function matching(where: Where): string {
  const conditions = Object.entries(where).map(([column, values]) =>
    values.length === 0 ? "false" : `${identifier(column)} in (${values.map(literal).join(", ")})`,
  );
  return ["true", ...conditions].join(" and ");
}

/** The rows of records that this sync has not read anew. */
function notReplaced(table: string, where: Where, replaced: Replaced | undefined): string {
  if (replaced === undefined) return "true";
  const id = identifier(replaced.by);
  const others = [...(replaced.ids ?? [])].map(literal).join(", ");
  const written = `carried.${id} not in (select ${id} from ${table} where ${order} >= 0 and ${matching(where)})`;
  return others === "" ? written : `${written} and carried.${id} not in (${others})`;
}
