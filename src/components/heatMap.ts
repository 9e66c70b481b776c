import {html} from "htl";
import {sumAmounts, toCents} from "../lib/cents.js";
import {isZero, money, negated, plural, signedMoney} from "../lib/format.js";
import {groupBy} from "../lib/groupBy.js";
import {impactInWords} from "./amount.js";

export interface HeatCell {
  readonly client_id: string;
  /** `service:<id>` or `product:<connection>:<product>`. */
  readonly service_id: string;
  readonly label: string;
  /** Per month, both positive decimal text. */
  readonly under: string;
  readonly over: string;
}

export interface HeatMapOptions {
  /** By absolute impact, the largest first. */
  readonly clients: readonly {readonly id: string; readonly label: string}[];
  readonly cells: readonly HeatCell[];
  readonly currency: string;
  readonly href: (cell: HeatCell) => string;
  readonly rows?: number;
  readonly columns?: number;
}

/**
 * Where the impact lies: clients down, services across, the largest of both. It is a table, so that it reads, scrolls and
 * prints as one; a cell is the deeper the more it is about, and hatched where it is overbilled. The rest is said in words.
 */
export function heatMap(options: HeatMapOptions): HTMLElement {
  const {clients, cells, currency, href, rows = 15, columns = 8} = options;
  const title = `Impact by client and service, ${currency} per month`;
  if (cells.length === 0) {
    return html`<section class="chart"><h2>${title}</h2><p class="empty">Of what could be compared and has a price in ${currency}, no service is under- or overbilled.</p></section>`;
  }
  const shownClients = clients.slice(0, rows);
  const allServices = largestServices(cells);
  const services = allServices.slice(0, columns);
  const byPlace = new Map(cells.map((cell) => [placeOf(cell.client_id, cell.service_id), cell]));
  const isShown = new Set(shownClients.flatMap(({id}) => services.map((service) => placeOf(id, service.id))));
  const rest = cells.filter((cell) => !isShown.has(placeOf(cell.client_id, cell.service_id)));
  // One by one: so many cells are too many for the arguments of a call.
  const most = cells.reduce((max, {under, over}) => Math.max(max, toCents(under), toCents(over)), 0);
  return html`<section class="chart"><h2>${title}</h2>
    <p>${restInWords(rest, clients.length - shownClients.length, allServices.length - services.length, currency)}</p>
    <p class="legend"><span class="whole"><span class="key over-key"></span> − overbilled</span> <span><span class="key under-key"></span> + underbilled; the deeper, the more</span></p>
    <div class="table-scroll heat-map" role="region" aria-label=${title} tabindex="0"><table>
      <caption class="visually-hidden">${title}</caption>
      <thead><tr><th scope="col">Client</th>${services.map(({label}) => html`<th scope="col" class="long"><bdi>${label}</bdi></th>`)}</tr></thead>
      <tbody>${shownClients.map(
        (client) =>
          html`<tr><th scope="row" class="long"><bdi>${client.label}</bdi></th>${services.map((service) => {
            const cell = byPlace.get(placeOf(client.id, service.id));
            return cell === undefined
              ? html`<td class="none"><span class="visually-hidden">nothing</span></td>`
              : filled(cell, client.label, currency, most, href);
          })}</tr>`,
      )}</tbody>
    </table></div>
  </section>`;
}

function placeOf(client: string, service: string): string {
  return JSON.stringify([client, service]);
}

function largestServices(cells: readonly HeatCell[]): {id: string; label: string}[] {
  return [...groupBy(cells, ({service_id}) => service_id)]
    .map(([id, group]) => ({
      id,
      label: group[0]?.label ?? id,
      cents: group.reduce((sum, {under, over}) => sum + toCents(under) + toCents(over), 0),
    }))
    .sort((a, b) => b.cents - a.cents || (a.id < b.id ? -1 : 1));
}

function filled(
  cell: HeatCell,
  client: string,
  currency: string,
  most: number,
  href: HeatMapOptions["href"],
): HTMLElement {
  const under = toCents(cell.under);
  const over = toCents(cell.over);
  const parts = [cell.under, negated(cell.over)].filter((part) => !isZero(part));
  // Five steps tell more and less apart on paper as well.
  const step = Math.max(1, Math.ceil((Math.max(under, over) / most) * 5));
  return html`<td class=${`heat heat-${under >= over ? "under" : "over"} heat-${step}`}><a href=${href(cell)} aria-label=${`${client}, ${cell.label}: ${impactInWords(cell, currency)}`}>${parts.map(
    (part) => html`<span class="line">${signedMoney(part, currency)}</span>`,
  )}</a></td>`;
}

/** What the map leaves out, underbilled and overbilled apart. */
function restInWords(rest: readonly HeatCell[], clients: number, services: number, currency: string): string {
  if (rest.length === 0) return "Every client and service with an impact is shown.";
  const sum = (key: "under" | "over"): string => money(sumAmounts(rest.map((cell) => cell[key])), currency);
  const smaller = [
    clients > 0 ? plural(clients, "smaller client") : null,
    services > 0 ? plural(services, "smaller service") : null,
  ].filter((part) => part !== null);
  return `Not shown: ${smaller.join(" and ")}, underbilled ${sum("under")} and overbilled ${sum("over")} in all.`;
}
