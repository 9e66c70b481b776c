import {html} from "htl";
import {toCents} from "../lib/cents.js";
import type {WorkRow} from "../lib/clientData.js";
import {type Choice, currentChoice, decide, editsOf, withdraw} from "../lib/decisions.js";
import type {Draft, Edit} from "../lib/drafts.js";
import {day, money, month, plural, quantity, signedMoney, signedQuantity, words} from "../lib/format.js";
import {isDueAgain} from "../lib/isDueAgain.js";
import {amount} from "./amount.js";
import type {TableColumn} from "./dataTable.js";
import {decideDialog} from "./decideDialog.js";
import {causeMark, typeMark} from "./marks.js";
import {openDialog} from "./openDialog.js";

/** What a discrepancy is, what was decided about it, and a way to decide. */
export function workColumns(draft: Draft | null, onDecide: (row: WorkRow) => void): TableColumn<WorkRow>[] {
  const edits = draft === null ? () => [] : editsOf(draft);
  return [
    {
      key: "service",
      label: "Service",
      isLong: true,
      render: ({service_name, product_name, product_id}) =>
        html`<bdi>${service_name ?? product_name ?? product_id}</bdi>`,
      sortValue: ({service_name, product_name}) => service_name ?? product_name,
    },
    {
      key: "difference",
      label: "Difference",
      isNumber: true,
      render: ({delta_quantity}) => signedQuantity(delta_quantity),
      sortValue: ({delta_quantity}) => Number(delta_quantity),
    },
    {
      key: "money",
      label: "Impact",
      note: "per month",
      isNumber: true,
      comesFirst: true,
      render: ({impact_monthly, currency}) => amount(impact_monthly, currency),
      sortValue: ({impact_monthly}) => (impact_monthly === null ? null : Math.abs(toCents(impact_monthly))),
      currencyOf: ({currency}) => currency,
    },
    {
      key: "finding",
      label: "Finding",
      isLong: true,
      render: ({discrepancy_type, likely_cause}) =>
        html`<span class="marks">${typeMark("discrepancy", discrepancy_type)} ${causeMark(likely_cause)}</span>`,
      sortValue: ({discrepancy_type}) => discrepancy_type,
    },
    {
      key: "state",
      label: "Decision",
      isLong: true,
      render: (row) => stateOf(row, edits(row)),
      sortValue: ({decision_state}) => ["changed", "expired", "open", "decided"].indexOf(decision_state),
    },
    ownerColumn(),
    {
      key: "age",
      label: "Age",
      isNumber: true,
      render: ({age_days, known_since}) =>
        age_days === null
          ? html`<span class="quiet">—</span>`
          : html`<span>${plural(age_days, "day")}<small class="since">since <span class="whole">${day(known_since)}</span></small></span>`,
      sortValue: ({age_days}) => (age_days === null ? null : Number(age_days)),
    },
    {
      key: "decide",
      label: "Decide",
      isAction: true,
      render: (row) =>
        html`<button type="button" data-decide=${keyOf(row)} ${{onclick: () => onDecide(row)}}>${row.decision_state === "decided" ? "Change" : "Decide"}<span class="visually-hidden"> about ${row.client_name}, ${row.service_name ?? row.product_name}</span></button>`,
      sortValue: () => null,
    },
  ];
}

/** Who follows it up. */
export function ownerColumn<Row extends {readonly owner: string | null}>(): TableColumn<Row> {
  return {
    key: "owner",
    label: "Owner",
    isLong: true,
    render: ({owner}) => (owner === null ? html`<span class="quiet">no owner</span>` : html`<bdi>${owner}</bdi>`),
    sortValue: ({owner}) => owner,
  };
}

/** What of the decisions goes out in the month of a day. */
export function dueColumn(today: string): TableColumn<WorkRow> {
  return {
    key: "due",
    label: "Due now",
    note: "once",
    isNumber: true,
    render: (row) =>
      !isBilled(row)
        ? html`<span class="quiet">—</span>`
        : row.was_due_elsewhere === "true"
          ? html`<span>${amount("0", row.currency)}<small>due in another month</small></span>`
          : html`<span>${amount(row.due_amount, row.currency)}${dueAgain(row, today)}</span>`,
    sortValue: (row) => (isBilled(row) && row.due_amount !== null ? Math.abs(toCents(row.due_amount)) : null),
    currencyOf: ({currency}) => currency,
  };
}

