import {describe, expect, it} from "vitest";
import {counted} from "./counted.js";
import {reconcileAll, reconcileRows} from "./harness.js";
import {link, ordinaryWorld, pick, rule, seats} from "./ordinary.js";

describe("a rule", () => {
  it("counts the seats of its products that pass kinds and statuses", async () => {
    const given = [
      ...seats(3, {kind: "user"}),
      {
        account_id: "tenant",
        product_id: "p1",
        seat_id: "disabled",
        kind: "user",
        status: "disabled",
      },
      {
        account_id: "tenant",
        product_id: "p1",
        seat_id: "shared",
        kind: "shared_mailbox",
      },
      {
        account_id: "tenant",
        product_id: "p1",
        seat_id: "gone",
        kind: "user",
        status: "deleted",
      },
    ];
    const marts = await reconcileRows(
      ordinaryWorld({
        seats: given,
        mappingServices: [rule("r1", {kinds: "user;device"})],
      }),
    );
    expect(pick(marts, "reconciliation", "system_count")).toEqual([{system_count: "3.0000"}]);
    expect(pick(marts, "seats", "seat_id", "disposition", "rule_id")).toEqual([
      {seat_id: "disabled", disposition: "filtered", rule_id: null},
      {seat_id: "gone", disposition: "deleted", rule_id: null},
      {seat_id: "p1-1", disposition: "counted", rule_id: "r1"},
      {seat_id: "p1-2", disposition: "counted", rule_id: "r1"},
      {seat_id: "p1-3", disposition: "counted", rule_id: "r1"},
      {seat_id: "shared", disposition: "filtered", rule_id: null},
    ]);
  });

  it("can accept other statuses than active", async () => {
    const given = [
      ...seats(2),
      {
        account_id: "tenant",
        product_id: "p1",
        seat_id: "s",
        status: "suspended",
      },
    ];
    const rows = await counted(
      {
        seats: given,
        mappingServices: [rule("r1", {statuses: "active;suspended"})],
      },
      "system_count",
    );
    expect(rows).toEqual([{system_count: "3.0000"}]);
  });

  it.each([
    [{multiplier: "0.5"}, 7, "4.0000"],
    [{multiplier: "1.1"}, 10, "11.0000"],
    [{multiplier: "1.1"}, 11, "13.0000"],
    [{multiplier: "0.00125"}, 4000, "5.0000"],
    [{minimum: 10}, 7, "10.0000"],
    [{maximum: 5}, 7, "5.0000"],
    [{multiplier: "2", minimum: 3, maximum: 20}, 7, "14.0000"],
  ])("with %j makes of %i seats %s", async (given, used, expected) => {
    const rows = await counted({used, mappingServices: [rule("r1", given)]}, "system_count", "expected_quantity");
    expect(rows).toEqual([{system_count: `${used}.0000`, expected_quantity: expected}]);
  });

  it("leaves included units out: 5 included, 12 counted, 6 invoiced is one too few", async () => {
    const line = {
      agreement_line_id: "l1",
      agreement_id: "a1",
      service_id: "mail",
      unit_price: 12,
    };
    const rows = await counted(
      {
        used: 12,
        agreement_lines: [{...line, quantity: 11, included_quantity: 5}],
      },
      "system_count",
      "expected_quantity",
      "delta_quantity",
    );
    expect(rows).toEqual([
      {
        system_count: "12.0000",
        expected_quantity: "7.0000",
        delta_quantity: "1.0000",
      },
    ]);
  });

  it.each([
    [{status: "off"}, "not_reconciled"],
    [{valid_from: "2026-11-24"}, "not_reconciled"],
    [{valid_to: "2026-11-23"}, "not_reconciled"],
    [{valid_from: "2026-11-23", valid_to: "2026-11-24"}, "discrepancy"],
  ])("that is %j leaves the row %s", async (given, status) => {
    const rows = await counted({mappingServices: [rule("r1", given)]}, "status");
    expect(rows.filter((row) => row.status !== "discrepancy" || status === "discrepancy")).toContainEqual({status});
  });

  it("of the client's own replaces the global ones for the same service and connection", async () => {
    const rows = await counted(
      {
        seats: [...seats(4), ...seats(2, {product_id: "p2"})],
        products: ["p1", "p2"].map((id) => ({
          product_id: id,
          product_name: id,
        })),
        mappingServices: [rule("r1"), rule("r2", {client_id: "acme", product_ids: "p2"})],
      },
      "service_id",
      "system_count",
      "discrepancy_type",
    );
    expect(rows).toEqual(
      expect.arrayContaining([
        {
          service_id: "mail",
          system_count: "2.0000",
          discrepancy_type: "calculated",
        },
        {
          service_id: null,
          system_count: "4.0000",
          discrepancy_type: "unaccounted",
        },
      ]),
    );
  });

  it("of the client's own that is off replaces nothing", async () => {
    const rows = await counted(
      {
        mappingServices: [rule("r1"), rule("r2", {client_id: "acme", status: "off"})],
      },
      "system_count",
    );
    expect(rows).toEqual([{system_count: "24.0000"}]);
  });

  it("counts a seat once per service, and for several services", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        used: 3,
        services: [
          {service_id: "mail", service_name: "Mail"},
          {service_id: "bundle", service_name: "Bundle"},
        ],
        mappingServices: [rule("r2"), rule("r1", {product_ids: "*"}), rule("r3", {service_id: "bundle"})],
      }),
    );
    expect(pick(marts, "reconciliation", "service_id", "system_count")).toEqual(
      expect.arrayContaining([
        {service_id: "mail", system_count: "3.0000"},
        {service_id: "bundle", system_count: "3.0000"},
      ]),
    );
    expect(pick(marts, "reconciliation_sources", "rule_id", "counted_quantity")).toEqual(
      expect.arrayContaining([
        {rule_id: "r1", counted_quantity: "3.0000"},
        {rule_id: "r3", counted_quantity: "3.0000"},
      ]),
    );
  });
});

describe("mappings that name what went away", () => {
  it("count nothing for a service that the PSA no longer has: its seats are unaccounted", async () => {
    const marts = await reconcileAll(
      ordinaryWorld({used: 3, services: [], agreement_lines: [], mappingServices: [rule("r1", {service_id: "gone"})]}),
    );
    expect(pick(marts, "seats", "disposition", "rule_id")).toEqual(
      Array(3).fill({disposition: "unaccounted", rule_id: null}),
    );
    expect(pick(marts, "reconciliation", "service_id", "discrepancy_type", "delta_quantity")).toEqual([
      {service_id: null, discrepancy_type: "unaccounted", delta_quantity: "3.0000"},
    ]);
    expect(pick(marts, "service_rules", "rule_id", "is_in_force")).toEqual([{rule_id: "r1", is_in_force: false}]);
  });

  it("link an account to nobody whose client the PSA no longer has", async () => {
    const marts = await reconcileRows(ordinaryWorld({used: 3, mappingClients: [link("tenant", "gone")]}));
    expect(pick(marts, "seats", "client_id", "disposition")).toEqual(
      Array(3).fill({client_id: null, disposition: "unlinked"}),
    );
    expect(pick(marts, "mapping_work", "kind", "account_id")).toEqual([
      {kind: "unlinked_account", account_id: "tenant"},
    ]);
  });

  it("count the other products of a rule of which one went away", async () => {
    expect(await counted({mappingServices: [rule("r1", {product_ids: "p1;gone"})]}, "expected_quantity")).toEqual([
      {expected_quantity: "24.0000"},
    ]);
  });
});
