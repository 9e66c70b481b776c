import {describe, expect, it} from "vitest";
import {reconcileAll, reconcileRows, type World} from "./harness.js";
import {link, ordinaryWorld, pick, rule, seats} from "./ordinary.js";

describe("a seat's disposition", () => {
  async function dispositions(given: World) {
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

  it("is left out of what is counted and of what is unused where an exclusion names it, and others like it are not", async () => {
    const unused = {created_at: "2026-01-01T00:00:00Z"};
    const person = {account_id: "tenant", product_id: "p1", kind: "user", ...unused};
    const given = ["ann", "bob", "cy", "dan"].map((id) => ({...person, seat_id: id, identifier: `${id}@acme.test`}));
    const marts = await reconcileRows(
      ordinaryWorld({
        connections: [
          {connection_id: "psa", connector: "csv-psa", side: "psa"},
          {connection_id: "m365", connector: "csv-usage", side: "usage", reports_activity: true},
        ],
        seats: [
          ...given,
          {...person, seat_id: "pc", kind: "device"},
          {...person, seat_id: "off", status: "disabled"},
          {...person, seat_id: "used", last_activity_at: "2026-11-22T00:00:00Z"},
        ],
        mappingExclusions: ["ann", "bob", "pc", "off", "used"].map((seat_id) => ({
          ...{connection_id: "m365", seat_id, reason: "internal"},
        })),
        mappingServices: [rule("r1"), rule("r2", {service_id: "people", count: "identities"})],
        services: ["mail", "people"].map((id) => ({service_id: id, service_name: id})),
      }),
    );
    expect(pick(marts, "reconciliation", "service_id", "system_count")).toEqual(
      ["mail", "people"].map((service_id) => expect.objectContaining({service_id, system_count: "2.0000"})),
    );
    expect(pick(marts, "clients", "seat_count", "inactive_count")).toEqual([{seat_count: "2", inactive_count: "2"}]);
    expect(pick(marts, "inactive_seats", "seat_id")).toEqual([{seat_id: "cy"}, {seat_id: "dan"}]);
  });

  it("is told with its reason", async () => {
    const products = ["p1", "trial", "none", "left"].map((id) => ({
      product_id: id,
      product_name: id,
      is_trial: id === "trial",
    }));
    const seat = (seat_id: string, given = {}) => ({...seats(1)[0], seat_id, ...given});
    const marts = await reconcileRows(
      ordinaryWorld({
        products,
        seats: [
          seat("deleted", {status: "deleted"}),
          seat("account", {account_id: "own"}),
          seat("trial", {product_id: "trial"}),
          seat("left", {product_id: "left"}),
          seat("named"),
          seat("unlinked", {account_id: "new"}),
          seat("counted"),
          seat("kind", {kind: "device"}),
          seat("status", {status: "disabled"}),
          seat("none", {product_id: "none"}),
        ],
        mappingClients: [
          link("tenant", "acme"),
          {...link("own", "acme"), client_id: null, status: "excluded", note: "ours"},
        ],
        mappingExclusions: [
          {connection_id: "m365", product_id: "left", reason: "not resold"},
          {connection_id: "m365", seat_id: "named", reason: "internal"},
        ],
        mappingServices: [rule("r2", {kinds: "user", product_ids: "p1;trial;left"}), rule("r3", {kinds: "user"})],
      }),
    );
    const told = (marts.seats ?? []).map((row) => [row.seat_id, `${row.disposition}: ${row.disposition_reason}`]);
    expect(Object.fromEntries(told)).toEqual({
      deleted: "deleted: deleted at the vendor",
      account: "excluded: account excluded: ours",
      trial: "excluded: trial or free product",
      left: "excluded: not resold",
      named: "excluded: internal",
      unlinked: "unlinked: the account is not linked to a client",
      counted: "counted: rule r2",
      kind: "filtered: rule r2 does not count this kind of seat",
      status: "filtered: rule r2 does not count disabled seats",
      none: "unaccounted: no rule covers this product",
    });
  });

  it("is told with its account's reason where an exclusion names a seat that is left out anyway", async () => {
    const marts = await reconcileAll(
      ordinaryWorld({
        used: 2,
        mappingClients: [{...link("tenant", "acme"), client_id: null, status: "excluded", note: "ours"}],
        mappingExclusions: [{connection_id: "m365", seat_id: "p1-1", reason: "internal"}],
      }),
    );
    const reason = {disposition_reason: "account excluded: ours"};
    expect(pick(marts, "seats", "disposition_reason")).toEqual([reason, reason]);
    expect(pick(marts, "seat_groups", "disposition_reason", "seat_count")).toEqual([{...reason, seat_count: "2"}]);
  });

  it("is deleted whatever statuses a rule accepts, and counted by none", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        seats: [...seats(2), ...seats(1, {seat_id: "gone", status: "deleted"})],
        mappingServices: [rule("r1", {statuses: "active;deleted"})],
      }),
    );
    expect(pick(marts, "reconciliation", "system_count")).toEqual([{system_count: "2.0000"}]);
    expect(pick(marts, "seats", "seat_id", "disposition", "rule_id")).toContainEqual({
      ...{seat_id: "gone", disposition: "deleted", rule_id: null},
    });
  });

  it("is unlinked without a confirmed client, whatever was suggested", async () => {
    expect(
      await dispositions({
        mappingClients: [link("tenant", "acme", {status: "suggested"})],
      }),
    ).toEqual(["unlinked"]);
  });
});
