import {expect, it} from "vitest";
import {overview} from "../../loaders/site/data/overviewData.js";
import {givenMarts, shownOf} from "./givenMarts.js";

it("counts in each currency what has no price, used or billed too much apart, and nothing that has one", async () => {
  const row = (
    reconciliation_id: string,
    currency: string,
    impact_monthly: string | null,
    delta_quantity: string,
    decision_state = "open",
  ) => ({reconciliation_id, currency, impact_monthly, delta_quantity, decision_state});
  const database = await givenMarts({
    summary: [
      {currency: "USD", clients_total: 2},
      {currency: "EUR", clients_total: 1},
    ],
    work_list: [
      row("a", "USD", null, "3"),
      row("b", "USD", null, "1", "decided"),
      row("c", "USD", null, "-1"),
      row("d", "USD", "4.00", "1"),
      row("e", "USD", "0.00", "-1"),
    ],
  });
  try {
    expect(await shownOf(database, overview.summary, "currency", "unpriced_under", "unpriced_over")).toEqual([
      "EUR 0 0",
      "USD 2 1",
    ]);
    const ofStates = ["open_unpriced_under", "open_unpriced_over", "decided_unpriced_under", "decided_unpriced_over"];
    expect(await shownOf(database, overview.summary, "currency", ...ofStates)).toEqual(["EUR 0 0 0 0", "USD 1 1 1 0"]);
  } finally {
    database.close();
  }
});
