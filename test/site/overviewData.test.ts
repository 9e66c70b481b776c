import {expect, it} from "vitest";
import {overview} from "../../loaders/site/data/overviewData.js";
import {givenMarts, shownOf} from "./givenMarts.js";

it("counts in each currency what has no price, used or billed too much apart, and nothing that has one or was not compared", async () => {
  const row = (
    reconciliation_id: string,
    currency: string,
    impact_monthly: string | null,
    delta_quantity: string | null,
  ) => ({
    ...{reconciliation_id, currency, impact_monthly, delta_quantity},
    status: delta_quantity === null ? "no_data" : "discrepancy",
  });
  const database = await givenMarts({
    summary: [
      {currency: "USD", clients_total: 2},
      {currency: "EUR", clients_total: 1},
    ],
    reconciliation: [
      row("a", "USD", null, "3"),
      row("b", "USD", null, "1"),
      row("c", "USD", null, "-1"),
      row("d", "USD", "4.00", "1"),
      row("e", "USD", "0.00", "-1"),
      row("f", "USD", null, null),
    ],
  });
  try {
    expect(await shownOf(database, overview.summary, "currency", "unpriced_under", "unpriced_over")).toEqual([
      "EUR 0 0",
      "USD 2 1",
    ]);
  } finally {
    database.close();
  }
});
