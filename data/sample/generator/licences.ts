import {type Draft, put, type Row} from "./draft.js";
import {putCount, putProduct} from "./usageRows.js";

const premium = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46";
const cost = 20.9;

/** Bought over what is assigned, by client, and the first day on which it can be given back. */
const purchases = [
  {client: 45, spare: 4, commitmentEnd: "2027-03-01"},
  {client: 46, spare: 2, commitmentEnd: "2026-10-01"},
  {client: 47, spare: 0, commitmentEnd: null},
] as const;

/** Billed for less than it costs: given free or credited, priced below cost, used or bought far more than billed. */
const cheap: readonly Row[] = [
  {client_id: "C1015", service_id: "S-EDR"},
  {client_id: "C1023", service_id: "S-BKP"},
  {client_id: "C1026", service_id: "S-EXO1"},
  {client_id: "C1029", service_id: "S-EXO1"},
  {client_id: "C1054", service_id: "S-MFA"},
  {client_id: "C1055", service_id: "S-COP"},
];

/**
 * Plants licences that the distributor sells and Microsoft 365 counts: more of them than are assigned, committed, no
 * longer committed, and none to spare. The mapping leaves the distributor's out, for they would count twice.
 */
export function putLicences(draft: Draft): void {
  putProduct(draft, "distributor", {
    product_id: "m365-premium",
    product_name: "Microsoft 365 Business Premium",
    unit: "licence",
    unit_cost: cost.toFixed(2),
  });
  put(draft, "mappings/exclusions", {
    connection_id: "distributor",
    product_id: "m365-premium",
    reason: "the same licences are counted in Microsoft 365",
  });
  const {belowCost, unassigned} = draft.answers;
  belowCost.push(...cheap);
  for (const {client, spare, commitmentEnd} of purchases) {
    const assigned = (draft.rows["imports/m365/seats"] ?? []).filter(
      ({account_id, product_id, status}) =>
        account_id === `m365-${client}` && product_id === premium && status !== "deleted",
    ).length;
    putCount(draft, "distributor", {
      account_id: `distributor-${client}`,
      product_id: "m365-premium",
      metric: "purchased",
      quantity: assigned + spare,
      commitment_end: commitmentEnd,
    });
    if (spare > 0) {
      unassigned.push({
        client_id: `C10${client}`,
        connection_id: "m365",
        product_id: premium,
        supplier_ids: "distributor",
        unassigned_quantity: `${spare}.0000`,
        unassigned_monthly: (spare * cost).toFixed(2),
        commitment_end: commitmentEnd,
      });
    }
  }
  // Five bought, three assigned, at the PSA's cost of 25.50.
  unassigned.push({
    client_id: "C1055",
    connection_id: "m365",
    product_id: "639dec6b-bb19-468b-871c-c5c441c4b0cb",
    supplier_ids: null,
    unassigned_quantity: "2.0000",
    unassigned_monthly: "51.00",
    commitment_end: null,
  });
}
