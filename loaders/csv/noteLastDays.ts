import {plural} from "../../src/lib/format.js";
import type {CanonicalTable, TableName} from "../canonical.js";
import {type Database, literal} from "../database.js";

/** Where periods begin, and where they end. */
const periods: Partial<Record<TableName, readonly [start: string, end: string]>> = {
  agreements: ["start_date", "end_date"],
  agreement_lines: ["start_date", "end_date"],
  invoices: ["period_start", "period_end"],
};

interface LoadedFile {
  readonly table: CanonicalTable;
  /** Its name in messages. */
  readonly file: string;
  /** Canonical column → header, where the file has another. */
  readonly columns: Readonly<Record<string, string>>;
  /** The Parquet file with its rows. */
  readonly target: string;
}

/** Most products export the last day of a period. Hardly one ends the day before the last of a month, and never do most. */
export async function noteLastDays(
  database: Database,
  {table, file, columns, target}: LoadedFile,
): Promise<readonly string[]> {
  const [start, end] = periods[table.name] ?? [];
  if (start === undefined || end === undefined) return [];
  const [found] = await database.rows(
    `select count(*) as ends, count(*) filter (is_last) as last_days,
       cast(max(day) filter (is_last) as varchar) as day, cast(max(day) filter (is_last) + 1 as varchar) as day_after
     from (select ${end} as day, ${end} = last_day(${end}) as is_last from read_parquet(${literal(target)})
       where ${end} is not null and (${start} is null or day(${start}) = 1))`,
  );
  if (Number(found?.last_days) * 2 <= Number(found?.ends)) return [];
  return [
    `${file}: ${columns[end] ?? end} is the last day of a month in ${plural(String(found?.last_days), "row")}, such as ${found?.day}. The first day no longer covered is to stand there, ${found?.day_after}: on ${found?.day} itself nothing is billed.`,
  ];
}
