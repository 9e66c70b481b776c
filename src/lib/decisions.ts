import type {BrowserStorage} from "./browserStorage.js";
import type {WorkRow} from "./clientData.js";
import {type CsvRow, keyOf} from "./csvText.js";
import {type Draft, type Edit, openDraft} from "./drafts.js";
import {signedMoney, signedQuantity, withoutTrailingZeros, words} from "./format.js";
import {groupBy} from "./groupBy.js";
import {isOverbilled} from "./isOverbilled.js";
import type {Decision} from "./mappingSchemas.js";
import {type MappingFiles, mappingFile, mappingTables} from "./mappingTables.js";
import {describeProblem} from "./problem.js";
import {findContradictingDecisions} from "./validateDecisions.js";

const file = mappingFile("decisions");

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
  {workspace, storage, now}: {workspace: string; storage?: BrowserStorage; now?: () => Date},
): Draft {
  const text = files.decisions === "" ? null : files.decisions;
  return openDraft({
    name: draftName,
    workspace,
    files: [{fileName: file, text, ...mappingTables.decisions, remarks: ["reason", "owner"]}],
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

/** The discrepancy that a row of the file is about, as one text. */
function subjectOf(row: CsvRow): string {
  return keyOf(row, ["client_id", "service_id", "connection_id", "product_id"]);
}

/** Tells what the file will say about a discrepancy and does not say yet; nothing where it was not edited. */
export function editsOf(draft: Draft): (row: About) => readonly Edit[] {
  const edits = groupBy(draft.edits(), ({before, after}) => subjectOf(after ?? before ?? {}));
  return (row) => edits.get(subjectOf(aboutOf(row))) ?? [];
}

/** What holds about a discrepancy, saved or not; null where nothing is decided and nobody follows it up by what was edited. */
export function currentChoice(row: WorkRow, edits: readonly Edit[], today: string): Choice | null {
  const put = edits.find(({after}) => after !== null)?.after;
  if (put) {
    const {quantity = "", amount = "", period = "", until = "", reason = "", owner = ""} = put;
    return {decision: put.decision as Choice["decision"], quantity, amount, period, until, reason, owner};
  }
  if (edits.length > 0 || row.decision_state !== "decided") return null;
  return {
    decision: row.decision as Choice["decision"],
    quantity: withoutTrailingZeros(row.agreed_quantity ?? ""),
    // Without a period it was due in the month of the decision, and is not to be due again.
    amount: row.period === null && (row.decided_at ?? today) < today.slice(0, 7) ? "" : (row.agreed_amount ?? ""),
    period: row.period ?? "",
    until: row.until_date ?? "",
    reason: row.decision_reason ?? "",
    owner: row.owner ?? "",
  };
}

/** The decision that settles a discrepancy, whichever way it goes. */
export function settlingDecision(row: Pick<WorkRow, "delta_quantity" | "impact_monthly">): "bill" | "credit" {
  return isOverbilled(row) ? "credit" : "bill";
}

/**
 * Decides about discrepancies alike, each with its figures as they are now. What was decided for good or for a time that is
 * not over makes room; decisions whose time is over stay in the file. Where but reason or owner are others, the decision is the
 * one that was made before: what was due by it in another month is not due again.
 */
export function decide(rows: readonly WorkRow[], choice: Choice, today: string, draft: Draft): void {
  const edits = editsOf(draft);
  // Of one its owner stood in the field; of several each keeps its own where none is named.
  const keepsOwner = choice.owner === "" && rows.length > 1;
  const held = groupBy(holding(rows, today, draft), subjectOf);
  draft.together(() => {
    for (const row of rows) {
      const current = currentChoice(row, edits(row), today);
      const made: Choice = {
        ...choice,
        decision: choice.decision === "settle" ? settlingDecision(row) : choice.decision,
        owner: keepsOwner ? (current?.owner ?? row.owner ?? "") : choice.owner,
      };
      const before = held.get(subjectOf(aboutOf(row))) ?? [];
      for (const decided of before) draft.remove(file, decided);
      const isSame = before.length === 1 && current !== null && decidesSame(made, current);
      const {reason, owner} = made;
      draft.put(file, isSame ? {...before[0], reason, owner} : decisionOf(row, made));
    }
  });
}

/** Whether two say the same but for why, and who follows it up. */
function decidesSame(one: Choice, other: Choice): boolean {
  return (["decision", "quantity", "amount", "period", "until"] as const).every((key) => one[key] === other[key]);
}

function decisionOf(row: WorkRow, choice: Choice): CsvRow {
  const {decision} = choice;
  const isMoney = decision === "bill" || decision === "credit";
  return {
    ...aboutOf(row),
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
  };
}

/** Takes back what holds about discrepancies: they are on the work list again. */
export function withdraw(rows: readonly About[], today: string, draft: Draft): void {
  draft.together(() => {
    for (const decided of holding(rows, today, draft)) draft.remove(file, decided);
  });
}

/** The rows of the file that hold about discrepancies: for good, or for a time that is not over. */
function holding(rows: readonly About[], today: string, draft: Draft): CsvRow[] {
  const subjects = new Set(rows.map((row) => subjectOf(aboutOf(row))));
  return draft.rows(file).filter((decided) => {
    const {period = "", until = ""} = decided;
    const isOver = (period !== "" && period < today.slice(0, 7)) || (until !== "" && until < today);
    return subjects.has(subjectOf(decided)) && !isOver;
  });
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
  const bySubject = groupBy(rows, (row) => subjectOf(aboutOf(row)));
  return ({before, after}) => {
    const row = after ?? before ?? {};
    const [found] = bySubject.get(subjectOf(row)) ?? [];
    const name =
      found === undefined ? row.client_id : `${found.client_name}, ${found.service_name ?? found.product_name}`;
    if (after === null) return `${name}: earlier decision removed`;
    const what = after.decision === "" ? `followed up by ${after.owner}` : words(after.decision ?? null).toLowerCase();
    if (found === undefined || after.decision === "") return `${name}: ${what}`;
    return `${name}: ${what}, ${signedQuantity(found.delta_quantity)} for ${signedMoney(found.impact_monthly, found.currency)} per month`;
  };
}
