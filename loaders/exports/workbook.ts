import {inCurrencyOrder} from "../../src/lib/currencyOrder.js";
import {plural, words} from "../../src/lib/format.js";
import type {Database} from "../database.js";
import {describeQuarantine, quarantines} from "../marts/caveats.js";
import {knownTotals, summaryTotals} from "../marts/summaryTotals.js";
import type {Workspace} from "../workspace/workspace.js";
import type {OpenMarts, Row} from "./openMarts.js";
import {cellOf, columnsOf, headerCell, type Sheet, sheetOf, writeWorkbook} from "./spreadsheet.js";

/** Writes the month's marts as one workbook. Returns what did not fit, in words. */
export async function exportWorkbook(
  marts: OpenMarts,
  workspace: Pick<Workspace, "name" | "currency">,
  out: string,
  longest?: number,
): Promise<string[]> {
  const {database, names} = marts;
  const sheet = (name: string, sql: string): Promise<Sheet> => sheetOf(database, name, sql, longest);
  const sheets = [
    await sheet("Clients", "select * from clients order by client_name, client_id, currency"),
    await sheet(
      "Discrepancies",
      `select * ${names.includes("work_list") ? discrepancies : earlierDiscrepancies}
       order by currency, abs(impact_monthly) desc nulls last, client_name, reconciliation_id`,
    ),
    await sheet(
      "Flags",
      `select * from flagged_services
       order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, client_name, flag_id`,
    ),
    await sheet(
      "Inactive seats",
      "select * from inactive_seats order by client_name, client_id, connection_id, account_id, product_id, seat_id",
    ),
  ];
  if (names.includes("margin")) {
    sheets.push(
      await sheet(
        "Margin",
        `select * from margin
         order by client_name, client_id, currency, service_name nulls last, product_name nulls last, margin_id`,
      ),
    );
  }
  const left = sheets.filter(({left}) => left > 0).map(describeLeft);
  const missing = (await database.rows(quarantines)).map(describeQuarantine);
  const first = await overview(database, marts, workspace, [...missing, ...left]);
  await marts.confirm();
  await writeWorkbook(out, [first, ...sheets]);
  return left;
}

const discrepancies = `from (
  select reconciliation.*, work_list.decision_state, work_list.decision, work_list.decision_reason, work_list.owner,
    work_list.known_since, work_list.age_days
  from reconciliation inner join work_list on reconciliation.reconciliation_id = work_list.reconciliation_id
) as rows`;
const earlierDiscrepancies = "from reconciliation where status = 'discrepancy'";

function describeLeft({name, left}: Sheet): string {
  return `${plural(left, "row")} of ${name} ${left === 1 ? "is" : "are"} beyond what a sheet holds; the marts have all of them.`;
}

const figures = [
  ...["clients_total", "clients_discrepant", "clients_reconciled", "clients_uncompared", "discrepancy_count"],
  ...["underbilled_monthly", "overbilled_monthly", "net_monthly"],
  ...["open_count", "open_underbilled_monthly", "open_overbilled_monthly"],
  ...["decided_count", "decided_underbilled_monthly", "decided_overbilled_monthly"],
  ...["unpriced_count", "coverage_lines", "coverage_amount"],
  ...["unlinked_accounts", "unaccounted_seats", "unaccounted_products"],
];

/** A line for each figure, a column for each currency, and under them what is left out. */
async function overview(
  database: Database,
  {asOfDate, names: marts}: OpenMarts,
  {name, currency}: Pick<Workspace, "name" | "currency">,
  left: readonly string[],
): Promise<Sheet> {
  const totals = marts.includes("work_list") ? summaryTotals() : "select * from summary";
  const summary: Row[] = inCurrencyOrder(await database.rows(totals), currency);
  const columns = await columnsOf(database, "select * from summary");
  const lines = figures.flatMap((figure) => columns.filter((column) => column.name === figure));
  const data = [
    [headerCell(name), ...summary.map((row) => headerCell(String(row.currency)))],
    [cellOf("As of", "text", null), ...summary.map(() => cellOf(asOfDate, "date", null))],
    ...lines.map(({name: figure, kind}) => [
      cellOf(words(figure), "text", null),
      ...summary.map((row) => cellOf(figureOf(row, figure), kind, row.currency)),
    ]),
    ...left.map((sentence) => [cellOf(sentence, "text", null)]),
  ];
  return {name: "Overview", data, widths: [34, ...summary.map(() => 18)], left: 0};
}

/** A side or the net that is unknown has an empty cell, never 0. */
function figureOf(row: Row, name: string): unknown {
  const [, prefix = "", side] = /^(open_|decided_)?(under|over|net)(?:billed)?_monthly$/.exec(name) ?? [];
  if (side === undefined) return row[name];
  return knownTotals(row, prefix as "" | "open_" | "decided_")[side as "under" | "over" | "net"];
}
