import {addDiscrepancy} from "./discrepancies.js";
import {clientOf, type Draft, flag, put} from "./draft.js";
import {distributed} from "./plants.js";
import {putCount} from "./usageRows.js";

const billed = 10;
/** The client that bought one more than it is billed. */
const short = 45;

/** Plants what is counted by what was bought and has no price anywhere; an older count beside it does not matter. */
export function putAzurePlan(draft: Draft): void {
  for (const number of distributed) {
    const client = clientOf(draft, number);
    const bought = number === short ? billed + 1 : billed;
    const count = {account_id: `distributor-${number}`, product_id: "azure-plan", metric: "purchased"};
    putCount(draft, "distributor", {...count, quantity: bought, commitment_end: "2027-03-01"});
    putCount(draft, "distributor", {...count, quantity: 3, as_of: "2026-06-22T00:00:00Z"});
    const lineId = `AL${number}-S-AZ`;
    put(draft, "imports/psa/agreement_lines", {
      agreement_line_id: lineId,
      agreement_id: client.agreementId,
      service_id: "S-AZ",
      description: "Azure Plan",
      quantity: billed,
    });
    flag(draft, {code: "missing_unit_price", client, line: lineId});
    if (bought !== billed) {
      addDiscrepancy(draft, client, {
        service: "S-AZ",
        invoiced: billed,
        expected: bought,
        rate: null,
        basis: "none",
        type: "estimated",
      });
    }
  }
}
