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

it("counts of each connection the rows that are in no figure, quarantined or without a place", async () => {
  const problem = (problem: string, missing_id: string, row_count: number) => ({
    ...{problem, connection_id: "psa", table_name: "agreement_lines", column_name: "agreement_id"},
    ...{missing_id, row_count},
  });
  const database = await givenMarts({
    integrations: [
      {connection_id: "edr", rows_quarantined: 3},
      {connection_id: "psa", rows_quarantined: 2},
      {connection_id: "rmm", rows_quarantined: 0},
    ],
    data_problems: [problem("unplaced", "A1", 7), problem("unplaced", "A2", 1), problem("unlisted", "C1", 40)],
  });
  try {
    const shown = await shownOf(database, overview.integrations, "connection_id", "rows_left_out");
    expect(shown.sort()).toEqual(["edr 3", "psa 10", "rmm 0"]);
  } finally {
    database.close();
  }
});
