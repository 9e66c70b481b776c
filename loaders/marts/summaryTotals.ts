import {isCompared} from "../../src/lib/figures.js";
import {knownSums} from "../../src/lib/knownSum.js";

type Row = Readonly<Record<string, unknown>>;

const states = {"": "true", open_: "decision_state <> 'decided'", decided_: "decision_state = 'decided'"} as const;

/** SQL of the summary with, of each side, how many discrepancies have no price: of all, of open and of decided ones. */
export function summaryTotals(summary = "summary", workList = "work_list"): string {
  const counts = Object.entries(states).map(([prefix, isOfState]) => unpricedSides(prefix, isOfState));
  const names = Object.keys(states).flatMap((prefix) => [`${prefix}unpriced_under`, `${prefix}unpriced_over`]);
  return `
    select totals.*, ${names.map((name) => `coalesce(${name}, 0) as ${name}`).join(", ")}
    from ${summary} as totals left join (
      select currency, ${counts.join(", ")}
      from ${workList} where impact_monthly is null group by currency
    ) as unpriced using (currency)`;
}

/** Of rows without a price how many each side lacks, by what their quantity says: as SQL, of those that a condition holds for. */
export function unpricedSides(prefix = "", condition = "true"): string {
  return `
    count(*) filter (${condition} and delta_quantity > 0) as ${prefix}unpriced_under,
    count(*) filter (${condition} and delta_quantity < 0) as ${prefix}unpriced_over`;
}

/**
 * Both sides and their net as far as they are known, as the pages have them: null where nothing was compared, or nothing that
 * makes a sum up has a price. What an earlier version wrote does not say of which side that is.
 */
export function knownTotals(
  row: Row,
  prefix: keyof typeof states = "",
): Record<"under" | "over" | "net", string | null> {
  const text = (name: string): string => String(row[`${prefix}${name}`] ?? "0");
  if (!isCompared(row)) return {under: null, over: null, net: null};
  return knownSums(
    {under: text("underbilled_monthly"), over: text("overbilled_monthly"), net: text("net_monthly")},
    {under: text("unpriced_under") !== "0", over: text("unpriced_over") !== "0"},
  );
}

/** Whether anything was compared, as SQL of rows of the summary. */
export const anyCompared = "clients_reconciled + clients_discrepant > 0";
