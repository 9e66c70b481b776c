import {html} from "htl";
import {quantity, words} from "../lib/format.js";
import {pageAddress} from "../lib/pageAddress.js";
import {tip} from "./tip.js";

const rates: Readonly<Record<string, {label: string; explanation: string}>> = {
  invoice_line: {label: "PSA price", explanation: "Hard value from the PSA: the price on this period’s invoice lines."},
  agreement_line: {label: "PSA price", explanation: "Hard value from the PSA: the price on the live agreement lines."},
  last_invoiced: {
    label: "Estimate",
    explanation: "The live lines have no price: this is the price on the client’s last invoice that has one.",
  },
  price_book: {label: "Estimate", explanation: "The PSA has no price for this client: this is the price book’s."},
  list_price: {
    label: "Estimate",
    explanation: "The PSA has no price for this client: this is the service’s list price.",
  },
  peer_median: {
    label: "Estimate",
    explanation: "There is no price for this client: this is the median of what other clients pay.",
  },
  product_list_price: {
    label: "Estimate",
    explanation: "Nothing is billed for this product: this is the vendor’s list price.",
  },
  none: {label: "No price", explanation: "There is no price anywhere: the quantity is known, the money is not."},
};

/** Says whether a rate is a hard value of the PSA or an estimate, and why. */
export function rateMark(basis: string): HTMLElement {
  const {label, explanation} = rates[basis] ?? {label: words(basis), explanation: words(basis)};
  const isHard = label === "PSA price";
  return tip({
    label,
    explanation,
    guide: "unit-rate",
    className: isHard ? "hard" : label === "Estimate" ? "estimate" : "missing",
  });
}

/** What a line is that changes the amount of another and not its quantity. */
export function creditWord({amount}: {readonly amount: string | null}): string {
  return Number(amount) > 0 ? "adjustment" : "credit";
}

/** A number of which nothing is known is not zero. */
export function numberOrUnknown(value: string | null): Node | string {
  if (value === null) return html`<span class="quiet">unknown</span>`;
  return value === "0" ? html`<span class="zero">0</span>` : quantity(value);
}

/** How many of a number of seats the vendor deleted, to stand below it. */
export function deletedSeats(value: string | null): Node | string {
  return value === null || value === "0" ? "" : html`<small>${quantity(value)} deleted</small>`;
}

/** Where a rate comes from, in a sentence. */
export function rateSentence(basis: string): string {
  return rates[basis]?.explanation ?? words(basis);
}

const types: Readonly<Record<string, string>> = {
  calculated: "Both sides are known: the count is current and the price is a hard value from the PSA.",
  estimated: "The count is stale or partial, or the price is an estimate or missing: take the amount as a guide.",
  unmapped: "It is used and a rule counts it, but no line bills it.",
  unaccounted: "It is used, but no rule says as which service it is billed.",
};

const statuses: Readonly<Record<string, string>> = {
  reconciled: "Exactly as much is billed as is used.",
  no_data: "It is billed, but nothing is known about its use. It was not compared and is not clean.",
  not_reconciled:
    "It is billed, but no rule counts it, or its use is compared in another currency. It was not compared and is not clean.",
};

/** The type of a discrepancy, or the status of a row that is none. */
export function typeMark(status: string, type: string | null): HTMLElement {
  const code = type ?? status;
  return tip({
    label: words(code),
    explanation: types[code] ?? statuses[code] ?? words(code),
    guide: type === null ? "statuses" : "types",
    className: `type type-${code.replaceAll("_", "-")}`,
  });
}

const causes: Readonly<Record<string, string>> = {
  sync: "The count is stale or partial: sync first, then look again.",
  client_mapping: "An account seems to have no client, or the wrong one.",
  service_mapping: "A product in use is covered by no rule.",
  billing_gap: "Everything is linked and no sync is old: the bill differs from what is used.",
};

/** The likely cause of a discrepancy. */
export function causeMark(cause: string): HTMLElement {
  return tip({label: words(cause), explanation: causes[cause] ?? words(cause), guide: "causes", className: "cause"});
}

const shapes: Readonly<Record<string, string>> = {green: "●", yellow: "▲", red: "■"};

/** Health by colour, shape and word. */
export function healthMark(health: string): HTMLElement {
  return html`<span class=${`health health-${health}`}><span aria-hidden="true">${shapes[health] ?? "○"}</span> ${words(health)}</span>`;
}

/** The name of a connection, and from one that says what is used the way to the clients whose services it counts. */
export function connectionLink({connection_id, kind}: {readonly connection_id: string; readonly kind: string}): Node {
  return kind === "psa"
    ? html`<span>${connection_id}</span>`
    : html`<a href=${pageAddress("billing", {integration: connection_id})} aria-label=${`${connection_id}: what it counts, client by client`}>${connection_id}</a>`;
}

export interface ConnectionHealth {
  readonly connection_id: string;
  /** psa or usage. */
  readonly kind: string;
  readonly health: string;
  readonly health_reason: string;
}

export function worstOf(connections: readonly Pick<ConnectionHealth, "health">[]): string {
  const [worst = "green"] = connections.map(({health}) => health).sort((a, b) => healthRank(a) - healthRank(b));
  return worst;
}

/** The worst health of some connections, and what is wrong with which of them. The PSA's alone tells nothing of what is used. */
export function worstHealth(connections: readonly ConnectionHealth[]): HTMLElement {
  const mark = worstMark(connections);
  const isPsaAlone = connections.length > 0 && connections.every(({kind}) => kind === "psa");
  return isPsaAlone ? html`<span>${mark} <small>of the PSA alone</small></span>` : mark;
}

function worstMark(connections: readonly ConnectionHealth[]): HTMLElement {
  const ailing = connections
    .filter(({health}) => health !== "green")
    .sort((a, b) => healthRank(a.health) - healthRank(b.health));
  if (ailing.length === 0) return healthMark("green");
  return tip({
    label: healthMark(worstOf(ailing)),
    explanation: html`<span>${ailing.map(
      ({connection_id, health_reason}) =>
        html`<span class="line"><strong>${connection_id}</strong>: ${health_reason} </span>`,
    )}</span>`,
    guide: "sync-health",
    className: "health-mark",
  });
}

/** Orders health from the worst. */
export function healthRank(health: string): number {
  return ["red", "yellow", "green"].indexOf(health);
}

const severityShapes: Readonly<Record<string, string>> = {error: "■", warning: "▲", info: "○"};

export function severityMark(severity: string): HTMLElement {
  return html`<span class=${`severity severity-${severity}`}><span aria-hidden="true">${severityShapes[severity] ?? ""}</span> ${words(severity)}</span>`;
}

export function severityRank(severity: string): number {
  return ["error", "warning", "info"].indexOf(severity);
}

/** `mail-security` and `m365` are ids that people chose; they are shown as they are. */
export function integrationNames(ids: string | null): Node {
  if (ids === null || ids === "") return html`<span class="quiet">none</span>`;
  return html`<span class="ids">${ids.split(";").map((id) => html`<span class="id">${id}</span>`)}</span>`;
}
