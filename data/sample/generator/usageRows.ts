import type {Client} from "./clients.js";
import {type Draft, put, type Row} from "./draft.js";

/** Rows of a usage connection, with what nearly all of them share. */
export function putProduct(draft: Draft, connection: string, product: Row): void {
  put(draft, `imports/${connection}/products`, {is_trial: "false", ...product});
}

export function putSeat(draft: Draft, connection: string, seat: Row): void {
  put(draft, `imports/${connection}/seats`, {status: "active", created_at: "2025-06-01T08:00:00Z", ...seat});
}

export function putCount(draft: Draft, connection: string, count: Row): void {
  put(draft, `imports/${connection}/counts`, {as_of: "2026-11-22T00:00:00Z", ...count});
}

/** An account under the client's name that is linked to the client. */
export function putLinkedAccount(draft: Draft, connection: string, {number, clientId, name, domain}: Client): void {
  const account_id = `${connection}-${number}`;
  put(draft, `imports/${connection}/accounts`, {account_id, account_name: name, domain});
  put(draft, "mappings/clients", {connection_id: connection, account_id, client_id: clientId, status: "confirmed"});
}
