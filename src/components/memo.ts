import {html} from "htl";
import {sumAmounts} from "../lib/cents.js";
import {
  type Adjustment,
  type ClientData,
  type ClientFile,
  readClient,
  readSeats,
  type Seat,
  type SeatFile,
  type ServiceRow,
} from "../lib/clientData.js";
import {groupByCurrency} from "../lib/currencyOrder.js";
import {isComparedRow, nameOfRow} from "../lib/figures.js";
import {count, cut, day, money, period, plural, quantity, rate, signedQuantity, words} from "../lib/format.js";
import {groupBy} from "../lib/groupBy.js";
import {isOverbilled} from "../lib/isOverbilled.js";
import {memoNumber} from "../lib/memoNumber.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {wasDueElsewhere} from "../lib/wasDueElsewhere.js";
import {longestAsked} from "./memoChoice.js";
import {memoCount} from "./memoCount.js";
import {memoTotals} from "./memoTotals.js";
import {scrollingTable} from "./scrollingTable.js";

export interface MemoOptions {
  /** Who sends it. */
  readonly workspace: string;
  readonly state?: UrlState;
  /** What the document is called, and so the file that it is saved as. */
  readonly onTitle?: (title: string) => void;
}

const choices = [
  {value: "decided", label: "What was decided"},
  {value: "all", label: "What was decided and what is open"},
];

/** What will be billed or credited to a client, how it was counted, and who or what was counted: one page to print. */
export function memo(
  file: ClientFile,
  seatFile: SeatFile,
  {workspace, state = urlState(), onTitle = () => {}}: MemoOptions,
): HTMLElement {
  const data = readClient(file);
  const seats = readSeats(seatFile);
  const usual = data.adjustments.some(isDecided) ? "decided" : "all";
  const asked = state.get("show");
  const isUnknown = asked !== "" && choices.every(({value}) => value !== asked);
  const place = html`<div></div>` as HTMLElement;
  const choice = html`<select ${{
    onchange: () => {
      state.set({show: choice.value === usual ? "" : choice.value});
      draw();
    },
  }}>${choices.map(({value, label}) => html`<option value=${value}>${label}</option>`)}</select>` as HTMLSelectElement;
  choice.value = isUnknown || asked === "" ? usual : asked;
  const showAll = (): void => {
    choice.value = "all";
    choice.dispatchEvent(new Event("change"));
    choice.focus();
  };
  const draw = (): void => {
    const chosen = choice.value === "decided" ? data.adjustments.filter(isDecided) : data.adjustments;
    const number = chosen.length === 0 ? "" : memoNumber(data.client_id, data.as_of_date, chosen);
    place.replaceChildren(
      memoHead(data, {workspace, number, isDraft: !chosen.every(isDecided)}),
      chosen.length === 0 ? nothing(data, showAll) : content(chosen, data, seats),
    );
    onTitle(`Memo ${number === "" ? "" : `${number}, `}${data.name}`);
  };
  draw();
  return html`<article class="memo">
    <div class="memo-tools">
      <label class="field">In the memo ${choice}</label>
      <button type="button" class="primary" ${{onclick: () => print()}}>Print or save as PDF</button>
      <a href=${`./clients/${data.slug}`}>Back to the client</a>
    </div>
    ${isUnknown ? html`<p class="memo-unknown" role="status">The address asks for “<bdi>${cut(asked, longestAsked)}</bdi>”, which is none of the choices above.</p>` : ""}
    ${place}
  </article>`;
}

function isDecided({decision_state}: Adjustment): boolean {
  return decision_state === "decided";
}

function memoHead(
  {name, client_id, as_of_date}: ClientData,
  {workspace, number, isDraft}: {workspace: string; number: string; isDraft: boolean},
): HTMLElement {
  return html`<header class="memo-head">
    <dl>
      <div class="memo-client"><dt>Prepared for</dt><dd><bdi>${name}</bdi><small>client <bdi>${client_id}</bdi></small></dd></div>
      <div><dt>Prepared by</dt><dd><bdi>${workspace}</bdi></dd></div>
      ${number === "" ? "" : html`<div><dt>Memo number</dt><dd><bdi>${number}</bdi>${isDraft ? ", draft" : ""}</dd></div>`}
      <div><dt>Figures as of</dt><dd>${day(as_of_date)}</dd></div>
    </dl>
  </header>`;
}

/** Lines to sign on: who prepares and who approves a memo is not in the data. */
function signatures(): HTMLElement {
  return html`<div class="memo-sign">${["Prepared by", "Approved by"].map(
    (role) => html`<p><span>${role}</span><span>Date</span></p>`,
  )}</div>`;
}

/** Nothing is in the memo: because nothing is found, or because nothing of it is decided. */
function nothing({adjustments: {length: open}, rows}: ClientData, showAll: () => void): HTMLElement {
  return open === 0
    ? html`<p class="empty">${nothingFound(rows)}</p>`
    : html`<div class="empty"><p>Nothing is decided about this client yet. ${plural(open, "change")} ${open === 1 ? "is" : "are"} open.</p>
        <button type="button" ${{onclick: showAll}}>Show what is open</button></div>`;
}

