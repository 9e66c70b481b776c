import {describe, expect, it} from "vitest";
import {counted} from "./counted.js";
import {freshSync, reconcileAll, reconcileRows, type World} from "./harness.js";
import {link, ordinaryWorld, pick, rule, seats, withRmm} from "./ordinary.js";

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
    [
      "its account could not be read yet",
      {seats: seats(1, {account_id: "other"}), unreadAccounts: [{connection_id: "m365", account_id: "tenant"}]},
    ],
  ])("is nothing where %s", async (_, given) => {
    const rows = await counted(given as World, ...states, "system_count", "expected_quantity", "delta_quantity");
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

  it("is nothing, not zero, in an account that was never read, also where somebody has to say whose it is", async () => {
    const given = {
      accounts: [{account_id: "tenant"}, {account_id: "empty"}],
      ...{seats: [], mappingClients: [], unreadAccounts: [{connection_id: "m365", account_id: "tenant"}]},
    };
    const marts = await reconcileRows(ordinaryWorld(given), ["accounts", "mapping_work"]);
    const seatsOf = (mart: "accounts" | "mapping_work") => pick(marts, mart, "account_id", "seat_count");
    expect(seatsOf("accounts")).toEqual([
      {account_id: "empty", seat_count: "0"},
      {account_id: "tenant", seat_count: null},
    ]);
    expect(seatsOf("mapping_work")).toEqual([
      {account_id: "empty", seat_count: "0.0000"},
      {account_id: "tenant", seat_count: null},
    ]);
  });

  it("is stale after a failed sync though an earlier one was made by a clock that was ahead", async () => {
    const ahead = {...freshSync("m365"), started_at: "2026-11-23T11:45:00Z"};
    const failed = {...ahead, sync_id: "2", started_at: "2026-11-23T11:30:00Z", status: "failed", is_current: false};
    const marts = await reconcileRows(ordinaryWorld({syncs: [freshSync("psa"), ahead, failed]}));
    expect(pick(marts, "reconciliation", "count_state")).toEqual([{count_state: "stale"}]);
    expect(pick(marts, "integrations", "connection_id", "health")).toContainEqual({
      connection_id: "m365",
      health: "red",
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

describe("the health of a connection", () => {
  it("is told with its reason", async () => {
    const attempts: Record<string, readonly object[]> = {
      never: [],
      failed: [{status: "failed", is_current: false}],
      stopped: [{}, {sync_id: "2", status: "failed", started_at: "2026-11-23T11:30:00Z", is_current: false}],
      partial: [{status: "partial"}],
      old: [{fresh_at: "2026-11-22T11:59:59Z"}],
      aged: [{fresh_at: "2026-11-22T12:00:00Z"}],
    };
    const marts = await reconcileRows(
      ordinaryWorld({
        connections: [
          {connection_id: "psa", connector: "csv-psa", side: "psa"},
          ...Object.keys(attempts).map((id) => ({connection_id: id, connector: "csv-usage", side: "usage"})),
        ],
        syncs: [
          freshSync("psa"),
          ...Object.entries(attempts).flatMap(([id, own]) => own.map((given) => ({...freshSync(id), ...given}))),
        ],
      }),
    );
    const told = (marts.integrations ?? []).map((row) => [row.connection_id, row.health, row.health_reason]);
    expect(told.filter(([id]) => id !== "psa")).toEqual([
      ["aged", "green", "The last sync succeeded."],
      ["failed", "red", "The last sync failed and there is no earlier data."],
      ["never", "yellow", "Never synced."],
      ["old", "yellow", "The data is older than 24 hours."],
      ["partial", "yellow", "The last sync could not read everything."],
      ["stopped", "red", "The last sync failed; the last good data is in use."],
    ]);
  });
});

describe("a client that is linked to a connection of which nothing was ever delivered", () => {
  const failed = {...freshSync("rmm"), status: "failed", fresh_at: null, is_current: false, error: "401"};
  const given: World = {
    ...withRmm,
    syncs: [freshSync("psa"), freshSync("m365"), failed],
    clients: ["acme", "other"].map((client_id) => ({client_id, client_name: client_id})),
    mappingClients: [
      link("tenant", "acme"),
      link("site-1", "acme", {connection_id: "rmm"}),
      link("site-2", "other", {connection_id: "rmm"}),
    ],
  };

  it("is no healthier than that connection, and listed", async () => {
    const marts = await reconcileRows(ordinaryWorld(given));
    expect(pick(marts, "clients", "client_id", "integration_ids", "worst_health")).toEqual([
      {client_id: "acme", integration_ids: "m365;rmm", worst_health: "red"},
      {client_id: "other", integration_ids: "rmm", worst_health: "red"},
    ]);
  });

  it("has an unknown number of seats there, which is not none", async () => {
    const world = ordinaryWorld({...given, seats: [...seats(2), ...seats(1, {seat_id: "gone", status: "deleted"})]});
    const marts = await reconcileAll(world);
    const numbers = ["accounts_linked", "seats_total", "seats_deleted", "seats_counted", "health"];
    expect(pick(marts, "client_integrations", "client_id", "connection_id", ...numbers)).toEqual([
      {
        ...{client_id: "acme", connection_id: "m365", accounts_linked: "1", seats_total: "3", seats_deleted: "1"},
        ...{seats_counted: "2", health: "green"},
      },
      ...["acme", "other"].map((client_id) => ({
        ...{client_id, connection_id: "rmm", accounts_linked: null, seats_total: null, seats_deleted: null},
        ...{seats_counted: null, health: "red"},
      })),
    ]);
  });

  it("is not linked any more to an account that a connection does not deliver", async () => {
    const marts = await reconcileRows(ordinaryWorld({...given, syncs: undefined}));
    expect(pick(marts, "clients", "client_id", "integration_ids", "worst_health")).toEqual([
      {client_id: "acme", integration_ids: "m365", worst_health: "green"},
    ]);
  });
});
