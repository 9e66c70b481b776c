import {describe, expect, it} from "vitest";
import {digestAsMarkdown} from "../../loaders/exports/describeDigest.js";
import {type Digest, type DigestChange, makeDigest} from "../../loaders/exports/digest.js";
import {type Marts, reconcileAll, type World} from "../models/harness.js";
import {type Given, ordinaryWorld} from "../models/ordinary.js";

const asOf = (day: string) => ({settings: {as_of: `${day}T23:59:59Z`, as_of_date: day}});

/** The digest of the marts of a world, with what was closed before. */
async function digestOf(day: string, given: Given, closed: World["closed"] = {}, top = 5) {
  let digest: Digest | undefined;
  const world = ordinaryWorld({...asOf(day), ...given, closed});
  const marts: Marts = await reconcileAll(world, async (database, models) => {
    const names = models.filter(({layer}) => layer === "marts").map(({name}) => name);
    digest = await makeDigest(
      {database, names, period: day.slice(0, 7), asOfDate: day, closedFolder: null, confirm: () => Promise.resolve()},
      {workspace: "Test", currency: "USD", top, since: undefined},
    );
  });
  const changes = digest?.changes.map(({change, currency, previous_impact_monthly, impact_monthly}) =>
    [change, currency, previous_impact_monthly, impact_monthly].join(" "),
  );
  return {marts, since: digest?.since, changes, digest: digest as unknown as Digest};
}

describe("what changed since the last closed month", () => {
  it("is what the history says", async () => {
    const september = await digestOf("2026-09-30", {used: 23});
    const october = await digestOf("2026-10-31", {used: 24}, {"2026-09": september.marts});
    expect(september).toMatchObject({since: null, changes: []});
    expect(october).toMatchObject({since: "2026-09", changes: ["changed USD 36.00 48.00"]});
    const same = await digestOf("2026-10-31", {used: 23}, {"2026-09": september.marts});
    expect(same).toMatchObject({since: "2026-09", changes: []});
  });

  it("is that of the figures at hand where they are worked out anew after their month was closed", async () => {
    const september = await digestOf("2026-09-30", {used: 23});
    const october = await digestOf("2026-10-31", {used: 24}, {"2026-09": september.marts});
    const closed = {"2026-09": september.marts, "2026-10": october.marts};
    const again = await digestOf("2026-10-31", {used: 26}, closed);
    expect(again).toMatchObject({since: "2026-09", changes: ["changed USD 36.00 72.00"]});
  });
});

describe("the largest on the work list", () => {
  it("are those of each currency by itself, as amounts of two cannot be compared", async () => {
    const [clients, currencies] = [
      ["acme", "bolt", "cord", "dell"],
      ["USD", "USD", "USD", "JPY"],
    ];
    const {digest} = await digestOf(
      "2026-10-31",
      {
        clients: clients.map((client_id) => ({client_id, client_name: client_id})),
        agreements: clients.map((client_id, index) => ({
          ...{agreement_id: `a-${client_id}`, client_id, start_date: "2026-01-01", currency: currencies[index]},
        })),
        agreement_lines: clients.map((client_id, index) => ({
          ...{agreement_line_id: `l-${client_id}`, agreement_id: `a-${client_id}`, service_id: "mail"},
          ...{quantity: 2, unit_price: index === 3 ? "1500" : String(10 + index)},
        })),
        accounts: clients.map((account_id) => ({account_id, account_name: account_id})),
        seats: clients.flatMap((account_id) =>
          [1, 2, 3].map((seat) => ({account_id, product_id: "p1", seat_id: `${account_id}-${seat}`, kind: "user"})),
        ),
        mappingClients: clients.map((id) => ({
          ...{connection_id: "m365", account_id: id, client_id: id, status: "confirmed"},
        })),
      },
      {},
      2,
    );
    expect(
      digest.top.map(({client_name, impact_monthly, currency}) => [client_name, impact_monthly, currency]),
    ).toEqual([
      ["cord", "12.00", "USD"],
      ["bolt", "11.00", "USD"],
      ["dell", "1500.00", "JPY"],
    ]);
    expect(digestAsMarkdown(digest)).toContain(
      "\n\n2 of 3 open discrepancies in USD.\n\n1 of 1 open discrepancy in JPY.\n\n",
    );
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
    const compared = {...quiet, currencies: [{currency: "USD", clients_reconciled: "1", open_count: "0"}]};
    expect(digestAsMarkdown(compared)).toContain(
      "\n\nOf what could be compared, nothing is open.\n\n## Changes since 2026-09\n\nNothing changed.\n",
    );
    expect(digestAsMarkdown({...quiet, open_count: 2})).toContain("\n\n0 of 2 open discrepancies.\n\n");
    expect(digestAsMarkdown({...quiet, since: null})).toContain("## Changes\n\nNothing earlier is known:");
  });

  it("says of a side that nothing with a price makes up that it is unknown, as the pages do, and so where nothing was compared", () => {
    const sums = {underbilled_monthly: "0.00", overbilled_monthly: "0.00", net_monthly: "0.00"};
    const row = {
      ...{...sums, currency: "USD", coverage_amount: null, clients_reconciled: "0", clients_discrepant: "2"},
      ...{discrepancy_count: "2", unpriced_under: "1", unpriced_over: "0"},
      ...{open_count: "1", open_underbilled_monthly: "0.00", open_overbilled_monthly: "0.00"},
      ...{open_unpriced_under: "0", open_unpriced_over: "0"},
      ...{decided_count: "1", decided_underbilled_monthly: "0.00", decided_overbilled_monthly: "0.00"},
      ...{decided_unpriced_under: "1", decided_unpriced_over: "0"},
    };
    const told = digestAsMarkdown({...quiet, currencies: [row]});
    expect(told).toContain("USD: underbilled unknown, overbilled $0.00, net unknown.\n");
    const headline = (unpriced_count: string) => digestAsMarkdown({...quiet, currencies: [{...row, unpriced_count}]});
    expect(headline("1")).toContain("net unknown, without 1 discrepancy that has no price.\n");
    expect(headline("2")).toContain("net unknown, without 2 discrepancies that have no price.\n");
    expect(told).toContain("| USD found | 2 | unknown | $0.00 |");
    expect(told).toContain("| USD open | 1 | $0.00 | $0.00 |");
    expect(told).toContain("| USD decided | 1 | unknown | $0.00 |");
    const uncompared = digestAsMarkdown({...quiet, currencies: [{...row, clients_discrepant: "0", open_count: "0"}]});
    expect(uncompared).toContain("USD: nothing was compared, so what is under- or overbilled is unknown.\n");
    expect(uncompared).toContain("| USD open | 0 | unknown | unknown |");
    expect(uncompared).toContain("\n\nNothing was compared, so nothing is known to be open.\n");
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

  it("shows the first twenty of each currency, as amounts of two cannot be compared", () => {
    const dollars = Array.from({length: 21}, (_, index) => change("new", null, "1500.00", index));
    const euro = {...change("new", null, "3.00", 21), currency: "EUR"};
    const changes = [...dollars, euro];
    expect(digestAsMarkdown({...quiet, changes})).toContain("22 changed, the first 20 of them in each currency below.");
    expect(rowsOf(changes).map(([, client]) => client)).toEqual(
      [...dollars.slice(0, 20), euro].map((row) => row.client_name),
    );
  });
});
