import {describe, expect, it} from "vitest";
import {closeRows, reconcileRows, type World} from "./harness.js";
import {ordinaryWorld, pick} from "./ordinary.js";

const october = {settings: {as_of: "2026-10-31T23:59:59Z", as_of_date: "2026-10-31"}};

/** What November says became of October, of usage that no rule covers. */
async function changes(before: World, after: World): Promise<Record<string, unknown>[]> {
  const closed = await closeRows(ordinaryWorld({...october, mappingServices: [], ...before}));
  const november = ordinaryWorld({mappingServices: [], ...after, closed: {"2026-10": closed}});
  const marts = await reconcileRows(november, ["history", "history_changes"]);
  return pick(
    marts,
    "history_changes",
    "currency",
    "change_kind",
    "appeared_monthly",
    "resolved_monthly",
    "months_open",
  );
}

const agreement = (currency: string) => ({
  agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", currency}],
});
const priced = {products: [{product_id: "p1", product_name: "Exchange Online", list_price: "5"}]};

describe("usage that no rule covers and that comes to another currency", () => {
  it("is gone in the one and new in the other, when its product gets a list price", async () => {
    expect(await changes(agreement("EUR"), {...agreement("EUR"), ...priced})).toEqual([
      {currency: "EUR", change_kind: "resolved", appeared_monthly: "0.00", resolved_monthly: "0.00", months_open: "1"},
      {currency: "USD", change_kind: "new", appeared_monthly: "120.00", resolved_monthly: "0.00", months_open: "1"},
    ]);
  });

  it("is so as well when its client's agreements change their currency", async () => {
    const found = await changes(agreement("EUR"), agreement("USD"));
    expect(found.map(({currency, change_kind}) => [currency, change_kind])).toEqual([
      ["EUR", "resolved"],
      ["USD", "new"],
    ]);
  });
});
