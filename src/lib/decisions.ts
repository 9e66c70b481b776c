import type {WorkRow} from "./clientData.js";
import type {CsvRow} from "./csvText.js";
import {type Draft, type Edit, openDraft} from "./drafts.js";
import {signedMoney, signedQuantity, withoutTrailingZeros, words} from "./format.js";
import type {Decision} from "./mappingSchemas.js";
import {type MappingFiles, mappingTables} from "./mappingTables.js";
import {describeProblem} from "./problem.js";
import {findContradictingDecisions} from "./validateDecisions.js";

const file = "mappings/decisions.csv";

/** Its edits in the browser: the pages of decisions share them. */
export const draftName = "decisions";

/** What somebody decides about a discrepancy; blank where it is left to the figures. */
export interface Choice {
  /** Blank: only who follows it up. `settle` bills or credits, whichever way the difference goes. */
  readonly decision: "" | "settle" | "bill" | "credit" | "accept" | "dispute" | "ignore";
  readonly quantity: string;
  readonly amount: string;
  readonly period: string;
  readonly until: string;
  readonly reason: string;
  readonly owner: string;
}

/** Decisions that are not saved yet. The work list and the clients' pages share them. */
export function openDecisionDraft(
  files: Pick<MappingFiles, "decisions">,
  {workspace, storage, now}: {workspace: string; storage?: Storage; now?: () => Date},
): Draft {
  const text = files.decisions === "" ? null : files.decisions;
  return openDraft({
    name: draftName,
    workspace,
    files: [{fileName: file, text, ...mappingTables.decisions}],
    storage,
    now,
  });
}

type About = Pick<WorkRow, "client_id" | "service_id" | "product_id" | "connection_ids">;

function aboutOf({client_id, service_id, product_id, connection_ids}: About): CsvRow {
  return service_id === null
    ? {client_id, service_id: "", connection_id: connection_ids ?? "", product_id: product_id ?? ""}
    : {client_id, service_id, connection_id: "", product_id: ""};
}

function isAbout(row: CsvRow, about: CsvRow): boolean {
  return Object.entries(about).every(([column, text]) => (row[column] ?? "") === text);
}

/** What the file will say about a discrepancy and does not say yet; undefined where nothing was edited. */
export function editsOf(row: About, draft: Draft): Edit[] {
  const about = aboutOf(row);
  return draft.edits().filter(({before, after}) => isAbout(after ?? before ?? {}, about));
}

/** What holds about a discrepancy, saved or not; null where nothing is decided and nobody follows it up by what was edited. */
export function currentChoice(row: WorkRow, draft: Draft): Choice | null {
  const edits = editsOf(row, draft);
  const put = edits.find(({after}) => after !== null)?.after;
  if (put) {
    const {quantity = "", amount = "", period = "", until = "", reason = "", owner = ""} = put;
    return {decision: put.decision as Choice["decision"], quantity, amount, period, until, reason, owner};
  }
  if (edits.length > 0 || row.decision_state !== "decided") return null;
  return {
    decision: row.decision as Choice["decision"],
    quantity: withoutTrailingZeros(row.agreed_quantity ?? ""),
    amount: row.agreed_amount ?? "",
    period: row.period ?? "",
    until: row.until_date ?? "",
    reason: row.decision_reason ?? "",
    owner: row.owner ?? "",
  };
}

/**
 * Decides about a discrepancy, with its figures as they are now. What was decided for good or for a time that is not over
 * makes room; decisions whose time is over stay in the file.
 */
export function decide(row: WorkRow, choice: Choice, today: string, draft: Draft): void {
  const about = aboutOf(row);
  withdraw(row, today, draft);
  const isUnder = !row.delta_quantity.startsWith("-");
  const decision = choice.decision === "settle" ? (isUnder ? "bill" : "credit") : choice.decision;
  const isMoney = decision === "bill" || decision === "credit";
  draft.put(file, {
    ...about,
    period: choice.period,
    until: choice.until,
    decision,
    quantity: isMoney ? choice.quantity : "",
    amount: isMoney ? choice.amount : "",
    currency: decision === "" ? "" : row.currency,
    delta_quantity: decision === "" ? "" : withoutTrailingZeros(row.delta_quantity),
    impact_monthly: decision === "" ? "" : (row.impact_monthly ?? ""),
    reason: choice.reason,
    owner: choice.owner,
  });
}

/** Takes back what holds about a discrepancy: it is on the work list again. */
export function withdraw(row: About, today: string, draft: Draft): void {
  const about = aboutOf(row);
  for (const other of draft.rows(file)) {
    const isOver =
      (other.period !== undefined && other.period !== "" && other.period < today.slice(0, 7)) ||
      (other.until !== undefined && other.until !== "" && other.until < today);
    if (isAbout(other, about) && !isOver) draft.remove(file, other);
  }
}

/** What reconciling will refuse, in words. */
export function findProblems(draft: Draft, today: string): string[] {
  const rows = draft.rows(file).map((row, index) => {
    const blank = Object.fromEntries(mappingTables.decisions.columns.map((column) => [column, row[column] || null]));
    return {...(blank as unknown as Decision), line: index + 2};
  });
  return findContradictingDecisions(rows, today).map(describeProblem);
}

/** `Acme, Mail: bill, +4 for +$48.00 per month` — one edit in words, for the list of what is saved. */
export function describeEdit(rows: readonly WorkRow[]): (edit: Edit) => string {
  return ({before, after}) => {
    const row = after ?? before ?? {};
    const found = rows.find((one) => isAbout(row, aboutOf(one)));
    const name =
      found === undefined ? row.client_id : `${found.client_name}, ${found.service_name ?? found.product_name}`;
    if (after === null) return `${name}: earlier decision removed`;
    const what = after.decision === "" ? `followed up by ${after.owner}` : words(after.decision ?? null).toLowerCase();
    if (found === undefined || after.decision === "") return `${name}: ${what}`;
    return `${name}: ${what}, ${signedQuantity(found.delta_quantity)} for ${signedMoney(found.impact_monthly, found.currency)} per month`;
  };
}
