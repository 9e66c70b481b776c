import {html} from "htl";
import type {Account, ClientData, Connection} from "../lib/clientData.js";
import {moment} from "../lib/format.js";
import {deletedSeats, healthMark, numberOrUnknown} from "./marks.js";
import {scrollingTable} from "./scrollingTable.js";

/** The accounts of a client in every integration, their seats, and how far the data can be believed. */
export function clientIntegrations({integrations, accounts, connections}: ClientData): HTMLElement {
  const linked = new Set(integrations.map(({connection_id}) => connection_id));
  const missing = connections.filter(({connection_id, kind}) => kind === "usage" && !linked.has(connection_id));
  const without = (what: string, among: (one: Connection) => boolean): Node | string => {
    const ids = missing.filter(among).map(({connection_id}) => connection_id);
    return ids.length === 0 ? "" : html`<p class="quiet">${what}: ${ids.join(", ")}.</p>`;
  };
  return html`<div class="listing">
    ${
      integrations.length === 0
        ? html`<p class="empty">No account of any integration is linked to this client.</p>`
        : scrollingTable(
            "Integrations of this client",
            html.fragment`<thead><tr><th scope="col">Integration</th><th scope="col">Accounts</th><th scope="col" class="number">Seats</th>
              <th scope="col" class="number">Counted</th><th scope="col" class="number">Filtered</th><th scope="col" class="number">Excluded</th>
              <th scope="col" class="number">Unaccounted</th><th scope="col">Data as of</th><th scope="col">Last attempt</th><th scope="col">Health</th></tr></thead>
            <tbody>${integrations.map(
              (one) => html`<tr>
                <th scope="row">${one.connection_id}</th>
                <td class="long">${
                  one.accounts_linked === null
                    ? html`<span class="quiet">unknown: the connection never synced</span>`
                    : accounts.filter(({connection_id}) => connection_id === one.connection_id).map(account)
                }</td>
                <td class="number">${numberOrUnknown(one.seats_total)}${deletedSeats(one.seats_deleted)}</td>
                <td class="number">${numberOrUnknown(one.seats_counted)}</td>
                <td class="number">${numberOrUnknown(one.seats_filtered)}</td>
                <td class="number">${numberOrUnknown(one.seats_excluded)}</td>
                <td class="number">${numberOrUnknown(one.seats_unaccounted)}</td>
                <td class="long">${moment(one.last_success_at)}</td>
                <td class="long">${moment(one.last_attempt_at)}</td>
                <td class="long">${healthMark(one.health)}<small>${one.health_reason}</small></td>
              </tr>`,
            )}</tbody>`,
          )
    }
    ${without("Not linked to this client", isRead)}
    ${without("Never read, so nothing is known of this client there", (one) => !isRead(one))}
  </div>`;
}

function isRead({last_success_at}: Connection): boolean {
  return last_success_at !== null;
}

function account({account_id, account_name, domain, note}: Account): HTMLElement {
  return html`<div><bdi>${account_name}</bdi><small>${[account_id, domain, note].filter((part) => part !== null).join(" · ")}</small></div>`;
}
