import {html} from "htl";
import type {BilledLine, ClientData, Rule, SeatGroup, ServiceRow, Source} from "../lib/clientData.js";
import {nameOfRow} from "../lib/figures.js";
import {
  isZero,
  moment,
  money,
  multiplied,
  period,
  plural,
  quantity,
  rate,
  signedMoney,
  signedQuantity,
  words,
} from "../lib/format.js";
import {covers, itemsOf} from "../lib/readRule.js";
import {type RuleStep, ruleSteps, stepsExplain} from "../lib/ruleSteps.js";
import {whyUnknown} from "../lib/whyUnknown.js";
import {explainRowLinks} from "./explainLinks.js";
import {folded} from "./folded.js";
import {creditWord, rateSentence} from "./marks.js";
import {scrollingTable} from "./scrollingTable.js";

/**
 * How the figures of a row came about: what was counted where, by which rule, what was left out, what is billed. Drawn when
 * somebody opens it where `isLate`.
 */
export function derivation(row: ServiceRow, data: ClientData, isLate: boolean): HTMLElement {
  const sources = data.sources.filter(({reconciliation_id}) => reconciliation_id === row.reconciliation_id);
  const said = summary(row, sources);
  const draw = (): Node => body(row, sources, data);
  const details = isLate
    ? folded(said, draw)
    : (html`<details><summary>${said}</summary>${draw()}</details>` as HTMLElement);
  details.className = "derivation";
  return details;
}

function body(row: ServiceRow, sources: readonly Source[], data: ClientData): HTMLElement {
  const rules = data.rules.filter(({service_id}) => service_id === row.service_id);
  const lines = data.lines.filter(({reconciliation_id}) => reconciliation_id === row.reconciliation_id);
  const unknown = row.status === "not_reconciled" ? [] : whyUnknown(row, data);
  return html`<div class="derivation-body">
    ${
      row.status === "not_reconciled"
        ? html`<p>${rules.length === 0 ? "No rule counts this, so nothing was compared." : "Its use is compared in the currency in which more is billed."}</p>`
        : html`<div><h3>What was counted</h3>
            ${sources.length === 0 ? html`<p>No integration shows anything that the rules count.</p>` : sourceTable(sources, `What was counted, ${nameOf(row)}`)}
            ${unknown.map((sentence) => html`<p class="unknown">No data: ${sentence}</p>`)}
            ${rules.length === 0 ? "" : ruleList(rules, sources)}
            ${leftOut(row, rules, data)}
          </div>`
    }
    <div><h3>What is billed</h3>${lines.length === 0 ? html`<p>No live line bills this.</p>` : lineTable(lines, `What is billed, ${nameOf(row)}`)}</div>
    ${row.status === "not_reconciled" || row.expected_quantity === null ? "" : html`<div><h3>From the count to the money</h3>${steps(row, rules, sources)}</div>`}
    ${explainRowLinks(row, data)}
  </div>`;
}

