import {html} from "htl";
import {centsIfKnown, sumAmounts} from "../lib/cents.js";
import {fields, lastDay} from "../lib/csv.js";
import {groupByCurrency} from "../lib/currencyOrder.js";
import {count, day, dayBefore, moment, money, words} from "../lib/format.js";
import {mentions} from "../lib/matches.js";
import {exploreUrl} from "../lib/queryAddress.js";
import {rowsOf, type Table} from "../lib/rows.js";
import type {UrlState} from "../lib/urlState.js";
import {activityColumn, daysColumn} from "./activityColumns.js";
import {clientChip} from "./clientChip.js";
import {type InactiveGroup, inactiveClients} from "./inactiveClients.js";
import {inactiveColumn, inactiveFilters, passesFilters} from "./inactiveFilters.js";
import {listing} from "./listing.js";

interface InactiveSeat {
  readonly client_id: string;
  readonly slug: string | null;
  readonly client_name: string | null;
  readonly connection_id: string;
  readonly account_id: string;
  readonly product_id: string;
  readonly product_name: string | null;
  readonly seat_id: string;
  readonly kind: string | null;
  readonly display_name: string | null;
  readonly identifier: string | null;
  readonly disposition: string;
  readonly activity_state: string;
  readonly last_activity_at: string | null;
  readonly days_inactive: string | null;
  readonly service_id: string | null;
  readonly service_name: string | null;
  readonly monthly_value: string | null;
  readonly currency: string | null;
  readonly commitment_end: string | null;
}

interface StaleConnection {
  readonly connection_id: string;
  readonly last_success_at: string | null;
}

/** The seats, or where they are too many for a browser, groups of them. */
export type InactiveData = {
  readonly inactive_after_days: number;
  /** Whether any integration was read, and whether one of them says of any client's seats when they were used. */
  readonly is_read: boolean;
  readonly is_activity_known: boolean;
  /** Connections whose data is not current. */
  readonly stale: Table;
} & ({readonly seats: Table} | {readonly groups: Table});

/** Seats that cost money and are not used. */
export function inactiveSeats(data: InactiveData, state: UrlState): HTMLElement {
  const days = data.inactive_after_days;
  return html`<div>
    <p class="lead">Seats unused for more than ${days} days, or never used although they are older than that. A seat of a vendor that does not report activity is never listed here. Nothing can be saved before a commitment ends.</p>
    ${rowsOf<StaleConnection>(data.stale).map(({connection_id, last_success_at}) => html`<p><strong>The data of <bdi>${connection_id}</bdi> is of ${moment(last_success_at)}:</strong> what was used since then may stand here as unused.</p>`)}
    ${"groups" in data ? byClient(rowsOf<InactiveGroup>(data.groups), state) : list(rowsOf<InactiveSeat>(data.seats), noneInactive(data), state)}
  </div>`;
}

/** What it means that no seat is listed. */
function noneInactive({is_read, is_activity_known, inactive_after_days}: InactiveData): string {
  if (!is_read) return "No integration has been read yet, so nothing is known about the use of seats.";
  return is_activity_known
    ? `Of the seats whose use is known, none has been unused for more than ${inactive_after_days} days.`
    : "No integration reports the activity of any client’s seats, so nothing is known about their use.";
}

function byClient(groups: readonly InactiveGroup[], state: UrlState): HTMLElement {
  const seats = groups.reduce((sum, {seat_count}) => sum + Number(seat_count), 0);
  return html`<div>
    <p>${count(seats)} seats are too many for one list: open a client for its own, or <a href=${exploreUrl("select * from inactive_seats order by days_inactive desc limit 1000")}>ask for some of them in SQL</a>.</p>
    ${inactiveClients(groups, state)}
  </div>`;
}

function list(seats: readonly InactiveSeat[], empty: string, state: UrlState): HTMLElement {
  return listing<InactiveSeat>({
    caption: "Inactive seats",
    noun: "inactive seat",
    filters: [
      clientChip(seats),
      {kind: "search", name: "search", label: "Search client, seat, product"},
      ...inactiveFilters(seats),
    ],
    select: () =>
      seats.filter(
        (seat) =>
          passesFilters(seat, state) &&
          mentions(
            state.get("search"),
            seat.client_name,
            seat.client_id,
            seat.display_name,
            seat.identifier,
            seat.product_name,
            seat.service_name,
          ),
      ),
    total: seats.length,
    columns: (rows) => [
      inactiveColumn(),
      {
        key: "seat",
        label: "Seat",
        isLong: true,
        comesFirst: true,
        render: (seat) =>
          html`<span><bdi>${seat.display_name ?? seat.seat_id}</bdi><small><bdi>${seat.identifier}</bdi></small></span>`,
        sortValue: (seat) => seat.display_name ?? seat.seat_id,
      },
      {
        key: "integration",
        label: "Integration",
        render: (seat) => seat.connection_id,
        sortValue: (seat) => seat.connection_id,
      },
      {
        key: "product",
        label: "Product",
        isLong: true,
        render: (seat) => seat.product_name ?? seat.product_id,
        sortValue: (seat) => seat.product_name,
      },
      activityColumn(),
      {
        key: "last",
        label: "Last used",
        render: (seat) => (seat.last_activity_at === null ? "never" : day(seat.last_activity_at)),
        sortValue: (seat) => seat.last_activity_at,
      },
      daysColumn(),
      {
        key: "service",
        label: "Billed as",
        isLong: true,
        render: (seat) =>
          seat.service_name ?? html`<span class="quiet">${words(seat.disposition).toLowerCase()}, not billed</span>`,
        sortValue: (seat) => seat.service_name,
      },
      {
        key: "value",
        label: "Value",
        note: "per month",
        isNumber: true,
        comesFirst: true,
        render: (seat) =>
          seat.monthly_value === null
            ? html`<span class="no-price">no price</span>`
            : money(seat.monthly_value, seat.currency),
        sortValue: (seat) => centsIfKnown(seat.monthly_value),
        currencyOf: (seat) => seat.currency,
        foot: totals(rows),
      },
      {
        key: "commitment",
        label: "Committed until",
        render: (seat) => (seat.commitment_end === null ? "—" : dayBefore(seat.commitment_end)),
        sortValue: (seat) => seat.commitment_end,
      },
    ],
    csv: [
      ...fields<InactiveSeat>(
        "client_id",
        "client_name",
        "connection_id",
        "account_id",
        "product_id",
        "product_name",
        "seat_id",
        "kind",
        "display_name",
        "identifier",
        "disposition",
        "activity_state",
        "last_activity_at",
        "days_inactive",
        "service_id",
        "service_name",
        "monthly_value",
        "currency",
      ),
      lastDay<InactiveSeat>("commitment_end"),
    ],
    file: "inactive-seats",
    sort: "-days",
    empty,
    state,
  });
}

function totals(rows: readonly InactiveSeat[]): HTMLElement {
  const priced = rows.flatMap(({monthly_value, currency}) =>
    monthly_value === null ? [] : [{monthly_value, currency: currency ?? ""}],
  );
  return html`<span>${[...groupByCurrency(priced)].map(
    ([currency, group]) =>
      html`<span class="line">${money(sumAmounts(group.map(({monthly_value}) => monthly_value)), currency)}</span>`,
  )}</span>`;
}
