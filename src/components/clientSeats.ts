import {html} from "htl";
import {readSeats, type Seat, type SeatFile} from "../lib/clientData.js";
import {fields, lastDay} from "../lib/csv.js";
import {day, words} from "../lib/format.js";
import {matches, mentions, optionsOf} from "../lib/matches.js";
import type {UrlState} from "../lib/urlState.js";
import {activityColumn, daysColumn} from "./activityColumns.js";
import {listing} from "./listing.js";

/** Every seat of a client: what became of it and why, and when it was last used. */
export function clientSeats(file: SeatFile, clientId: string, state: UrlState): HTMLElement {
  const seats = readSeats(file);
  return listing<Seat>({
    caption: "Seats of this client",
    noun: "seat",
    filters: [
      {kind: "search", name: "search", label: "Search seat, product"},
      {kind: "several", name: "integration", label: "Integration", options: optionsOf(seats, "connection_id")},
      {kind: "several", name: "disposition", label: "In the count", options: optionsOf(seats, "disposition", words)},
      {kind: "several", name: "state", label: "Activity", options: optionsOf(seats, "activity_state", words)},
    ],
    select: () =>
      seats.filter(
        (seat) =>
          matches(seat, state, {integration: "connection_id", disposition: "disposition", state: "activity_state"}) &&
          mentions(state.get("search"), seat.display_name, seat.identifier, seat.seat_id, seat.product_name),
      ),
    total: seats.length,
    columns: () => [
      {
        key: "seat",
        label: "Seat",
        isLong: true,
        render: (seat) =>
          html`<span><bdi>${seat.display_name ?? seat.identifier ?? seat.seat_id}</bdi><small><bdi>${seat.identifier}</bdi></small></span>`,
        sortValue: (seat) => seat.display_name ?? seat.identifier ?? seat.seat_id,
      },
      {
        key: "product",
        label: "Product",
        isLong: true,
        render: (seat) =>
          html`<span>${seat.product_name ?? seat.product_id}<small>${seat.connection_id}</small></span>`,
        sortValue: (seat) => seat.product_name ?? seat.product_id,
      },
      {key: "kind", label: "Kind", render: (seat) => words(seat.kind), sortValue: (seat) => seat.kind},
      {key: "status", label: "Status", render: (seat) => words(seat.status), sortValue: (seat) => seat.status},
      {
        key: "disposition",
        label: "In the count",
        isLong: true,
        render: (seat) => html`<span>${words(seat.disposition)}<small>${seat.disposition_reason}</small></span>`,
        sortValue: (seat) => seat.disposition,
      },
      activityColumn(),
      {
        key: "last",
        label: "Last used",
        render: (seat) => day(seat.last_activity_at),
        sortValue: (seat) => seat.last_activity_at,
      },
      daysColumn(),
    ],
    csv: [
      ...fields<Seat>(
        "connection_id",
        "account_id",
        "account_name",
        "product_id",
        "product_name",
        "seat_id",
        "kind",
        "display_name",
        "identifier",
        "status",
        "created_at",
        "last_activity_at",
        "disposition",
        "disposition_reason",
        "rule_id",
        "activity_state",
        "days_inactive",
      ),
      lastDay<Seat>("commitment_end"),
    ],
    file: `seats-${clientId}`,
    sort: "seat",
    empty: "No integration shows any seat of this client.",
    state,
  });
}