function summary(row: ServiceRow, sources: readonly Source[]): string {
  if (row.status === "not_reconciled") return "Why it was not compared";
  if (row.system_count === null) return "Why the count is unknown";
  const rules = new Set(sources.map(({rule_id}) => rule_id).filter((id) => id !== ""));
  const accounts = new Set(sources.map(({connection_id, account_id}) => `${connection_id} ${account_id}`));
  const parts = [
    `How ${quantity(row.system_count)} was counted`,
    rules.size === 0 ? null : `${rules.size === 1 ? "rule" : "rules"} ${[...rules].join(", ")}`,
    accounts.size === 0 ? null : plural(accounts.size, "account"),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

/** As the row above has it, and its currency: a client may be billed for a service in two. */
function nameOf(row: ServiceRow): string {
  return `${nameOfRow(row)}, ${row.currency}`;
}

function sourceTable(sources: readonly Source[], caption: string): HTMLElement {
  return scrollingTable(
    caption,
    html.fragment`<thead><tr><th scope="col">Integration</th><th scope="col">Account</th><th scope="col">Product</th><th scope="col">Rule</th>
      <th scope="col">Method</th><th scope="col" class="number">Found</th><th scope="col" class="number">Counted</th><th scope="col">Data as of</th></tr></thead>
    <tbody>${sources.map(
      (source) => html`<tr>
        <th scope="row">${source.connection_id}</th>
        <td class="long"><bdi>${source.account_name ?? source.account_id}</bdi><small>${source.account_id}</small></td>
        <td class="long">${source.product_name ?? source.product_id}</td>
        <td>${source.rule_id === "" ? "none" : source.rule_id}</td>
        <td>${words(source.count_method)}</td>
        <td class="number">${quantity(source.raw_count)}</td>
        <td class="number">${quantity(source.counted_quantity)}</td>
        <td class="long">${moment(source.last_synced_at)}</td>
      </tr>`,
    )}</tbody>`,
  );
}

function ruleList(rules: readonly Rule[], sources: readonly Source[]): HTMLElement {
  const names = new Map(sources.map(({product_id, product_name}) => [product_id, product_name]));
  const products = (ids: string): string =>
    ids === "*"
      ? "every product"
      : itemsOf(ids)
          .map((id) => names.get(id) ?? id)
          .join(", ");
  return html`<ul class="rules">${rules.map((rule) => {
    const parts = [
      rule.kinds === null ? "any kind" : `kind ${rule.kinds.replaceAll(";", " or ")}`,
      `status ${rule.statuses.replaceAll(";", " or ")}`,
      rule.is_specific === "true" ? "for this client only" : null,
      rule.note,
    ].filter((part) => part !== null);
    return html`<li>Rule <strong>${rule.rule_id}</strong> counts ${rule.count_method} of ${products(rule.product_ids)} in ${rule.connection_id}: ${parts.join("; ")}.</li>`;
  })}</ul>`;
}

/** Seats of the rules' products that no rule counts, by why. */
function leftOut(row: ServiceRow, rules: readonly Rule[], {groups}: ClientData): Node {
  const isOwn = ({connection_id, product_id}: SeatGroup): boolean =>
    row.service_id === null && row.connection_ids === connection_id && row.product_id === product_id;
  const left = groups.filter(
    (group) => group.disposition !== "unaccounted" && (rules.some((rule) => covers(rule, group)) || isOwn(group)),
  );
  if (left.length === 0) return html`<p>No seat of these products was left out.</p>`;
  return html`<div><p>Left out:</p><ul>${left.map(
    (group) =>
      html`<li>${plural(group.seat_count, "seat")} of ${group.product_name ?? group.product_id}${group.kind === null ? "" : ` (${words(group.kind).toLowerCase()}, ${group.status})`}: ${group.disposition}${group.disposition_reason === null ? "" : `, ${group.disposition_reason}`}.</li>`,
  )}</ul></div>`;
}

function lineTable(lines: readonly BilledLine[], caption: string): HTMLElement {
  return scrollingTable(
    caption,
    html.fragment`<thead><tr><th scope="col">Line</th><th scope="col">Period</th><th scope="col" class="number">Quantity</th><th scope="col" class="number">Counts as</th>
      <th scope="col" class="number">Price</th><th scope="col" class="number">Amount</th></tr></thead>
    <tbody>${lines.map(
      (line) => html`<tr>
        <th scope="row" class="long">${line.basis === "invoice" ? "Invoice" : "Agreement"} <bdi>${line.basis === "invoice" ? (line.invoice_number ?? "without a number") : (line.agreement_name ?? line.agreement_id)}</bdi><small><bdi>${line.description}</bdi></small></th>
        <td>${period(line.period_start, line.period_end)}</td>
        <td class="number">${quantity(line.quantity)}</td>
        <td class="number">${line.is_credit === "true" ? html`<span class="quiet">${creditWord(line)}</span>` : quantity(line.net_quantity)}</td>
        <td class="number">${rate(line.unit_price, line.currency)}</td>
        <td class="number">${money(line.amount, line.currency)}</td>
      </tr>`,
    )}</tbody>`,
  );
}

function steps(row: ServiceRow, rules: readonly Rule[], sources: readonly Source[]): HTMLElement {
  const expected = row.expected_quantity ?? "0";
  const included = row.included_quantity ?? "0";
  const made = ruleSteps(
    rules.filter(({rule_id}) => sources.some((source) => source.rule_id === rule_id)),
    sources,
  );
  const isExplained = made.length > 0 && stepsExplain(made, included, expected);
  return html`<ol>
    ${isExplained ? made.map((step) => html`<li>${describeStep(step)}</li>`) : ""}
    ${isZero(included) ? "" : html`<li>Less ${quantity(included)} included in the agreement.</li>`}
    <li>Expected <strong>${quantity(expected)}</strong>, invoiced <strong>${quantity(row.invoiced_quantity)}</strong>: difference <strong>${signedQuantity(row.delta_quantity)}</strong>.</li>
    ${
      row.unit_rate === null
        ? html`<li>${rateSentence("none")}</li>`
        : html`<li>${signedQuantity(row.delta_quantity)} × ${rate(row.unit_rate, row.currency)} = <strong>${signedMoney(row.impact_amount, row.currency)}</strong> ${perCycle(row.billing_cycle)}${
            row.billing_cycle === "monthly" || row.billing_cycle === "mixed" || row.billing_cycle === null
              ? ""
              : html`, <strong>${signedMoney(row.impact_monthly, row.currency)}</strong> per month`
          }. ${rateSentence(row.rate_basis)}</li>`
    }
  </ol>`;
}

function describeStep({ruleIds, method, counted, multiplier, minimum, maximum, result}: RuleStep): string {
  const parts = [
    Number(multiplier) === 1 ? null : multiplied(multiplier),
    minimum === null ? null : `at least ${quantity(minimum)}`,
    maximum === null ? null : `at most ${quantity(maximum)}`,
  ].filter((part) => part !== null);
  const rules = `${ruleIds.length === 1 ? "Rule" : "Rules"} ${ruleIds.join(", ")}`;
  const unit = method === "identities" ? "distinct people" : method;
  return `${rules}: ${quantity(counted)} ${unit}${parts.length === 0 ? "" : `, ${parts.join(", ")}`} → ${quantity(result)}.`;
}

function perCycle(cycle: string | null): string {
  const names: Readonly<Record<string, string>> = {
    quarterly: "per quarter",
    semiannual: "per half-year",
    annual: "per year",
    one_time: "once",
  };
  return names[cycle ?? ""] ?? "per month";
}
