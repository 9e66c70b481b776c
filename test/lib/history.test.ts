import {describe, expect, it} from "vitest";
import {foundBy, ordinal, readFound, readSubjects, totalsOf} from "../../src/lib/history.js";
import {rowsOf} from "../../src/lib/rows.js";
import {data} from "../components/historyData.js";
import {stateOf} from "../components/stateOf.js";

describe("the months of a history", () => {
  const subjects = readSubjects(data);
  const months = rowsOf<Parameters<typeof totalsOf>[0][number]>(data.months);

  it("add under- and overbilled apart, to the cent, and say what is open", () => {
    expect(totalsOf(months, readFound(data), (month) => month.coverage_amount)).toEqual([
      {
        period: "2026-10",
        isClosed: true,
        count: 2,
        underbilled: "24.10",
        overbilled: "30.00",
        net: "-5.90",
        coverage: "0.950000",
      },
      {
        period: "2026-11",
        isClosed: false,
        count: 2,
        underbilled: "36.20",
        overbilled: "0.00",
        net: "36.20",
        coverage: "0.990000",
      },
    ]);
  });

  it.each([
    ["1", {}, [null, "0.00", null]],
    ["-1", {}, ["0.00", null, null]],
    ["-1", {impact_monthly: "12.00"}, ["12.00", null, "12.00"]],
    ["1", {impact_monthly: "12.00"}, ["12.00", "0.00", "12.00"]],
  ])("show no 0 where only what has no price makes a sum up: %s, %o", (unpriced, priced, sums) => {
    const row = {subject: "0", period: "2026-11", discrepancy_type: "estimated", impact_monthly: null, unpriced};
    const found = "impact_monthly" in priced ? [row, {...row, ...priced, unpriced: null}] : [row];
    const [, month] = totalsOf(months, found, () => null);
    expect([month?.underbilled, month?.overbilled, month?.net]).toEqual(sums);
  });

  it.each([
    ["0", "0", null],
    ["1", "0", "0.00"],
    ["0", "1", "0.00"],
  ])("show no 0 where nothing was compared: %s reconciled, %s discrepant", (reconciled, discrepant, sum) => {
    const counts = {clients_reconciled: reconciled, clients_discrepant: discrepant};
    const [found] = totalsOf([{...(months[1] as (typeof months)[number]), ...counts}], [], () => null);
    expect(found).toMatchObject({count: 0, underbilled: sum, overbilled: sum, net: sum});
  });

  it.each([
    [{integration: "edr"}, ["acme"]],
    [{integration: "backup,rmm"}, ["acme", "bolt"]],
    [{service: "service:BK"}, ["bolt"]],
    [{search: "bol"}, ["bolt"]],
    [{client: "acme"}, ["acme"]],
    [{client: "bolt", type: "unmapped,calculated"}, ["bolt"]],
    [{type: "unmapped"}, []],
    [{client: "acme", service: "service:BK"}, []],
  ] as const)("are filtered by %j", (filter, expected) => {
    const october = foundBy(stateOf(filter), "USD", readFound(data), subjects).filter(
      ({period}) => period === "2026-10",
    );
    expect(october.map(({subject}) => subjects[Number(subject)]?.client_id)).toEqual(expected);
  });
});

it("counts months in a row as people say it", () => {
  expect(["1", "3", "11", "12", "13", "21", "22", "23", "24", "111"].map(ordinal)).toEqual([
    "first",
    "third",
    "11th",
    "12th",
    "13th",
    "21st",
    "22nd",
    "23rd",
    "24th",
    "111th",
  ]);
});
