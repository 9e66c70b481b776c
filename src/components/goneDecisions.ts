import {html} from "htl";
import {toCents} from "../lib/cents.js";
import {creditLines} from "../lib/creditLines.js";
import {fields} from "../lib/csv.js";
import {month, signedMoney, signedQuantity, words} from "../lib/format.js";
import {matches, mentions, optionsOf} from "../lib/matches.js";
import {exploreUrl} from "../lib/queryAddress.js";
import type {UrlState} from "../lib/urlState.js";
import {clientColumn, type OfClient} from "./clientColumn.js";
import {listing} from "./listing.js";
import {type Agreed, agreedOf, decidedBy, ownerColumn} from "./workTable.js";

/** A decision whose discrepancy is found no longer, with what the months say of how it went. */
export interface GoneDecision extends Agreed, OfClient {
  readonly client_id: string;
  readonly service_id: string | null;
  readonly product_id: string | null;
  readonly label: string;
  readonly decision: string;
  readonly decision_reason: string | null;
  readonly decided_delta_quantity: string | null;
  readonly decided_impact_monthly: string | null;
  readonly owner: string | null;
  /** The month in which it was not found any more, and why; null where no closed month tells. */
  readonly gone_in: string | null;
  readonly evidence: string | null;
  /** settled, or not_compared where nothing says whether it is gone. */
  readonly state: string;
}

/** What was decided and is over: whether it was invoiced, or went for another reason. */
export function goneDecisions(rows: readonly GoneDecision[], state: UrlState): HTMLElement {
  return listing<GoneDecision>({
    caption: "Decisions about what is no longer found",
    noun: "decision",
    filters: [
      {kind: "search", name: "search", label: "Search client or service"},
      {kind: "several", name: "decision", label: "Decision", options: optionsOf(rows, "decision", words)},
      {kind: "several", name: "owner", label: "Owner", options: optionsOf(rows, "owner")},
    ],
    select: () =>
      rows.filter(
        (row) =>
          matches(row, state, {decision: "decision", owner: "owner"}) &&
          mentions(state.get("search"), row.client_name, row.client_id, row.label),
      ),
    total: rows.length,
    columns: () => [
      clientColumn(),
      {key: "service", label: "Service", isLong: true, render: ({label}) => label, sortValue: ({label}) => label},
      {
        key: "decided",
        label: "Decision",
        isLong: true,
        render: (row) =>
          html`<span>${words(row.decision)}${agreedOf(row)}${row.decision_reason === null ? "" : html`<small><bdi>${row.decision_reason}</bdi></small>`}${row.decided_at === null ? "" : html`<small>${decidedBy(row)}</small>`}</span>`,
        sortValue: ({decided_at}) => decided_at,
      },
      {
        key: "money",
        label: "Decided about",
        note: "per month",
        isNumber: true,
        render: ({decided_delta_quantity, decided_impact_monthly, currency}) =>
          html`<span>${signedMoney(decided_impact_monthly, currency)}<small>${signedQuantity(decided_delta_quantity)}</small></span>`,
        sortValue: ({decided_impact_monthly}) =>
          decided_impact_monthly === null ? null : Math.abs(toCents(decided_impact_monthly)),
        currencyOf: ({currency}) => currency,
      },
      {
        key: "gone",
        label: "What happened",
        isLong: true,
        comesFirst: true,
        render: whatHappened,
        sortValue: ({gone_in}) => gone_in,
      },
      ownerColumn(),
    ],
    csv: fields<GoneDecision>(
      ...(["client_id", "client_name", "service_id", "product_id", "label", "currency", "decision"] as const),
      ...(["agreed_quantity", "agreed_amount", "decided_delta_quantity", "decided_impact_monthly"] as const),
      ...(["decision_reason", "owner", "decided_by", "decided_at", "state", "gone_in", "evidence"] as const),
    ),
    file: "decisions-no-longer-found",
    sort: "-decided",
    empty: "Everything that was decided about is found still.",
    state,
  });
}

function whatHappened(row: GoneDecision): Node {
  const {evidence, gone_in, state} = row;
  if (evidence === null) {
    return html`<span class="quiet">${state === "not_compared" ? "not compared now: nothing tells whether it is settled" : "no closed month tells"}</span>`;
  }
  const proof =
    row.decision === "credit"
      ? html`: <a href=${exploreUrl(creditLines(row))}>credits on the client’s invoices</a>`
      : "";
  return html`<span>${evidence}${gone_in === null ? "" : html`<small>in ${month(gone_in)}${proof}</small>`}</span>`;
}
