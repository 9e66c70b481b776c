import {existsSync} from "node:fs";
import {join} from "node:path";
import {toCsv} from "../../src/lib/csv.js";
import {month, plural} from "../../src/lib/format.js";
import {isDueAgain} from "../../src/lib/isDueAgain.js";
import type {Database} from "../database.js";
import {writeWhole} from "../files/writeWhole.js";
import {martRows} from "../marts/martFiles.js";
import {type OpenMarts, requireMart} from "./openMarts.js";
import {type Adjustment, columnOf, psaLayouts} from "./psaLayouts.js";
import {sheetOf, writeWorkbook} from "./spreadsheet.js";

export const adjustmentFormats = ["csv", "xlsx", ...Object.keys(psaLayouts)];
export const adjustmentStates = ["all", "open", "decided"] as const;

export interface AdjustmentOptions {
  readonly format: string;
  /** Which of them: what is on the work list, what was decided, or both. */
  readonly state: (typeof adjustmentStates)[number];
  /** Without it, the text is returned. */
  readonly out?: string;
}

export interface ExportedAdjustments {
  readonly count: number;
  /** Those that are not decided or that a PSA's layout cannot hold, in words. */
  readonly left: readonly string[];
  /** What would be billed or credited twice, in words. */
  readonly warnings: readonly string[];
  /** What was not written to a file. */
  readonly text?: string;
}

/** The changes that the marts propose, as a file. Nothing is ever written to a PSA. */
export async function exportAdjustments(
  marts: OpenMarts,
  {format, state, out}: AdjustmentOptions,
): Promise<ExportedAdjustments> {
  requireMart(marts, "adjustments");
  const {database} = marts;
  const where = {all: "true", open: "decision_state <> 'decided'", decided: "decision_state = 'decided'"}[state];
  const sql = `select * from adjustments where ${where} order by client_name, client_id, service_name nulls last, reconciliation_id, adjustment_id`;
  const warnings = state === "open" ? [] : await describeLate(marts);
  const undecided = state === "decided" ? await describeUndecided(marts) : [];
  if (format === "xlsx") {
    if (out === undefined) throw new Error("A workbook needs --out FILE.");
    const sheet = await sheetOf(database, "Adjustments", sql);
    await marts.confirm();
    await writeWorkbook(out, [sheet]);
    return {
      count: sheet.data.length - 1,
      warnings,
      left: [...undecided, ...(sheet.left > 0 ? [`${sheet.left} beyond what a sheet holds`] : [])],
    };
  }
  const rows = (await database.rows(sql)) as unknown as Adjustment[];
  const layout = psaLayouts[format];
  const unfit = layout === undefined ? [] : rows.map(obstacleOf);
  const fitting = rows.filter((_, index) => (unfit[index] ?? null) === null);
  const names = (await database.rows(`describe ${sql}`)).map((column) => String(column.column_name));
  const text = toCsv(layout?.columns ?? names.map(columnOf), fitting);
  await marts.confirm();
  if (out !== undefined) await writeWhole(out, text);
  const left = [...undecided, ...describeLeft(unfit)];
  return {count: fitting.length, left, warnings, text: out === undefined ? text : undefined};
}

async function describeUndecided({database}: OpenMarts): Promise<string[]> {
  const [row] = await database.rows("select count(*) as open from adjustments where decision_state <> 'decided'");
  const open = Number(row?.open);
  return open === 0 ? [] : [`${open} that ${open === 1 ? "is" : "are"} not decided; --state all has them too`];
}

type DueRow = Parameters<typeof isDueAgain>[0] & {readonly reconciliation_id: string};

async function describeLate({database, asOfDate, period, closedFolder}: OpenMarts): Promise<string[]> {
  const due = (await database.rows(`select adjustments.reconciliation_id, adjustments.decided_at, work_list.period,
      adjustments.agreed_amount, adjustments.period_end
    from adjustments inner join work_list on adjustments.reconciliation_id = work_list.reconciliation_id
    where adjustments.decision_state = 'decided' and adjustments.due_amount <> 0`)) as unknown as DueRow[];
  const isClosed = closedFolder !== null;
  const keyOf = (row: Pick<DueRow, "reconciliation_id" | "decided_at">) => `${row.reconciliation_id} ${row.decided_at}`;
  const known = new Set(isClosed ? (await readDecided(database, closedFolder)).map(keyOf) : []);
  const isLate = (row: DueRow): boolean => !known.has(keyOf(row)) && isDueAgain(row, asOfDate, isClosed);
  const late = new Set(due.filter(isLate).map((row) => row.reconciliation_id)).size;
  if (late === 0) return [];
  const [was, it, is, its] = late === 1 ? ["was", "it", "is", "its"] : ["were", "they", "are", "their"];
  const them = late === 1 ? "it" : "them";
  return [
    isClosed
      ? `${plural(late, "change")} ${was} decided after ${month(period)} was closed: ${it} ${is} due once more in a later month, unless this one is closed again with ${them} (trueup close --period ${period} --replace).`
      : `${plural(late, "change")} ${was} decided after the end of ${month(period)}: ${it} ${is} due once more in the month of ${its} decision, unless this one is closed with ${them} (trueup close --period ${period}).`,
  ];
}

/** The decided changes that a month was closed with. Earlier versions made none. */
async function readDecided(database: Database, folder: string): Promise<DueRow[]> {
  if (!existsSync(join(folder, "adjustments.parquet"))) return [];
  const sql = `select reconciliation_id, decided_at from ${martRows(folder, "adjustments")} where decision_state = 'decided'`;
  return (await database.rows(sql)) as unknown as DueRow[];
}

const obstacles = {
  service: "of usage that no rule gives a service",
  line: "billed by an invoice without a line of an agreement to change",
  agreement: "of clients without exactly one agreement to put them on",
};

type Obstacle = keyof typeof obstacles;

/** Why a change is no row of a PSA's: as a line to be made, what an invoice bills already would be billed twice. */
function obstacleOf(row: Adjustment): Obstacle | null {
  if (row.service_id === null) return "service";
  if (row.invoice_id !== null && row.agreement_line_id === null) return "line";
  return row.agreement_id === null ? "agreement" : null;
}

function describeLeft(unfit: readonly (Obstacle | null)[]): string[] {
  return Object.entries(obstacles).flatMap(([obstacle, text]) => {
    const count = unfit.filter((one) => one === obstacle).length;
    return count === 0 ? [] : [`${count} ${text}`];
  });
}
