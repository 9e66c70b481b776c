import {html} from "htl";
import type {WorkRow} from "../lib/clientData.js";
import {type Choice, settlingDecision} from "../lib/decisions.js";
import {
  words as causeName,
  count,
  day,
  dayBefore,
  daysInWords,
  isNegative,
  month as monthName,
  plural,
  quantity,
  signedMoney,
  signedQuantity,
} from "../lib/format.js";
import {groupBy} from "../lib/groupBy.js";
import {sidesByCurrency} from "../lib/sidesByCurrency.js";
import {fixLink} from "./fixLink.js";

export interface DecideOptions {
  /** One or several discrepancies that are decided alike. */
  readonly rows: readonly WorkRow[];
  /** The day of the figures, YYYY-MM-DD. */
  readonly today: string;
  /** What holds about a single one, saved or not: the dialog begins with it. */
  readonly current?: Choice | null;
  readonly now?: () => Date;
  readonly onDecide: (choice: Choice) => void;
  /** Takes back what holds; not offered without it. */
  readonly onWithdraw?: () => void;
}

const words: Readonly<Record<Choice["decision"], string>> = {
  settle: "Bill or credit, whichever way it goes",
  bill: "Bill it",
  credit: "Credit it",
  accept: "Accept the difference",
  dispute: "In dispute with the client",
  ignore: "Ignore it",
  "": "Nothing yet, only who follows it up",
};

/** Asks what is decided, why, and for how long. */
export function decideDialog({
  rows,
  today,
  current = null,
  now = () => new Date(),
  onDecide,
  onWithdraw,
}: DecideOptions): HTMLDialogElement {
  const [first] = rows as [WorkRow];
  const isOne = rows.length === 1;
  const offered: Choice["decision"][] = [isOne ? settlingDecision(first) : "settle", "accept", "dispute", "ignore", ""];
  const month = today.slice(0, 7);
  // In the days after a month its figures are decided about, and a decision cannot run out before it is made.
  const madeOn = now().toISOString().slice(0, 10);
  const earliest = madeOn > today ? madeOn : today;
  const decision = select(
    offered.map((value) => [value, words[value]]),
    current?.decision ?? offered[0] ?? "",
  );
  const term = select(
    [
      ["", "Until its figures change"],
      ["period", `In ${monthName(month)} only`],
      ["until", "Until a day"],
    ],
    current?.until ? "until" : current?.period ? "period" : "",
  );
  const until = html`<input type="date" min=${earliest} value=${current?.until ?? ""}>` as HTMLInputElement;
  const units =
    html`<input inputmode="decimal" placeholder=${isOne ? quantity(first.expected_quantity) : ""} value=${current?.quantity ?? ""}>` as HTMLInputElement;
  const sum =
    html`<input inputmode="decimal" placeholder="rest of the period" value=${current?.amount ?? ""}>` as HTMLInputElement;
  const reason =
    html`<input value=${current?.reason ?? (isOne ? (first.decision_reason ?? "") : "")}>` as HTMLInputElement;
  const owner =
    html`<input value=${current?.owner ?? (isOne ? (first.owner ?? "") : "")} autocomplete="name" placeholder=${isOne ? "" : "as before"}>` as HTMLInputElement;
  const [reasonMark, ownerMark] = [html`<span></span>` as HTMLElement, html`<span></span>` as HTMLElement];
  const fields = {reason, owner, term, until, quantity: units, amount: sum};
  const problem = html`<p class="problem" role="alert" id="decide-problem"></p>` as HTMLElement;
  const money = html`<div class="fields">
    <label class="field">New quantity, if not the expected one ${units}</label>
    <label class="field">Amount now in ${first.currency}, if not prorated ${sum}</label>
  </div>` as HTMLElement;
  const rest = html`<p class="quiet" role="status"></p>` as HTMLElement;
  const untilField = html`<label class="field">Last day ${until}</label>` as HTMLElement;
  const show = (): void => {
    money.hidden = !isOne || (decision.value !== "bill" && decision.value !== "credit");
    untilField.hidden = term.value !== "until";
    const said = money.hidden || sum.value.trim() !== "" ? "" : restOfPeriod(first, units.value.trim(), today);
    if (rest.textContent !== said) rest.textContent = said;
    rest.hidden = said === "";
    reason.required = decision.value !== "";
    owner.required = !reason.required;
    reasonMark.textContent = reason.required ? " (required)" : "";
    ownerMark.textContent = owner.required ? " (required)" : "";
  };
  decision.addEventListener("change", show);
  term.addEventListener("change", show);
  units.addEventListener("input", show);
  sum.addEventListener("input", show);
  show();
  const choose = (): void => {
    const choice: Choice = {
      decision: decision.value as Choice["decision"],
      quantity: money.hidden ? "" : units.value.trim(),
      amount: money.hidden ? "" : sum.value.trim(),
      period: term.value === "period" ? month : "",
      until: term.value === "until" ? until.value : "",
      reason: reason.value.trim(),
      owner: owner.value.trim(),
    };
    const isUntil = term.value === "until";
    const fault = faultOf(choice, {isUntil, month, earliest, first});
    problem.textContent = fault?.message ?? "";
    for (const input of Object.values(fields)) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
    if (fault === null) {
      onDecide(choice);
      dialog.close?.();
      return;
    }
    const faulty = fields[fault.field];
    faulty.setAttribute("aria-invalid", "true");
    faulty.setAttribute("aria-describedby", problem.id);
    faulty.focus();
  };
  const withdraw = (): void => {
    onWithdraw?.();
    dialog.close?.();
  };
  const dialog = html`<dialog class="save-dialog decide" aria-labelledby="decide-title">
    <div class="save-head"><h2 id="decide-title">${isOne ? html`Decide about <bdi>${first.client_name}</bdi>` : `Decide about ${plural(rows.length, "discrepancy")}`}</h2>
      <button type="button" ${{onclick: () => dialog.close?.()}}>Close</button></div>
    <p>${isOne ? html`<bdi>${first.service_name ?? first.product_name}</bdi>: ${signedQuantity(first.delta_quantity)} for <span class="whole">${signedMoney(first.impact_monthly, first.currency)}</span> per month.` : html`All that pass the filters, ${sums(rows)}. Each keeps its own figures and comes back when they change.`}</p>
    <p class="cause-of">${isOne ? causeOf(first) : `Likely causes: ${causes(rows)}.`}</p>
    <form method="dialog" novalidate="" ${{
      onsubmit: (event: Event) => {
        event.preventDefault();
        choose();
      },
    }}>
      <div class="fields"><label class="field">Decision ${decision}</label><label class="field">It holds ${term}</label>${untilField}</div>
      ${money}${rest}
      <div class="fields"><label class="field"><span>Reason${reasonMark}</span>${reason}</label><label class="field"><span>Who follows it up${ownerMark}</span>${owner}</label></div>
      ${problem}
      <div class="actions"><button type="submit" class="primary">Decide</button>${
        onWithdraw === undefined
          ? ""
          : html`<button type="button" ${{onclick: withdraw}}>Put back on the work list</button>`
      }</div>
    </form>
  </dialog>` as HTMLDialogElement;
  return dialog;
}

