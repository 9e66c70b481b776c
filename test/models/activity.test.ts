import {describe, expect, it} from "vitest";
import {reconcileRows} from "./harness.js";
import {ordinaryWorld, pick, rule} from "./ordinary.js";

describe("activity", () => {
  const seat = {
    account_id: "tenant",
    product_id: "p1",
    created_at: "2026-01-01T00:00:00Z",
  };

  it.each([
    ["exactly 21 days ago", {last_activity_at: "2026-11-02T00:00:00Z"}, "active", 21],
    ["22 days ago", {last_activity_at: "2026-11-01T23:59:59Z"}, "inactive", 22],
    ["never, made long ago", {}, "never_active", null],
    ["never, made 21 days ago", {created_at: "2026-11-02T00:00:00Z"}, "new", null],
    [
      "long ago, in a shared mailbox",
      {last_activity_at: "2026-01-01T00:00:00Z", kind: "shared_mailbox"},
      "shared_mailbox",
      326,
    ],
    [
      "long ago, by a disabled seat",
      {last_activity_at: "2026-01-01T00:00:00Z", status: "disabled"},
      "not_assessed",
      326,
    ],
  ])("%s", async (_, given, state, days) => {
    const other = {
      ...seat,
      seat_id: "z",
      last_activity_at: "2026-11-23T00:00:00Z",
    };
    const marts = await reconcileRows(ordinaryWorld({seats: [{...seat, seat_id: "a", ...given}, other]}));
    expect(pick(marts, "seats", "activity_state", "days_inactive")[0]).toEqual({
      activity_state: state,
      days_inactive: days,
    });
    const listed = state === "inactive" || state === "never_active" ? ["a"] : [];
    expect(pick(marts, "inactive_seats", "seat_id").map((row) => row.seat_id)).toEqual(listed);
  });

  it("is unknown where the vendor does not report it", async () => {
    const marts = await reconcileRows(ordinaryWorld({seats: [{...seat, seat_id: "a"}]}));
    expect(pick(marts, "seats", "activity_state")).toEqual([{activity_state: "unknown"}]);
    expect(marts.inactive_seats).toEqual([]);
  });

  it("shows what an inactive seat is billed as and its value per month", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        agreements: [
          {
            agreement_id: "a1",
            client_id: "acme",
            start_date: "2026-01-01",
            billing_cycle: "annual",
          },
        ],
        seats: [
          {
            ...seat,
            seat_id: "a",
            last_activity_at: "2026-01-01T00:00:00Z",
            commitment_end: "2027-01-01",
          },
        ],
      }),
    );
    expect(pick(marts, "inactive_seats", "service_id", "monthly_value", "currency", "commitment_end")).toEqual([
      {
        service_id: "mail",
        monthly_value: "1.00",
        currency: "USD",
        commitment_end: "2027-01-01",
      },
    ]);
  });
});

describe("the value of an inactive seat", () => {
  it("is that of the currency in which most is billed, also where the count is unknown", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        agreements: [
          {agreement_id: "a1", client_id: "acme", start_date: "2026-01-01"},
          {agreement_id: "a2", client_id: "acme", start_date: "2026-01-01", currency: "EUR"},
        ],
        agreement_lines: [
          {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 5, unit_price: 12},
          {agreement_line_id: "l2", agreement_id: "a2", service_id: "mail", quantity: 0, unit_price: 11},
        ],
        seats: [
          {
            account_id: "tenant",
            product_id: "p1",
            seat_id: "1",
            created_at: "2026-01-01T00:00:00Z",
            last_activity_at: "2026-02-01T00:00:00Z",
          },
        ],
        mappingServices: [rule("r1", {count: "assigned"})],
      }),
    );
    expect(pick(marts, "reconciliation", "currency", "status")).toContainEqual({currency: "USD", status: "no_data"});
    expect(pick(marts, "inactive_seats", "currency", "monthly_value")).toEqual([
      {currency: "USD", monthly_value: "12.00"},
    ]);
  });
});
