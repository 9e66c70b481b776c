import {join} from "node:path";
import {fields, toCsv} from "../../src/lib/csv.js";
import {withoutTrailingZeros} from "../../src/lib/format.js";
import {openDatabase} from "../database.js";
import {whileUnreplaced} from "../files/whileUnreplaced.js";
import {checkMarts, martRows} from "../marts/martFiles.js";

/** The columns of the file that somebody reviews. `accept` is blank: nothing is ever confirmed by itself. */
export const suggestionColumns = [
  ...["accept", "kind", "connection_id", "account_id", "product_id", "name", "domain", "seats"],
  ...["client_id", "client_name", "service_id", "service_name", "count", "score", "evidence", "note"],
] as const;

export type Suggestion = Readonly<Record<(typeof suggestionColumns)[number], string | null>>;

/**
 * What fits best for unlinked accounts and unaccounted products, from the marts: a CSV to review, and how much of the work
 * has no suggestion that is good enough.
 */
export async function suggestMappings(
  directory: string,
  minScore: number,
): Promise<{csv: string; suggested: number; others: number}> {
  const marts = join(directory, "marts");
  checkMarts(marts);
  const rows = await whileUnreplaced(marts, () => readSuggestions(marts));
  const good = rows.filter(({score}) => score !== null && Number(score) >= minScore);
  return {
    csv: toCsv(fields<Suggestion>(...suggestionColumns), good),
    suggested: good.length,
    others: rows.length - good.length,
  };
}

async function readSuggestions(marts: string): Promise<Suggestion[]> {
  const mart = (name: string): string => martRows(marts, name);
  const database = await openDatabase();
  try {
    // A product of which there are only totals is counted by the one that stands in for its seats.
    const rows = await database.rows(`
      with counted as (
        select connection_id, product_id, min(count_method) as count_method
        from ${mart("reconciliation_sources")} where rule_id = '' group by all
      )
      select
        null as accept, work.kind, work.connection_id, work.account_id, work.product_id, work.name, work.domain,
        cast(work.seat_count as varchar) as seats,
        work.suggested_client_id as client_id, work.suggested_client_name as client_name,
        work.suggested_service_id as service_id, work.suggested_service_name as service_name,
        counted.count_method as "count", cast(work.score as varchar) as score, work.evidence, null as note
      from ${mart("mapping_work")} as work
      left join counted on work.connection_id = counted.connection_id and work.product_id = counted.product_id
      order by work.kind desc, work.score desc nulls last, work.connection_id, work.account_id, work.product_id`);
    return (rows as unknown as Suggestion[]).map((row) => ({...row, seats: withoutTrailingZeros(row.seats ?? "")}));
  } finally {
    database.close();
  }
}
