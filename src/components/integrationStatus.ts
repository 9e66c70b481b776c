import {html} from "htl";
import {moment, plural, quantity} from "../lib/format.js";
import {rowsOf, type Table} from "../lib/rows.js";
import {connectionLink, deletedSeats, healthMark, healthRank, numberOrUnknown} from "./marks.js";
import {type Quarantine, type QuarantinedRow, quarantinedRows} from "./quarantinedRows.js";
import {scrollingTable} from "./scrollingTable.js";

export interface IntegrationData {
  readonly integrations: Table;
  readonly quarantines: Table;
  readonly quarantined: Table;
  readonly problems: Table;
}

interface Integration {
  readonly connection_id: string;
  readonly connector: string;
  readonly kind: string;
  readonly health: string;
  readonly health_reason: string;
  readonly last_success_at: string | null;
  readonly last_attempt_at: string | null;
  readonly last_error: string | null;
  readonly reports_activity: string | null;
  readonly accounts_total: string | null;
  readonly accounts_linked: string | null;
  readonly accounts_excluded: string | null;
  readonly seats_total: string | null;
  readonly seats_deleted: string | null;
  readonly seats_unaccounted: string | null;
  readonly rows_kept: string | null;
  readonly rows_quarantined: string;
}

interface Problem {
  readonly problem: string;
  readonly connection_id: string;
  readonly table_name: string;
  readonly column_name: string;
  readonly missing_id: string;
  readonly similar_id: string | null;
  readonly row_count: string;
}

/** Every connection: how far it can be believed, and why. */
export function integrationStatus(data: IntegrationData): HTMLElement {
  // What needs somebody comes first: of thirty connections the failed one would stand anywhere.
  const rows = rowsOf<Integration>(data.integrations).toSorted((a, b) => healthRank(a.health) - healthRank(b.health));
  const quarantines = rowsOf<Quarantine>(data.quarantines);
  const problems = rowsOf<Problem>(data.problems);
  if (rows.length === 0) return html`<p class="empty">There are no connections yet.</p>`;
  return html`<div>
    <div class="listing">${scrollingTable(
      "Connections",
      html.fragment`<thead><tr><th scope="col">Connection</th><th scope="col">Health</th><th scope="col">Data as of</th><th scope="col">Last attempt</th>
        <th scope="col" class="number">Rows</th><th scope="col" class="number">Quarantined</th><th scope="col" class="number">Accounts linked</th>
        <th scope="col" class="number">Unlinked</th><th scope="col" class="number">Seats</th><th scope="col" class="number">Unaccounted</th>
        <th scope="col">Activity</th></tr></thead>
      <tbody>${rows.map(connection)}</tbody>`,
    )}</div>
    <p class="quiet">“Data as of” is the time for which the data is true, “last attempt” when it was last asked for. Quarantined rows are of the sync in use. The name of an integration leads to what it counts, client by client.</p>
    ${rows.some(({kind}) => kind === "usage") ? "" : html`<p class="empty">No connection says what is used, so nothing can be compared. Add one to <code>workspace.yaml</code>, as the guide says under <a href="./guide#connections">Connections</a>.</p>`}
    ${quarantines.length === 0 ? "" : quarantinedRows(quarantines, rowsOf<QuarantinedRow>(data.quarantined))}
    ${problems.length === 0 ? "" : broken(problems)}
  </div>`;
}

function connection(row: Integration): HTMLElement {
  const unknown = (value: string | null): Node | string =>
    row.kind === "psa" ? html`<span class="quiet">—</span>` : numberOrUnknown(value);
  const unlinked =
    row.accounts_total === null
      ? null
      : String(Number(row.accounts_total) - Number(row.accounts_linked) - Number(row.accounts_excluded));
  return html`<tr>
    <th scope="row">${connectionLink(row)}<small>${row.connector}, ${row.kind === "psa" ? "billing" : "usage"}</small></th>
    <td class="long">${healthMark(row.health)}<small>${row.health_reason}${row.last_error === null || row.health === "green" ? "" : ` ${row.last_error}`}</small></td>
    <td class="long moment">${moment(row.last_success_at)}</td>
    <td class="long moment">${moment(row.last_attempt_at)}</td>
    <td class="number">${row.last_success_at === null ? html`<span class="quiet">none</span>` : quantity(row.rows_kept)}</td>
    <td class="number">${row.last_success_at === null ? numberOrUnknown(null) : row.rows_quarantined === "0" ? html`<span class="zero">0</span>` : html`<strong>${quantity(row.rows_quarantined)}</strong>`}</td>
    <td class="number">${
      row.accounts_total === null
        ? unknown(null)
        : html`<span>${quantity(row.accounts_linked)} of ${quantity(row.accounts_total)}</span>${
            row.accounts_excluded === "0" ? "" : html`<small>${quantity(row.accounts_excluded)} excluded</small>`
          }`
    }</td>
    <td class="number">${unlinked === null || unlinked === "0" ? unknown(unlinked) : html`<a href=${`./mapping/clients?integration=${row.connection_id}`} aria-label=${`${plural(unlinked, "unlinked account")} of ${row.connection_id}`}>${quantity(unlinked)}</a>`}</td>
    <td class="number">${unknown(row.seats_total)}${deletedSeats(row.seats_deleted)}</td>
    <td class="number">${row.seats_unaccounted === null || row.seats_unaccounted === "0" ? unknown(row.seats_unaccounted) : html`<a href=${`./mapping/services?integration=${row.connection_id}`} aria-label=${`${plural(row.seats_unaccounted, "unaccounted seat")} of ${row.connection_id}`}>${quantity(row.seats_unaccounted)}</a>`}</td>
    <td class="brief">${row.reports_activity === null ? html`<span class="quiet">—</span>` : row.reports_activity === "true" ? "reported" : html`<span class="quiet whole">not reported</span>`}</td>
  </tr>`;
}

const outcomes: Record<string, string> = {
  unplaced: "not listed: left out",
  unlisted: "not listed: kept under its id",
  empty_period: "ends before it has begun: bills nothing",
  other_client: "the agreement is with another client: billed to the invoice's",
};

function broken(problems: readonly Problem[]): HTMLElement {
  return html`<section>
    <h2>Odd data</h2>
    <p>Lines that cannot be placed are part of no figure. Parents that an export does not list are kept under their id. An invoice whose period ends before it has begun bills nothing. Lines are billed to their invoice's client, also where their agreement is with another, who seems to be billed nothing for them.</p>
    ${scrollingTable(
      "Odd data",
      html.fragment`<thead><tr><th scope="col">Connection</th><th scope="col">File</th><th scope="col">Column</th><th scope="col">Id</th><th scope="col">What became of it</th>
        <th scope="col" class="number">Rows</th></tr></thead>
      <tbody>${problems.map(
        (
          row,
        ) => html`<tr><th scope="row">${row.connection_id}</th><td>${row.table_name}</td><td>${row.column_name}</td><td><bdi>${row.missing_id}</bdi>${row.similar_id === null ? "" : html`<small>is <bdi>${row.similar_id}</bdi> meant?</small>`}</td>
          <td>${outcomes[row.problem] ?? row.problem}</td><td class="number">${quantity(row.row_count)}</td></tr>`,
      )}</tbody>`,
    )}
  </section>`;
}
