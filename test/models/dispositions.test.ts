import {describe, expect, it} from "vitest";
import {reconcileRows, type World} from "./harness.js";
import {link, ordinaryWorld, pick} from "./ordinary.js";

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

  it("is unlinked without a confirmed client, whatever was suggested", async () => {
    expect(
      await dispositions({
        mappingClients: [link("tenant", "acme", {status: "suggested"})],
      }),
    ).toEqual(["unlinked"]);
  });
});
