import {html} from "htl";
import {fromCents, toCents} from "../lib/cents.js";
import type {Change, ClientChange, MoneyChange, Pair, RowChange} from "../lib/compareFigures.js";
import {inCurrencyOrder} from "../lib/currencyOrder.js";
import {nameOfRow, type ReconciliationRow} from "../lib/figures.js";
import {count, money, negated, percent, plural, quantity, signedQuantity, words} from "../lib/format.js";
import type {Side} from "../lib/historyFigures.js";
import type {PreviewResult} from "../lib/mappedFigures.js";
import {draftedMappings, type MappingDraft} from "../lib/mappingDraft.js";
import type {Preview} from "../lib/preview.js";
import {describeProblem, type Problem} from "../lib/problem.js";
import {amount} from "./amount.js";

export interface PreviewPanelOptions {
  readonly draft: MappingDraft;
  readonly open: () => Promise<Preview>;
  /** Told of every result. */
  readonly onResult?: (result: PreviewResult) => void;
  /** How long to wait for further edits, in milliseconds. */
  readonly delay?: number;
}

/** What the edits would change, worked out anew after each of them. Nothing is loaded before the first edit. */
export function previewPanel({draft, open, onResult, delay = 250}: PreviewPanelOptions): HTMLElement {
  const place = html`<div class="preview-body"></div>` as HTMLElement;
  const said = html`<p class="visually-hidden" role="status"></p>` as HTMLElement;
  const panel = html`<section class="preview" aria-labelledby="preview-title" tabindex="0">
    <h2 id="preview-title">What the edits would change</h2>
    ${place}${said}
  </section>` as HTMLElement;
  let opening: Promise<Preview> | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let run = 0;

  const fail = (error: Error): void => {
    place.removeAttribute("aria-busy");
    place.replaceChildren(html`<div class="error" role="alert">
      <p>${error.message}</p>
      ${"isFinal" in error ? "" : html`<button type="button" ${{onclick: again}}>Try again</button>`}
    </div>`);
  };
  const show = async (): Promise<void> => {
    clearTimeout(waiting);
    run += 1;
    const mine = run;
    place.setAttribute("aria-busy", "true");
    if (opening === undefined) {
      place.replaceChildren(html`<p class="loading" role="status">Loading the calculation, about 7 MB, once…</p>`);
    }
    try {
      opening ??= open().catch((error: Error) => {
        opening = undefined;
        throw error;
      });
      const result = await (await opening).run(draftedMappings(draft));
      if (mine !== run) return;
      place.removeAttribute("aria-busy");
      place.replaceChildren(result.change === null ? refused(result.problems) : changes(result.change));
      said.textContent = result.change === null ? "The edits contradict themselves." : summary(result.change);
      onResult?.(result);
    } catch (error) {
      if (mine === run) fail(error as Error);
    }
  };
  const again = (): void => {
    // The button goes, and with it the focus.
    panel.focus();
    void show();
  };
  const rest = (): void => {
    run += 1;
    clearTimeout(waiting);
    place.removeAttribute("aria-busy");
    said.textContent = "";
    place.replaceChildren(
      html`<p class="quiet">Edit a mapping to see what it would change in money, client by client, before anything is saved.</p>`,
    );
  };
  draft.onChange(() => {
    if (draft.edits().length === 0) return rest();
    // What is being worked out, and what is shown, is of the edits before this one.
    run += 1;
    place.setAttribute("aria-busy", "true");
    clearTimeout(waiting);
    waiting = setTimeout(() => void show(), delay);
  });
  if (draft.edits().length === 0) rest();
  else void show();
  return panel;
}

function refused(problems: readonly Problem[]): HTMLElement {
  return html`<div class="error" role="alert">
    <p>These edits contradict themselves; reconciling would refuse them.</p>
    <ul>${problems.map((problem) => html`<li><bdi>${describeProblem(problem)}</bdi></li>`)}</ul>
  </div>`;
}

