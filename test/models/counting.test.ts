import {describe, expect, it} from "vitest";
import {counted} from "./counted.js";
import {reconcileRows} from "./harness.js";
import {link, ordinaryWorld, pick, rule, seats, withRmm} from "./ordinary.js";

describe("counting identities", () => {
  const people = rule("r1", {count: "identities"});

  it("counts a person seen by two connections once, without regard to case and spaces", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        ...withRmm,
        seats: [
          {
            account_id: "tenant",
            product_id: "p1",
            seat_id: "1",
            identifier: "Ann@acme.example",
          },
          {
            account_id: "tenant",
            product_id: "p1",
            seat_id: "2",
            identifier: "bob@acme.example",
          },
          {account_id: "tenant", product_id: "p1", seat_id: "3"},
          {
            connection_id: "rmm",
            account_id: "site",
            product_id: "d",
            seat_id: "1",
            identifier: " ann@ACME.example ",
          },
          {
            connection_id: "rmm",
            account_id: "site",
            product_id: "d",
            seat_id: "2",
            identifier: "eve@acme.example",
          },
        ],
        mappingClients: [link("tenant", "acme"), link("site", "acme", {connection_id: "rmm"})],
        mappingServices: [
          people,
          rule("r2", {
            count: "identities",
            connection_id: "rmm",
            product_ids: "d",
          }),
        ],
      }),
    );
    expect(pick(marts, "reconciliation", "system_count", "connection_ids")).toEqual([
      {system_count: "4.0000", connection_ids: "m365;rmm"},
    ]);
    expect(pick(marts, "reconciliation_sources", "rule_id", "raw_count", "counted_quantity")).toEqual([
      {rule_id: "r1", raw_count: "3.0000", counted_quantity: "3.0000"},
      {rule_id: "r2", raw_count: "2.0000", counted_quantity: "1.0000"},
    ]);
  });

  it("applies multiplier and minimum to the group once", async () => {
    const group = {count: "identities", minimum: 10};
    const rows = await counted(
      {
        seats: [...seats(2, {identifier: null}), ...seats(2, {product_id: "p2"})],
        mappingServices: [rule("r1", group), rule("r2", {...group, product_ids: "p2"})],
      },
      "system_count",
      "expected_quantity",
    );
    expect(rows).toEqual([{system_count: "4.0000", expected_quantity: "10.0000"}]);
  });
});

describe("counting totals", () => {
  it.each(["purchased", "assigned", "active", "reported"])("takes the newest %s count", async (metric) => {
    const count = {account_id: "tenant", product_id: "p1", metric};
    const rows = await counted(
      {
        used: 0,
        counts: [
          {...count, quantity: 30, as_of: "2026-11-01T00:00:00Z"},
          {...count, quantity: "27.5", as_of: "2026-11-22T00:00:00Z"},
          {...count, quantity: 99, as_of: null},
        ],
        mappingServices: [rule("r1", {count: metric})],
      },
      "system_count",
      "expected_quantity",
    );
    expect(rows).toEqual([{system_count: "27.5000", expected_quantity: "28.0000"}]);
  });

  it("of products that no rule covers stand in only where there are no seats, by the first metric present", async () => {
    const count = {account_id: "tenant", quantity: 5};
    const marts = await reconcileRows(
      ordinaryWorld({
        used: 20,
        products: ["p1", "p2", "p3"].map((id) => ({
          product_id: id,
          product_name: id,
        })),
        seats: [...seats(20), ...seats(2, {product_id: "p2"})],
        counts: [
          {...count, product_id: "p2", metric: "assigned"},
          {...count, product_id: "p3", metric: "purchased", quantity: 9},
          {...count, product_id: "p3", metric: "reported", quantity: 7},
        ],
      }),
    );
    expect(
      pick(marts, "reconciliation", "product_id", "expected_quantity").filter((row) => row.product_id !== null),
    ).toEqual(
      expect.arrayContaining([
        {product_id: "p2", expected_quantity: "2.0000"},
        {product_id: "p3", expected_quantity: "7.0000"},
      ]),
    );
    expect(pick(marts, "summary", "unaccounted_seats", "unaccounted_products")).toEqual([
      {unaccounted_seats: "2", unaccounted_products: "2"},
    ]);
  });
});

describe("usage known as totals only", () => {
  const totals = {
    used: 0,
    counts: [
      {account_id: "tenant", product_id: "p1", metric: "purchased", quantity: 9},
      {account_id: "tenant", product_id: "p1", metric: "assigned", quantity: 7},
    ],
  };

  it("waits for a decision in units where the account is linked to nobody", async () => {
    const marts = await reconcileRows(ordinaryWorld({...totals, mappingClients: []}));
    expect(pick(marts, "mapping_work", "account_id", "seat_count")).toEqual([
      {account_id: "tenant", seat_count: "7.0000"},
    ]);
  });

  it("names the metric that was taken where no rule covers it", async () => {
    const marts = await reconcileRows(ordinaryWorld({...totals, mappingServices: []}));
    expect(pick(marts, "reconciliation_sources", "count_method", "counted_quantity")).toEqual([
      {count_method: "assigned", counted_quantity: "7.0000"},
    ]);
  });
});
