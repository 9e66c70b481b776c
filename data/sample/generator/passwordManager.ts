import {addDiscrepancy} from "./discrepancies.js";
import {clientOf, type Draft, put} from "./draft.js";
import {cents} from "./money.js";
import {vaults} from "./story.js";
import {putLinkedAccount, putProduct, putSeat} from "./usageRows.js";

const billed = 8;
const price = "4.00";

/** Plants a service whose export can be read until October: after that it is billed and cannot be compared. */
export function putPasswordManager(draft: Draft): void {
  putProduct(draft, "passwords", {product_id: "vault", product_name: "Vault", unit: "user"});
  for (const {client: number, used} of vaults) {
    put(draft, "imports/psa/agreement_lines", {
      agreement_line_id: `AL${number}-S-PWD`,
      agreement_id: `A${number}`,
      service_id: "S-PWD",
      description: "Password Manager",
      quantity: billed,
      unit_price: price,
    });
    if (!draft.isPresent) putVaults(draft, number, used);
  }
}

function putVaults(draft: Draft, number: number, used: number): void {
  const client = clientOf(draft, number);
  putLinkedAccount(draft, "passwords", client);
  for (let index = 0; index < used; index++) {
    putSeat(draft, "passwords", {
      seat_id: `vault-${number}-${index}`,
      account_id: `passwords-${number}`,
      product_id: "vault",
      kind: "user",
      display_name: `Vault ${index + 1}`,
      identifier: `vault${index + 1}@${client.domain}`,
      last_activity_at: "2026-11-20T10:00:00Z",
    });
  }
  if (used === billed) return;
  addDiscrepancy(draft, client, {
    service: "S-PWD",
    invoiced: billed,
    expected: used,
    rate: cents(price),
    basis: "agreement_line",
    type: "calculated",
  });
}