/** What is said of it aloud. */
function summary(change: Change): string {
  return shownMoney(change)
    .map(
      ({currency, underbilled, overbilled}) =>
        `Underbilled ${moreOrLess(underbilled, currency)}, overbilled ${moreOrLess(overbilled, currency)} per month.`,
    )
    .join(" ");
}

function changes(change: Change): HTMLElement {
  const isNothing = change.clients.length === 0 && !isDifferent(change.unlinkedAccounts);
  return html`<div>
    ${shownMoney(change).map((row) => moneyTable(row, change, change.money.length > 1))}
    ${isNothing ? html`<p>Nothing changes for any client.</p>` : ""}
    ${change.clients.length === 0 ? "" : clientTable(change.clients)}
    ${rowList("Discrepancies that appear", change.appeared)}
    ${rowList("Discrepancies that disappear", change.vanished)}
    ${rowList("Discrepancies that change", change.changed)}
  </div>`;
}

/** The currencies in which something changes, or the first where nothing does. */
function shownMoney({money}: Change): MoneyChange[] {
  const ordered = inCurrencyOrder(money);
  const moved = ordered.filter((row) => isMoved(row));
  return moved.length === 0 ? ordered.slice(0, 1) : moved;
}

function isMoved({underbilled, overbilled, discrepancies, coverageAmount, coverageLines}: MoneyChange): boolean {
  return [underbilled, overbilled, discrepancies, coverageAmount, coverageLines].some(isDifferent);
}

function isDifferent({before, after}: Pair<unknown>): boolean {
  return before !== after;
}

/** `$2.50 more`: in words, as what is overbilled is shown below zero, where a sign would point the other way. */
function moreOrLess({before, after}: Pair, currency: string): string {
  if (before === null || after === null) return knownness({before, after});
  const cents = toCents(after) - toCents(before);
  if (cents === 0) return "as now";
  return `${money(fromCents(Math.abs(cents)), currency)} ${cents > 0 ? "more" : "less"}`;
}