/** What was not compared may have to be billed or credited all the same. */
function nothingFound(rows: readonly ServiceRow[]): string {
  const compared = rows.filter(isComparedRow);
  if (compared.length === 0) {
    return "Nothing of this client could be compared, so nothing is known to be billed or credited. The client’s page says why.";
  }
  return compared.length === rows.length
    ? "Nothing is to be billed or credited to this client."
    : "Of what could be compared, nothing is to be billed or credited to this client.";
}

function content(adjustments: readonly Adjustment[], data: ClientData, seats: readonly Seat[]): Node {
  const services = [...groupBy(adjustments, ({reconciliation_id}) => reconciliation_id)].map(([id, changes]) => ({
    row: data.rows.find(({reconciliation_id}) => reconciliation_id === id) as ServiceRow,
    changes,
  }));
  const sides = [
    {title: "To be billed", services: services.filter(({row}) => !isOverbilled(row))},
    {title: "To be credited", services: services.filter(({row}) => isOverbilled(row))},
  ].filter((side) => side.services.length > 0);
  const open = adjustments.filter((one) => !isDecided(one)).length;
  return html`<div>
    ${open === 0 ? "" : html`<p class="memo-draft"><strong>Draft.</strong> ${open === adjustments.length ? "Nothing of it is" : `${count(open)} of ${plural(adjustments.length, "change")} ${open === 1 ? "is" : "are"} not`} decided yet${open === adjustments.length ? ", so nothing is due" : ""}.</p>`}
    ${open === adjustments.length ? "" : memoTotals(adjustments)}
    ${sides.map(
      (side) =>
        html`<section aria-label=${side.title}><h2>${side.title}</h2>${summaryTable(side.title, side.services)}</section>`,
    )}
    ${signatures()}
    <section aria-labelledby="memo-counts"><h2 id="memo-counts">How it was counted</h2>${services.map(
      ({row, changes}) => memoCount(row, changes, data, seats),
    )}</section>
  </div>`;
}

interface ServiceChange {
  readonly row: ServiceRow;
  readonly changes: readonly Adjustment[];
}

function summaryTable(title: string, services: readonly ServiceChange[]): HTMLElement {
  const rows = services.flatMap(({row, changes}) => changes.map((change) => ({row, change})));
  return scrollingTable(
    title,
    html.fragment`<thead><tr><th scope="col">Service</th><th scope="col" class="number">Billed</th><th scope="col" class="number">New</th>
      <th scope="col" class="number">Change</th><th scope="col" class="number">Price</th><th scope="col" class="number">Per month</th>
      <th scope="col">Rest of the period</th><th scope="col" class="number">Once, now</th></tr></thead>
    <tbody>${rows.map(
      ({row, change}) => html`<tr>
        <th scope="row" class="long"><bdi>${nameOfRow(row)}</bdi>${change.agreement_name === null ? "" : html`<small><bdi>${change.agreement_name}</bdi></small>`}</th>
        <td class="number">${quantity(change.current_quantity)}</td>
        <td class="number">${quantity(change.new_quantity)}</td>
        <td class="number">${signedQuantity(change.change_quantity)}</td>
        <td class="number">${rate(change.unit_price, change.currency)}<small>${words(change.billing_cycle).toLowerCase()}</small></td>
        <td class="number">${money(change.monthly_amount, change.currency)}</td>
        <td class="long">${restOf(change)}</td>
        <td class="number">${money(change.due_amount, change.currency)}</td></tr>`,
    )}</tbody>
    <tfoot>${totals(rows.map(({change}) => change)).map(
      ({currency, monthly, due}) =>
        html`<tr><th scope="row" colspan="5">Total ${currency}</th><td class="number">${money(monthly, currency)}</td><td></td><td class="number">${money(due, currency)}</td></tr>`,
    )}</tfoot>`,
    `${title}, as a table`,
  );
}

/** Which part of the period is due once. */
function restOf(change: Adjustment): Node | string {
  if (change.agreed_amount !== null) return "as agreed";
  if (wasDueElsewhere(change)) return "due in another month of the period";
  return html`<span><span class="whole">${change.days_left} of ${plural(change.days_in_period, "day")},</span> <span class="whole">${period(change.effective_date, change.period_end)}</span></span>`;
}

/** Sums by currency; what has no price is in none, and of nothing but such the sum is unknown. */
function totals(changes: readonly Adjustment[]): {currency: string; monthly: string | null; due: string | null}[] {
  return [...groupByCurrency(changes)].map(([currency, group]) => ({
    currency,
    monthly: sumAmounts(group.map(({monthly_amount}) => monthly_amount)),
    due: sumAmounts(group.map(({due_amount}) => due_amount)),
  }));
}
