import {clientOf, type Draft, put} from "./draft.js";
import {addMappingWork} from "./mappingWork.js";
import {mislinked, unlinked} from "./plants.js";
import {putSeat} from "./usageRows.js";

/** A second account under a client's name that nobody linked: the client is suggested for it. */
export function putUnlinkedAccount(draft: Draft): void {
  const {account, connection, product, seats} = unlinked;
  const {name, clientId} = clientOf(draft, unlinked.client);
  put(draft, `imports/${connection}/accounts`, {account_id: account, account_name: name});
  for (let index = 0; index < seats; index++) {
    putSeat(draft, connection, {
      seat_id: `hq-${index}`,
      account_id: account,
      product_id: product,
      kind: "device",
      display_name: `HQ ${index}`,
      identifier: `hq-${index}`,
    });
  }
  addMappingWork(draft, {kind: "unlinked_account", connection, account, seats, suggested: clientId});
}

/** A client's branch whose account is linked to another client. */
export function putMislinkedAccount(draft: Draft): void {
  const {account, connection, product, seats} = mislinked;
  put(draft, `imports/${connection}/accounts`, {
    account_id: account,
    account_name: clientOf(draft, mislinked.from).name,
  });
  put(draft, "mappings/clients", {
    connection_id: connection,
    account_id: account,
    client_id: clientOf(draft, mislinked.to).clientId,
    status: "confirmed",
    note: "Branch office?",
  });
  for (let index = 0; index < seats; index++) {
    putSeat(draft, connection, {
      seat_id: `branch-${index}`,
      account_id: account,
      product_id: product,
      kind: "backup",
      display_name: `Branch ${index}`,
      identifier: `branch-${index}`,
      last_activity_at: "2026-11-22T22:00:00Z",
    });
  }
}

/** Accounts that are no client's: the MSP's own, which is excluded, and one of somebody whom the PSA does not know. */
export function putForeignAccounts(draft: Draft): void {
  const seats = 6;
  const accounts = [
    {account_id: "rmm-internal", account_name: "Northwind IT (internal)", domain: "northwind.example"},
    {account_id: "rmm-new", account_name: "Brightwater Marine", domain: "brightwater.example"},
  ];
  put(draft, "imports/rmm/accounts", ...accounts);
  put(draft, "mappings/clients", {
    connection_id: "rmm",
    account_id: "rmm-internal",
    status: "excluded",
    note: "our own devices",
  });
  for (const {account_id} of accounts) {
    for (let index = 0; index < seats; index++) {
      putSeat(draft, "rmm", {
        seat_id: `${account_id}-${index}`,
        account_id,
        product_id: "rmm-agent",
        kind: "workstation",
        display_name: `${account_id} ${index}`,
        identifier: `${account_id}-${index}`,
        last_activity_at: "2026-11-22T22:00:00Z",
      });
    }
  }
  addMappingWork(draft, {kind: "unlinked_account", connection: "rmm", account: "rmm-new", seats});
}