function moneyTable(
  row: MoneyChange,
  {unlinkedAccounts, unaccountedSeats}: Change,
  isOneOfSeveral: boolean,
): HTMLElement {
  const {currency} = row;
  const amounts = (pair: Pair, side: Side): Node[] => [
    sideAmount(pair.before, currency, side),
    sideAmount(pair.after, currency, side),
    isDifferent(pair) ? html`<strong>${moreOrLess(pair, currency)}</strong>` : html`<span class="quiet">—</span>`,
  ];
  const number = (pair: Pair<number>): (Node | string)[] => [
    count(pair.before),
    count(pair.after),
    isDifferent(pair)
      ? html`<strong>${signedQuantity(String(pair.after - pair.before))}</strong>`
      : html`<span class="quiet">—</span>`,
  ];
  const share = (pair: Pair): (Node | string)[] => [
    percent(pair.before),
    percent(pair.after),
    isDifferent(pair) ? html`<strong>${points(pair)}</strong>` : html`<span class="quiet">—</span>`,
  ];
  const lines: [string, (Node | string)[]][] = [
    ["Underbilled", amounts(row.underbilled, "under")],
    ["Overbilled", amounts(row.overbilled, "over")],
    ["Coverage", share(row.coverageAmount)],
    ["Discrepancies", number(row.discrepancies)],
    ["Unlinked accounts", number(unlinkedAccounts)],
    ["Unaccounted seats", number(unaccountedSeats)],
  ];
  return html`<table class="before-after">
    <caption class=${isOneOfSeveral ? "" : "visually-hidden"}>Per month, ${currency}</caption>
    <thead><tr><td></td><th scope="col">Now</th><th scope="col">Then</th><th scope="col">Change</th></tr></thead>
    <tbody>${lines.map(
      ([label, cells]) => html`<tr><th scope="row">${label}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
    )}</tbody>
  </table>`;
}

/** The difference of two shares, in percentage points; a change too small to show says so. */
function points({before, after}: Pair): string {
  if (before === null || after === null) return knownness({before, after});
  const tenths = Math.round((Number(after) - Number(before)) * 1000);
  if (tenths === 0) return Number(after) > Number(before) ? "slightly more" : "slightly less";
  return `${signedQuantity((tenths / 10).toFixed(1))} points`;
}

function knownness({before, after}: Pair): string {
  return after !== null ? "now known" : before !== null ? "no longer known" : "unknown";
}

const most = 12;

function clientTable(clients: readonly ClientChange[]): HTMLElement {
  return html`<section><h3>${plural(clients.length, "client")} affected</h3>
    <table class="before-after">
      <caption class="visually-hidden">Clients affected, per month, before and after</caption>
      <thead><tr><td></td><th scope="col">Underbilled</th><th scope="col">Overbilled</th></tr></thead>
      <tbody>${clients.slice(0, most).map(
        (client) => html`<tr><th scope="row"><bdi>${client.clientName}</bdi></th>
          <td>${fromTo(client.underbilled, client.currency, "under")}</td><td>${fromTo(client.overbilled, client.currency, "over")}</td></tr>`,
      )}</tbody>
    </table>
    ${clients.length > most ? html`<p class="quiet">and ${count(clients.length - most)} more</p>` : ""}
  </section>`;
}

/** What is overbilled is negative, as everywhere. */
function sideAmount(value: string | null, currency: string, side: Side): HTMLElement {
  return amount(value === null || side === "under" ? value : negated(value), currency, "unknown");
}

function fromTo(pair: Pair, currency: string, side: Side): Node {
  const before = sideAmount(pair.before, currency, side);
  if (!isDifferent(pair)) return html`<span class="quiet">${before.textContent}</span>`;
  return html`<span>${before} <span aria-hidden="true">→</span><span class="visually-hidden">becomes</span> ${sideAmount(pair.after, currency, side)}</span>`;
}

function rowList(title: string, rows: readonly RowChange[]): Node | string {
  if (rows.length === 0) return "";
  return html`<details open=${rows.length <= 5}><summary>${title} (${count(rows.length)})</summary>
    <ul class="plain changes">${rows
      .slice(0, most)
      .map(
        (row) => html`<li><bdi>${nameOf(row)}</bdi><small>${kindOf(row)}</small><span>${rowAmounts(row)}</span></li>`,
      )}</ul>
    ${rows.length > most ? html`<p class="quiet">and ${count(rows.length - most)} more</p>` : ""}
  </details>`;
}

function nameOf({before, after}: RowChange): string {
  const row = (after ?? before) as ReconciliationRow;
  return `${row.client_name}: ${nameOfRow(row)}`;
}

/** What kind of discrepancy it becomes, how many, and its cause where that is all that changes. */
function kindOf({before, after}: RowChange): string {
  const row = (after ?? before) as ReconciliationRow;
  const kinds = becoming(before, after, (one) => one.discrepancy_type ?? one.status);
  const isCause = before !== null && after !== null && before.likely_cause !== after.likely_cause;
  const cause =
    isCause && after.likely_cause !== null ? `, cause: ${becoming(before, after, (one) => one.likely_cause)}` : "";
  return `${kinds}: ${quantity(row.expected_quantity)} expected, ${quantity(row.invoiced_quantity)} invoiced${cause}`;
}

/** `Calculated → Reconciled`, or the one word where both sides say the same or one side is missing. */
function becoming(
  before: ReconciliationRow | null,
  after: ReconciliationRow | null,
  code: (row: ReconciliationRow) => string | null,
): string {
  const sides = [before, after].flatMap((row) => (row === null ? [] : words(code(row)).toLowerCase()));
  return [...new Set(sides)].join(" → ");
}

function rowAmounts({before, after}: RowChange): Node {
  const shown = (row: ReconciliationRow | null): Node =>
    row === null || row.status !== "discrepancy"
      ? html`<span class="zero">none</span>`
      : amount(row.impact_monthly, row.currency);
  return html`<span>${shown(before)} <span aria-hidden="true">→</span><span class="visually-hidden">becomes</span> ${shown(after)}</span>`;
}
