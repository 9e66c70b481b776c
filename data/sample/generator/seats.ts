import {freeProduct, type Offer, offers} from "./catalogue.js";
import type {Client} from "./clients.js";
import type {Draft, Row} from "./draft.js";
import {people} from "./names.js";
import {between, oneOf, seeded} from "./random.js";
import {putSeat} from "./usageRows.js";

/** As many seats of an offer as a client uses, and some that no rule counts beside them. */
export function putSeats(draft: Draft, client: Client, offer: Offer, used: number): void {
  const {connection, serviceId} = offer;
  const make = seatsOf(client, offer);
  for (let index = 0; index < used; index++) {
    const seatId = `${serviceId.toLowerCase()}-${client.number}-${index}`;
    const idle = index === 0 && serviceId === "S-M365BP" ? idleness(client.number) : undefined;
    putSeat(draft, connection, make(seatId, idle?.seat));
    if (idle?.answer !== undefined) {
      draft.answers.inactive.push({
        client_id: client.clientId,
        connection_id: connection,
        seat_id: seatId,
        ...idle.answer,
        monthly_value: offer.listPrice,
      });
    }
  }
  for (const [seatId, given] of uncounted(client.number, serviceId)) putSeat(draft, connection, make(seatId, given));
}

/** Makes seats, each with a person and a day of its own, the same in every month. */
function seatsOf({number, domain}: Client, offer: Offer): (seatId: string, given?: Row) => Row {
  const random = seeded(1000 * number + offers.indexOf(offer));
  const {connection, productId, kind} = offer;
  const isPerson = kind === "user" || kind === "mailbox";
  return (seatId, given = {}) => {
    const person = oneOf(random, people);
    const day = between(random, 10, 22);
    return {
      seat_id: seatId,
      account_id: `${connection}-${number}`,
      product_id: productId,
      kind,
      display_name: isPerson ? person : `DEV-${seatId.toUpperCase()}`,
      identifier: isPerson ? `${seatId}@${domain}` : `dev-${seatId}`,
      last_activity_at: connection === "edr" ? null : `2026-11-${day}T09:30:00Z`,
      ...given,
    };
  };
}

/** How long the first workplace of some clients was not used, and what must be found of that. */
function idleness(client: number): {seat: Row; answer?: Row} | undefined {
  if (client % 8 === 0) {
    return {
      seat: {last_activity_at: "2026-09-30T09:00:00Z", commitment_end: "2027-02-01"},
      answer: {activity_state: "inactive", days_inactive: 54},
    };
  }
  if (client % 16 === 4) {
    return {seat: {last_activity_at: null}, answer: {activity_state: "never_active", days_inactive: null}};
  }
  // As long ago as still counts as active.
  if (client % 10 === 3) return {seat: {last_activity_at: "2026-11-02T00:00:00Z"}};
  return undefined;
}

/** Seats of some clients that are disabled, free, shared or deleted. */
function uncounted(client: number, serviceId: string): [seatId: string, given: Row][] {
  const seats: [string, Row][] = [];
  if (serviceId === "S-M365BP" && client % 9 === 0) seats.push([`left-${client}`, {status: "disabled"}]);
  if (serviceId === "S-M365BP" && client % 7 === 0) seats.push([`free-${client}`, {product_id: freeProduct}]);
  if (serviceId === "S-MAIL" && client % 5 === 0) {
    seats.push([`info-${client}`, {kind: "shared_mailbox", last_activity_at: null}]);
  }
  if (serviceId === "S-RMM" && client % 11 === 0) seats.push([`gone-${client}`, {status: "deleted"}]);
  return seats;
}
