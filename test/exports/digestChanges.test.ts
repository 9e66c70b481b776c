import {describe, expect, it} from "vitest";
import {digestAsMarkdown} from "../../loaders/exports/describeDigest.js";
import {type Digest, type DigestChange, makeDigest} from "../../loaders/exports/digest.js";
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
      {database, names, period: day.slice(0, 7), asOfDate: day, isClosed: false},
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

describe("a report", () => {
  const quiet: Digest = {
    ...{workspace: "Test", as_of: "2026-10-31", period: "2026-10", currencies: [], top: [], open_count: 0},
    ...{since: "2026-09", changes: [], sync_problems: [], quarantines: [], discrepancies: []},
  };
  const change = (kind: string, before: string | null, now: string | null, index = 0): DigestChange => ({
    ...{change: kind, reconciliation_id: `${index}`, client_name: `C${index}`, service_name: "EDR", currency: "USD"},
    ...{delta_quantity: now === null ? null : "1.0000", impact_monthly: now, previous_impact_monthly: before},
  });
  const rowsOf = (changes: readonly DigestChange[]) =>
    digestAsMarkdown({...quiet, changes})
      .split("\n")
      .filter((line) => line.includes("EDR"))
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );

  it("says that nothing is open, and that nothing changed or nobody can say", () => {
    expect(digestAsMarkdown(quiet)).toContain("\n\nNothing is open.\n\n## Changes since 2026-09\n\nNothing changed.\n");
    expect(digestAsMarkdown({...quiet, open_count: 2})).toContain("\n\n0 of 2 open discrepancies.\n\n");
    expect(digestAsMarkdown({...quiet, since: null})).toContain("## Changes\n\nNothing earlier is known:");
  });

  it("shows of each change what it was and what it is, and neither where there was or is nothing", () => {
    expect(
      rowsOf([change("new", null, "12.00"), change("turned", "-5.00", "12.00"), change("resolved", "7.00", null)]),
    ).toEqual([
      ["new", "C0", "EDR", "", "+$12.00"],
      ["turned", "C0", "EDR", "−$5.00", "+$12.00"],
      ["resolved", "C0", "EDR", "+$7.00", ""],
    ]);
  });

  it("shows the first twenty of many changes, and says how many there are", () => {
    const changes = Array.from({length: 21}, (_, index) => change("new", null, "1.00", index));
    expect(digestAsMarkdown({...quiet, changes})).toContain("21 changed, the first 20 of them below.");
    expect(rowsOf(changes).map(([, client]) => client)).toEqual(changes.slice(0, 20).map((row) => row.client_name));
    expect(digestAsMarkdown({...quiet, changes: changes.slice(1)})).toContain("20 changed.");
  });
});
