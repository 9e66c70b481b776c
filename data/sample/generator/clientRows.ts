import {usageConnections} from "./catalogue.js";
import type {Client} from "./clients.js";
import {type Draft, put} from "./draft.js";
import {distributed} from "./plants.js";
import {putLinkedAccount} from "./usageRows.js";

/** A client with its agreement in the PSA, and its accounts at the integrations, all linked. */
export function putClient(draft: Draft, client: Client): void {
  put(draft, "imports/psa/clients", {client_id: client.clientId, client_name: client.name, status: "active"});
  put(draft, "imports/psa/agreements", {
    agreement_id: client.agreementId,
    client_id: client.clientId,
    agreement_name: "Managed services",
    status: "active",
    billing_cycle: client.cycle,
    billing_timing: client.timing,
    start_date: client.cycle === "annual" ? "2026-03-01" : "2026-01-01",
    currency: client.currency,
  });
  for (const connection of usageConnections) {
    if (connection === "passwords" || (connection === "distributor" && !distributed.includes(client.number))) continue;
    putLinkedAccount(draft, connection, client);
  }
}
