import {expect, it} from "vitest";
import {fixAddress} from "../../src/lib/fixAddress.js";

const row = {
  likely_cause: null,
  discrepancy_type: "calculated",
  service_id: "S1",
  connection_ids: "edr;rmm",
  product_id: null,
};

it.each([
  [{likely_cause: "client_mapping"}, "mapping/clients?client=C%261"],
  [{likely_cause: "service_mapping"}, "mapping/services?integration=edr%2Crmm"],
  [
    {likely_cause: "service_mapping", discrepancy_type: "unaccounted", connection_ids: "m365", product_id: "a b"},
    "mapping/services?integration=m365&product=a+b",
  ],
  [
    {likely_cause: "sync", discrepancy_type: "unaccounted", connection_ids: "m365", product_id: "a"},
    "mapping/services?integration=m365&product=a",
  ],
  [{likely_cause: "billing_gap"}, null],
  [{likely_cause: "sync"}, null],
])("of %j is %s", (fields, address) => {
  expect(fixAddress({...row, ...fields}, "C&1")).toBe(address);
});
