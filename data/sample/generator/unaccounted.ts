import {powerBi} from "./catalogue.js";
import type {Client} from "./clients.js";
import {addDiscrepancy} from "./discrepancies.js";
import {clientOf, type Draft} from "./draft.js";
import {addMappingWork} from "./mappingWork.js";
import {sum} from "./money.js";
import {unaccounted} from "./plants.js";
import {newService} from "./story.js";
import {putSeat} from "./usageRows.js";

/** Plants seats of products that no rule covers: one until its service was set up, one up to the present. */
export function putUnaccounted(draft: Draft): void {
  const {month} = draft;
  const drawing = clientOf(draft, newService.client);
  putPeople(draft, drawing, newService.productId, {seat: "visio", name: "Draughtsman"}, newService.seats);
  if (month < newService.from) addUnaccounted(draft, drawing, newService, newService.seats);
  for (const {client: number, seats, since} of unaccounted) {
    if (month < since) continue;
    const client = clientOf(draft, number);
    putPeople(draft, client, powerBi.productId, {seat: `pbi-${number}`, name: "Analyst"}, seats);
    addUnaccounted(draft, client, powerBi, seats);
  }
  addMappingWork(draft, {
    kind: "unaccounted_product",
    connection: "m365",
    product: powerBi.productId,
    seats: sum(unaccounted.map(({seats}) => seats)),
  });
}

function putPeople(
  draft: Draft,
  {number, domain}: Client,
  product: string,
  {seat, name}: {seat: string; name: string},
  seats: number,
): void {
  for (let index = 0; index < seats; index++) {
    putSeat(draft, "m365", {
      seat_id: `${seat}-${index}`,
      account_id: `m365-${number}`,
      product_id: product,
      kind: "user",
      display_name: `${name} ${index + 1}`,
      identifier: `${name.toLowerCase()}${index + 1}@${domain}`,
      last_activity_at: "2026-11-20T10:00:00Z",
    });
  }
}

function addUnaccounted(
  draft: Draft,
  client: Client,
  product: {readonly productId: string; readonly cents: number},
  seats: number,
): void {
  addDiscrepancy(draft, client, {
    product: product.productId,
    invoiced: 0,
    expected: seats,
    rate: product.cents,
    basis: "product_list_price",
    type: "unaccounted",
    cause: "service_mapping",
  });
}