function dueAgain(row: WorkRow, today: string): Node | string {
  if (!isDueAgain(row, today)) return "";
  return html`<small>once more in ${month(row.decided_at?.slice(0, 7) ?? "")} unless ${month(today.slice(0, 7))} is closed with it</small>`;
}

/** Whether the bill is to change. */
export function isBilled({decision}: WorkRow): boolean {
  return decision === "bill" || decision === "credit";
}

/** The button that decides about a row: after every decision it is another element. */
export function decideButton(place: HTMLElement, row: WorkRow): HTMLElement | null {
  return place.querySelector(`[data-decide="${CSS.escape(keyOf(row))}"]`);
}

/** Every row is of a service in a currency, or of a product that no rule counts. */
function keyOf({client_id, service_id, connection_ids, product_id, currency}: WorkRow): string {
  return JSON.stringify(
    service_id === null ? [client_id, connection_ids, product_id] : [client_id, service_id, currency],
  );
}

function stateOf(row: WorkRow, edits: readonly Edit[]): Node {
  const put = edits.find(({after}) => after !== null)?.after;
  if (edits.length > 0) {
    const what =
      put === undefined || put === null ? "back on the work list" : put.decision === "" ? "assigned" : put.decision;
    return html`<span>${words(what ?? null)}<span class="unsaved"> not saved yet</span><small><bdi>${put?.reason || put?.owner}</bdi></small></span>`;
  }
  const because = row.decision_reason === null ? "" : html`<small><bdi>${row.decision_reason}</bdi></small>`;
  const when = row.decided_at === null ? "" : html`<small>${decidedBy(row)}</small>`;
  switch (row.decision_state) {
    case "open":
      return html`<span class="quiet">open</span>`;
    case "decided":
      return html`<span>${words(row.decision)}${agreedOf(row)}${termOf(row)}${because}${when}</span>`;
    case "expired":
      return html`<span><span class="returned">Expired</span> ${words(row.decision).toLowerCase()}${agreedOf(row)}${termOf(row) || ", it was gone in a closed month since"}${because}${when}</span>`;
    case "changed":
      return html`<span><span class="returned">Changed since</span> ${words(row.decision).toLowerCase()} of ${signedQuantity(row.decided_delta_quantity)} for ${signedMoney(row.decided_impact_monthly, row.currency)}${because}${when}</span>`;
  }
}

/** What was agreed in the place of the figures, and who decided it when. */
export interface Agreed {
  readonly currency: string | null;
  readonly agreed_quantity: string | null;
  readonly agreed_amount: string | null;
  readonly agreed_currency: string | null;
  readonly decided_by: string | null;
  readonly decided_at: string | null;
}

/** ` to 5, $25.00 once` */
export function agreedOf({agreed_quantity, agreed_amount, agreed_currency, currency}: Agreed): string {
  const to = agreed_quantity === null ? "" : ` to ${quantity(agreed_quantity)}`;
  return agreed_amount === null ? to : `${to}, ${money(agreed_amount, agreed_currency ?? currency)} once`;
}

/** What was decided long ago and is still there was never invoiced: the day tells. */
export function decidedBy({decided_by, decided_at}: Agreed): Node {
  return html`<span class="whole">${day(decided_at)}</span>${decided_by === null ? "" : html`, <bdi>${decided_by}</bdi>`}` as Node;
}

function termOf({period, until_date}: WorkRow): string {
  if (period !== null) return ` for ${month(period)}`;
  return until_date === null ? "" : ` until ${day(until_date)}`;
}

export interface DecideContext {
  readonly draft: Draft;
  readonly today: string;
  /** Where the dialog is put. */
  readonly place: HTMLElement;
  /** What gets the focus when the dialog is closed. */
  readonly focus: () => void;
}

/** Opens the question what is decided about one discrepancy or several. */
export function openDecision(rows: readonly WorkRow[], {draft, today, place, focus}: DecideContext): void {
  const edits = editsOf(draft);
  const isDecided = (row: WorkRow): boolean =>
    edits(row).some(({after}) => after !== null) || row.decision_state === "decided";
  const [first] = rows as [WorkRow];
  const dialog = decideDialog({
    rows,
    today,
    current: rows.length === 1 ? currentChoice(first, edits(first), today) : null,
    onDecide: (choice: Choice) => decide(rows, choice, today, draft),
    onWithdraw: rows.some(isDecided) ? () => withdraw(rows, today, draft) : undefined,
  });
  openDialog(dialog, place, focus);
}