/** Why there is a difference, for who decides about it: what the set-up or an old sync explains is not to be billed. */
function causeOf(row: WorkRow): Node {
  const {likely_cause, cause_evidence, client_id} = row;
  return html`<span><strong>${causeName(likely_cause)}</strong>${cause_evidence === null ? "." : `: ${daysInWords(cause_evidence)}`} ${fixLink(row, client_id)}</span>` as Node;
}

/** `12 billing gap, 3 sync`, the most frequent first. */
function causes(rows: readonly WorkRow[]): string {
  return [...groupBy(rows, ({likely_cause}) => likely_cause)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([cause, alike]) => `${count(alike.length)} ${causeName(cause).toLowerCase()}`)
    .join(", ");
}

/** What is due once where no amount is agreed. The figure is of the quantity expected, or agreed before: of another it would be another. */
function restOfPeriod(row: WorkRow, typed: string, today: string): string {
  const {prorated_amount, days_left, days_in_period, period_end, currency} = row;
  if (period_end === null) return "";
  const agreed = row.decision_state === "decided" ? row.agreed_quantity : null;
  const of = agreed ?? row.expected_quantity;
  const isOfTyped = typed === "" ? agreed === null : Number(typed) === Number(of);
  const days = days_left === null ? "" : `: ${days_left} of ${plural(days_in_period ?? "", "day")}`;
  const once = prorated_amount === null ? ", no price" : `, ${signedMoney(prorated_amount, currency)} once`;
  const amount = isOfTyped ? once : ", prorated to that quantity";
  return `Rest of the period, ${day(today)} to ${dayBefore(period_end)}${days}${amount}.`;
}

/** `+$752.00 and −$483.00 per month, +€156.00 per month, 1 without a price`. */
function sums(rows: readonly WorkRow[]): string {
  const parts = [...groupBy(sidesByCurrency(rows), ({currency}) => currency)].map(
    ([currency, sides]) => `${sides.map(({amount}) => signedMoney(amount, currency)).join(" and ")} per month`,
  );
  const unpriced = rows.filter(({impact_monthly}) => impact_monthly === null).length;
  return [...parts, ...(unpriced === 0 ? [] : [`${count(unpriced)} without a price`])].join(", ");
}

function select(options: readonly (readonly [string, string])[], chosen: string): HTMLSelectElement {
  return html`<select>${options.map(
    ([value, label]) => html`<option value=${value} selected=${value === chosen}>${label}</option>`,
  )}</select>` as HTMLSelectElement;
}

interface Fault {
  readonly field: "reason" | "owner" | "term" | "until" | "quantity" | "amount";
  readonly message: string;
}

/** What reconciling would refuse, or what would not be due as it is meant, before it gets that far. */
function faultOf(
  choice: Choice,
  {isUntil, month, earliest, first}: {isUntil: boolean; month: string; earliest: string; first: WorkRow},
): Fault | null {
  const isNumber = (text: string): boolean => text === "" || /^\d+(\.\d+)?$/.test(text);
  if (choice.decision === "" && choice.owner === "") {
    return {field: "owner", message: "Say who follows it up, or decide something."};
  }
  if (choice.decision !== "" && choice.reason === "") return {field: "reason", message: "Say why."};
  if (!isNumber(choice.quantity)) return {field: "quantity", message: "The quantity is a number with a dot."};
  if (choice.quantity !== "" && isOtherWay(choice, first)) {
    const most = isNegative(first.delta_quantity) ? "most" : "least";
    const message = `To ${choice.decision} is at ${most} the ${quantity(first.invoiced_quantity)} that are billed now.`;
    return {field: "quantity", message};
  }
  if (!isNumber(choice.amount)) return {field: "amount", message: "The amount is a number with a dot."};
  if (choice.amount !== "" && choice.period === "") {
    return {field: "term", message: `An amount is due once: let the decision hold in ${monthName(month)} only.`};
  }
  if (isUntil && choice.until < earliest) return {field: "until", message: `Choose a day from ${day(earliest)} on.`};
  return null;
}

function isOtherWay({quantity: agreed}: Choice, {invoiced_quantity, delta_quantity}: WorkRow): boolean {
  const change = Number(agreed) - Number(invoiced_quantity);
  return isNegative(delta_quantity) ? change > 0 : change < 0;
}
