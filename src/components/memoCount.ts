import {html} from "htl";
import type {Adjustment, ClientData, Seat, ServiceRow} from "../lib/clientData.js";
import {nameOfRow} from "../lib/figures.js";
import {day, isZero, multiplied, quantity} from "../lib/format.js";
import {namedUnits} from "../lib/namedSeats.js";
import {ruleSteps} from "../lib/ruleSteps.js";

/** A service of the memo: how it was counted, why it is changed, and who or what was counted. */
export function memoCount(
  row: ServiceRow,
  changes: readonly Adjustment[],
  data: ClientData,
  seats: readonly Seat[],
): HTMLElement {
  const isOfRow = (one: {readonly reconciliation_id: string}): boolean =>
    one.reconciliation_id === row.reconciliation_id;
  const units = namedUnits(data.counted.filter(isOfRow), seats);
  return html`<section class="memo-count" aria-label=${nameOfRow(row)}>
    <h3><bdi>${nameOfRow(row)}</bdi></h3>
    <p>${sentences(row, data).map((sentence) => html`<span class="line">${sentence}</span>`)}</p>
    ${reasonsOf(changes).map((reason) => html`<p>Reason: <bdi>${reason}</bdi></p>`)}
    ${
      units.length === 0
        ? html`<p class="quiet">${row.system_count !== null && isZero(row.system_count) ? "None was found in use." : "The vendor gives a total, not names."}</p>`
        : html`<ol class="named">${units.map(
            ({name, identifier}) =>
              html`<li><bdi>${name}</bdi>${identifier === null ? "" : html` <small><bdi>${identifier}</bdi></small>`}</li>`,
          )}</ol>`
    }
  </section>`;
}

/** Why it was decided. What nobody decided about has likely causes, which are no client's business. */
function reasonsOf(changes: readonly Adjustment[]): string[] {
  return [
    ...new Set(changes.filter(({decision_state}) => decision_state === "decided").flatMap(({reason}) => reason ?? [])),
  ];
}

/** How the count became what is to be billed. */
function sentences(row: ServiceRow, data: ClientData): string[] {
  const sources = data.sources.filter(({reconciliation_id}) => reconciliation_id === row.reconciliation_id);
  const rules = data.rules.filter(({service_id}) => service_id === row.service_id);
  const found = sources.map(
    (source) =>
      `${quantity(source.counted_quantity)} ${source.count_method === "identities" ? "different people" : source.count_method} of ${source.product_name ?? source.product_id} in ${source.connection_id}${source.last_synced_at === null ? "" : `, as of ${day(source.last_synced_at)}`}.`,
  );
  const steps = row.service_id === null ? [] : ruleSteps(rules, sources);
  const adjusted = steps.flatMap(({counted: count, multiplier, minimum, maximum, result}) =>
    count === result
      ? []
      : [
          `${quantity(count)} make ${quantity(result)}: ${multiplied(multiplier)}${minimum === null ? "" : `, at least ${quantity(minimum)}`}${maximum === null ? "" : `, at most ${quantity(maximum)}`}.`,
        ],
  );
  const agreed = agreedOf(row, data);
  const included = isZero(row.included_quantity ?? "") ? [] : [`${quantity(row.included_quantity)} are included.`];
  return [
    ...found,
    ...adjusted,
    ...included,
    agreed === null
      ? `${quantity(row.expected_quantity)} to be billed, ${quantity(row.invoiced_quantity)} billed.`
      : `${quantity(row.expected_quantity)} by this count, ${quantity(agreed)} agreed, ${quantity(row.invoiced_quantity)} billed.`,
  ];
}

/** The quantity that was agreed in the place of the expected one. */
function agreedOf(row: ServiceRow, {work}: ClientData): string | null {
  const found = work.find(
    (one) =>
      one.decision_state === "decided" &&
      one.currency === row.currency &&
      one.service_id === row.service_id &&
      one.product_id === row.product_id &&
      one.connection_ids === row.connection_ids,
  );
  return found?.agreed_quantity ?? null;
}
