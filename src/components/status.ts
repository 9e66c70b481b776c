import {html} from "htl";
import {moment, percent, quantity, words} from "../lib/format.js";
import type {Row} from "../lib/rows.js";
import {healthMark} from "./marks.js";

/** Every connection: how far it can be believed, and why. */
export function integrationStatus(rows: readonly Row[]): HTMLElement {
  return table(
    "Integrations",
    [
      "Connection",
      "Health",
      "Data as of",
      "Last attempt",
      "Accounts linked",
      "Seats",
      "Unaccounted",
      "Quarantined rows",
    ],
    rows.map((row) => [
      html`<strong>${row.connection_id}</strong><small>${row.connector}</small>`,
      html`${healthMark(row.health ?? "")}<small>${row.health_reason}${row.last_error === null || row.health === "green" ? "" : ` ${row.last_error}`}</small>`,
      moment(row.last_success_at ?? null),
      moment(row.last_attempt_at ?? null),
      row.accounts_total === null
        ? row.kind === "psa"
          ? "—"
          : "unknown"
        : `${row.accounts_linked} of ${row.accounts_total}`,
      row.seats_total ?? (row.kind === "psa" ? "—" : "unknown"),
      row.seats_unaccounted ?? (row.kind === "psa" ? "—" : "unknown"),
      row.rows_quarantined ?? "0",
    ]),
  );
}

/** What somebody has to decide, with a suggestion where a name or domain speaks for one. */
export function mappingWork(rows: readonly Row[]): HTMLElement {
  const accounts = rows.filter((row) => row.kind === "unlinked_account");
  const products = rows.filter((row) => row.kind === "unaccounted_product");
  const suggestion = (name: string | null | undefined, row: Row): Node =>
    name === null || name === undefined
      ? html`<span>none</span>`
      : html`<span><bdi>${name}</bdi><small>${percent(row.score ?? null)}: ${row.evidence}</small></span>`;
  return html`<div>
    <h2>Accounts without a client</h2>
    ${
      accounts.length === 0
        ? html`<p class="empty">Every account is linked or excluded.</p>`
        : table(
            "Accounts without a client",
            ["Account", "Integration", "Domain", "Seats", "Looks like"],
            accounts.map((row) => [
              html`<bdi>${row.name}</bdi><small>${row.account_id}</small>`,
              row.connection_id ?? "",
              row.domain ?? "—",
              quantity(row.seat_count ?? null),
              suggestion(row.suggested_client_name, row),
            ]),
          )
    }
    <h2>Products that no rule covers</h2>
    ${
      products.length === 0
        ? html`<p class="empty">Every product in use is covered by a rule.</p>`
        : table(
            "Products that no rule covers",
            ["Product", "Integration", "Clients", "Seats", "Looks like"],
            products.map((row) => [
              html`${row.name}<small>${row.product_id}</small>`,
              row.connection_id ?? "",
              row.client_count ?? "",
              quantity(row.seat_count ?? null),
              suggestion(row.suggested_service_name, row),
            ]),
          )
    }
    <p>${words("decide")} in <code>mappings/clients.csv</code> and <code>mappings/services.csv</code>, then run <code>trueup reconcile</code>. A suggestion never moves money.</p>
  </div>`;
}

function table(
  caption: string,
  headers: readonly string[],
  rows: readonly (readonly (Node | string)[])[],
): HTMLElement {
  return html`<div class="table-scroll" role="region" aria-label=${caption} tabindex="0"><table>
    <caption class="visually-hidden">${caption}</caption>
    <thead><tr>${headers.map((header) => html`<th scope="col">${header}</th>`)}</tr></thead>
    <tbody>${rows.map((cells) => html`<tr>${cells.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}</tr>`)}</tbody>
  </table></div>`;
}
