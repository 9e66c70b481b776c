import {describe, expect, it} from "vitest";
import {freshSync, reconcileRows} from "./harness.js";
import {link, ordinaryWorld, pick, rule, seats} from "./ordinary.js";

type Given = Parameters<typeof ordinaryWorld>[0];

async function counted(given: Given, ...columns: string[]) {
  const marts = await reconcileRows(ordinaryWorld(given));
  return pick(marts, "reconciliation", ...columns);
}

const quantities = ["system_count", "expected_quantity", "delta_quantity"];
const rmm = {connection_id: "rmm", connector: "csv-usage", side: "usage"};
const withRmm = {
  connections: [
    {connection_id: "psa", connector: "csv-psa", side: "psa"},
    {connection_id: "m365", connector: "csv-usage", side: "usage"},
    rmm,
  ],
};

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
      ...quantities,
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
  });
});

describe("what is known about a count", () => {
  const states = ["count_state", "status", "discrepancy_type", "impact_amount", "likely_cause"];
  const synced = (given: object) => ({
    syncs: [freshSync("psa"), {...freshSync("m365"), ...given}],
  });

  it("is known where everything is current", async () => {
    expect(await counted({}, ...states)).toEqual([
      {
        count_state: "known",
        status: "discrepancy",
        discrepancy_type: "calculated",
        impact_amount: "48.00",
        likely_cause: "billing_gap",
      },
    ]);
  });

  it("is a known zero where the account has none", async () => {
    const given = {seats: seats(1, {account_id: "other"})};
    expect(await counted(given, ...states)).toEqual([
      {
        count_state: "known_zero",
        status: "discrepancy",
        discrepancy_type: "calculated",
        impact_amount: "-240.00",
        likely_cause: "billing_gap",
      },
    ]);
  });

  it.each([
    [
      "the connection never synced",
      {
        syncs: [freshSync("psa")],
        seats: [],
        accounts: [],
        products: [{product_id: "p1", product_name: "x"}],
      },
    ],
    ["the connection has no seats at all", {seats: []}],
    ["the client has no confirmed account", {mappingClients: []}],
  ])("is nothing where %s", async (_, given) => {
    const rows = await counted(given as Given, ...states, ...quantities);
    expect(rows).toEqual([
      {
        count_state: "no_data",
        status: "no_data",
        discrepancy_type: null,
        impact_amount: null,
        likely_cause: null,
        system_count: null,
        expected_quantity: null,
        delta_quantity: null,
      },
    ]);
  });

  it.each([
    ["2026-11-22T12:00:00Z", "known"],
    ["2026-11-22T11:59:59Z", "stale"],
  ])("with data of %s is %s", async (fresh_at, state) => {
    const [row] = await counted(synced({fresh_at}), ...states);
    expect(row?.count_state).toBe(state);
  });

  it("is stale after a failed sync, with the last good data in use", async () => {
    const failed = {
      ...freshSync("m365"),
      sync_id: "2",
      started_at: "2026-11-23T11:30:00Z",
      status: "failed",
      fresh_at: null,
      error: "boom",
      is_current: false,
    };
    const marts = await reconcileRows(ordinaryWorld({syncs: [freshSync("psa"), freshSync("m365"), failed]}));
    expect(pick(marts, "reconciliation", ...states)).toEqual([
      {
        count_state: "stale",
        status: "discrepancy",
        discrepancy_type: "estimated",
        impact_amount: "48.00",
        likely_cause: "sync",
      },
    ]);
    expect(pick(marts, "integrations", "connection_id", "health", "last_error")).toContainEqual({
      connection_id: "m365",
      health: "red",
      last_error: "boom",
    });
  });

  it("is partial where one of two connections has no data", async () => {
    const rows = await counted(
      {
        ...withRmm,
        mappingServices: [rule("r1"), rule("r2", {connection_id: "rmm", product_ids: "*"})],
      },
      ...states,
    );
    expect(rows).toEqual([
      {
        count_state: "partial",
        status: "discrepancy",
        discrepancy_type: "estimated",
        impact_amount: "48.00",
        likely_cause: "sync",
      },
    ]);
  });

  it("is reconciled without a difference", async () => {
    expect(await counted({used: 20}, "status", "delta_quantity", "impact_amount")).toEqual([
      {status: "reconciled", delta_quantity: "0.0000", impact_amount: "0.00"},
    ]);
  });

  it("is not compared where the service has no rule, and not called clean", async () => {
    const marts = await reconcileRows(ordinaryWorld({mappingServices: [], seats: [], products: []}));
    expect(pick(marts, "reconciliation", "status", "count_state", "impact_amount")).toEqual([
      {status: "not_reconciled", count_state: null, impact_amount: null},
    ]);
    expect(pick(marts, "summary", "clients_reconciled", "clients_uncompared", "coverage_lines")).toEqual([
      {
        clients_reconciled: "0",
        clients_uncompared: "1",
        coverage_lines: "0.000000",
      },
    ]);
  });
});

describe("a seat's disposition", () => {
  async function dispositions(given: Given) {
    const marts = await reconcileRows(ordinaryWorld({used: 1, ...given}));
    return pick(marts, "seats", "disposition").map((row) => row.disposition);
  }

  it.each([
    ["on its last day", {expires_on: "2026-11-23"}, "excluded"],
    ["after its last day", {expires_on: "2026-11-22"}, "counted"],
    ["without end, of the account", {account_id: "tenant"}, "excluded"],
    ["of another account", {account_id: "other"}, "counted"],
    ["of the product", {product_id: "p1"}, "excluded"],
    ["of the seat", {seat_id: "p1-1"}, "excluded"],
    ["of another seat", {seat_id: "p1-2"}, "counted"],
  ])("under an exclusion %s is as it should be", async (_, given, expected) => {
    const mappingExclusions = [{connection_id: "m365", reason: "internal", ...given}];
    expect(await dispositions({mappingExclusions})).toEqual([expected]);
  });

  it("is excluded for a trial product and for an excluded account", async () => {
    expect(
      await dispositions({
        products: [{product_id: "p1", product_name: "Trial", is_trial: true}],
      }),
    ).toEqual(["excluded"]);
    expect(
      await dispositions({
        mappingClients: [{...link("tenant", "acme"), status: "excluded", client_id: null}],
      }),
    ).toEqual(["excluded"]);
  });

  it("is unlinked without a confirmed client, whatever was suggested", async () => {
    expect(
      await dispositions({
        mappingClients: [link("tenant", "acme", {status: "suggested"})],
      }),
    ).toEqual(["unlinked"]);
  });
});

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
