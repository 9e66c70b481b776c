import {describe, expect, it} from "vitest";
import {type Digest, makeDigest} from "../../loaders/exports/digest.js";
import {type Marts, reconcileRows, type World} from "../models/harness.js";
import {type Given, ordinaryWorld} from "../models/ordinary.js";

const asOf = (day: string) => ({settings: {as_of: `${day}T23:59:59Z`, as_of_date: day}});

/** The digest of the marts of a world, with what was closed before. */
async function digestOf(day: string, given: Given, closed: World["closed"] = {}) {
  let digest: Digest | undefined;
  const world = ordinaryWorld({...asOf(day), ...given, closed});
  const marts: Marts = await reconcileRows(world, async (database, models) => {
    const names = models.filter(({layer}) => layer === "marts").map(({name}) => name);
    digest = await makeDigest(
      {database, names, period: day.slice(0, 7), asOfDate: day},
      {workspace: "Test", top: 5, since: undefined},
    );
  });
  const changes = digest?.changes.map(({change, currency, previous_impact_monthly, impact_monthly}) =>
    [change, currency, previous_impact_monthly, impact_monthly].join(" "),
  );
  return {marts, since: digest?.since, changes};
}

describe("what changed since the last closed month", () => {
  it("is what the history says", async () => {
    const september = await digestOf("2026-09-30", {used: 23});
    const october = await digestOf("2026-10-31", {used: 24}, {"2026-09": september.marts});
    expect(september).toMatchObject({since: null, changes: []});
    expect(october).toMatchObject({since: "2026-09", changes: ["changed USD 36.00 48.00"]});
  });

  it("is that of the figures at hand where they are worked out anew after their month was closed", async () => {
    const september = await digestOf("2026-09-30", {used: 23});
    const october = await digestOf("2026-10-31", {used: 24}, {"2026-09": september.marts});
    const closed = {"2026-09": september.marts, "2026-10": october.marts};
    const again = await digestOf("2026-10-31", {used: 26}, closed);
    expect(again).toMatchObject({since: "2026-09", changes: ["changed USD 36.00 72.00"]});
  });
});
