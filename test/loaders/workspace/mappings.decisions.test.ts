import {expect, it} from "vitest";
import {decisions, problemsIn} from "./mappingFolder.js";

it.each([
  [decisions("C1,S1,,,,2026-12-31,bill,24,12.80,USD,4,48.00,agreed,Dana,Sam,2026-11-20T09:00:00Z")],
  [decisions("C1,S1,,,,2026-11-20,accept,,,,4,0.00,free until tonight,,,2026-11-20T09:00:00Z")],
  [decisions("C1,S1,,,,,credit,2,25.00,USD,-5,-32.50,goodwill,,,")],
  [decisions("C1,S1,,,,,credit,24,,,4,-20.00,a discount for each,,,")],
  [decisions("C1,S1,,,2026-10,,bill,,,,4,,ok,,,", "C1,S1,,,2026-11,,dispute,,,,4,,ok,,,2026-11-02")],
  [decisions("C1,S1,,,,2026-11-22,bill,,,,4,,ok,,,", "C1,S1,,,,,bill,,,,5,,ok,,,")],
  [decisions("C1,S1,,,2026-11,,bill,,,,4,,ok,,,", "C1,S1,,,,,bill,,,,4,,ok,,,2026-12-01")],
  [decisions("C1,S1,,,,,bill,,,,4,,ok,,,2026-11-26T23:30:00-05:00", "C1,S1,,,,2026-11-26,bill,,,,4,,ok,,,")],
  [decisions("C1,,rmm,P1,,,ignore,,,,5,,ours,,,", "C1,S2,,,,,,,,,,,,Dana,,")],
])("finds nothing wrong in decisions that hold together", async (content) => {
  expect(await problemsIn("decisions", content)).toEqual([]);
});

it.each([
  [
    "a decision about a client that the PSA lacks",
    decisions("C9,S1,,,,,accept,,,,4,,ok,,,"),
    'mappings/decisions.csv:2 client_id "C9": The PSA has no such id. Correct it, or remove the row.',
  ],
  [
    "a decision about a service that the PSA lacks",
    decisions("C1,S9,,,,,accept,,,,4,,ok,,,"),
    'mappings/decisions.csv:2 service_id "S9": The PSA has no such id. Correct it, or remove the row.',
  ],
  [
    "a decision about a product that the connection lacks",
    decisions("C1,,rmm,P9,,,accept,,,,4,,ok,,,"),
    'mappings/decisions.csv:2 product_id "P9": rmm has no such id. Correct it, or remove the row.',
  ],
  [
    "a decision about a connection that the workspace lacks",
    decisions("C1,,mdm,P1,,,accept,,,,4,,ok,,,"),
    'mappings/decisions.csv:2 connection_id "mdm": The workspace has no such integration. Correct it, or remove the row.',
  ],
  [
    "a decision about nothing",
    decisions("C1,,,,,,accept,,,,4,,ok,,,"),
    "mappings/decisions.csv:2 service_id: names neither a service nor a product. A decision is about one of them.",
  ],
  [
    "a decision about a service and a product",
    decisions("C1,S1,rmm,P1,,,accept,,,,4,,ok,,,"),
    'mappings/decisions.csv:2 service_id "S1": names a service and a product. Leave connection_id and product_id blank, or service_id.',
  ],
  [
    "a product without its connection",
    decisions("C1,,,P1,,,accept,,,,4,,ok,,,"),
    "mappings/decisions.csv:2 connection_id: a product without its connection.",
  ],
  [
    "a connection without its product",
    decisions("C1,,rmm,,,,accept,,,,4,,ok,,,"),
    "mappings/decisions.csv:2 product_id: a connection without its product.",
  ],
  [
    "a period and a day",
    decisions("C1,S1,,,2026-11,2026-11-30,accept,,,,4,,ok,,,"),
    'mappings/decisions.csv:2 until "2026-11-30": stands beside the period 2026-11. Give one of them, or none where it holds for good.',
  ],
  [
    "a period that is no month",
    decisions("C1,S1,,,2026-13,,accept,,,,4,,ok,,,"),
    'mappings/decisions.csv:2 period "2026-13": expected a month as YYYY-MM.',
  ],
  [
    "a day that does not exist",
    decisions("C1,S1,,,,2026-02-30,accept,,,,4,,ok,,,"),
    'mappings/decisions.csv:2 until "2026-02-30": expected a real date as YYYY-MM-DD.',
  ],
  [
    "an unknown decision",
    decisions("C1,S1,,,,,refund,,,,4,,ok,,,"),
    'mappings/decisions.csv:2 decision "refund": expected one of bill, credit, accept, dispute, ignore.',
  ],
  [
    "neither a decision nor an owner",
    decisions("C1,S1,,,,,,,,,,,,,,"),
    "mappings/decisions.csv:2 decision: decides nothing and names no owner. Give either, or remove the row.",
  ],
  [
    "a decision without its reason",
    decisions("C1,S1,,,,,accept,,,,4,,,,,"),
    "mappings/decisions.csv:2 reason: a decision needs its reason.",
  ],
  [
    "a decision without the difference",
    decisions("C1,S1,,,,,accept,,,,,,ok,,,"),
    "mappings/decisions.csv:2 delta_quantity: is missing: the difference that was decided about. The decision ends when it changes.",
  ],
  [
    "a decision about no difference",
    decisions("C1,S1,,,,,accept,,,,0,,ok,,,"),
    'mappings/decisions.csv:2 delta_quantity "0": is no difference, so there is nothing to decide.',
  ],
  [
    "billing what is overbilled",
    decisions("C1,S1,,,,,bill,,,,-4,,ok,,,"),
    'mappings/decisions.csv:2 decision "bill": would bill more, but the service is overbilled. Use credit.',
  ],
  [
    "crediting what is underbilled",
    decisions("C1,S1,,,,,credit,,,,4,,ok,,,"),
    'mappings/decisions.csv:2 decision "credit": would credit, but the service is underbilled. Use bill.',
  ],
  [
    "billing more of a discount",
    decisions("C1,S1,,,,,bill,,,,4,-48.00,ok,,,"),
    'mappings/decisions.csv:2 decision "bill": would bill more, but the service is overbilled. Use credit.',
  ],
  [
    "crediting less of a discount",
    decisions("C1,S1,,,,,credit,,,,-4,48.00,ok,,,"),
    'mappings/decisions.csv:2 decision "credit": would credit, but the service is underbilled. Use bill.',
  ],
  [
    "crediting what is given free and not billed",
    decisions("C1,S1,,,,,credit,,,,4,0.00,ok,,,"),
    'mappings/decisions.csv:2 decision "credit": would credit, but the service is underbilled. Use bill.',
  ],
  [
    "a quantity where nothing is billed",
    decisions("C1,S1,,,,,ignore,3,,,4,,ok,,,"),
    'mappings/decisions.csv:2 quantity "3": only the decisions bill and credit have one. Leave it blank.',
  ],
  [
    "a negative amount",
    decisions("C1,S1,,,,,credit,,-5,USD,-4,,ok,,,"),
    'mappings/decisions.csv:2 amount "-5": expected a number with a dot, not negative.',
  ],
  [
    "an amount without its currency",
    decisions("C1,S1,,,,,bill,,5,,4,,ok,,,"),
    "mappings/decisions.csv:2 currency: the amount 5 needs its currency.",
  ],
  [
    "an end before the decision",
    decisions("C1,S1,,,,2026-11-19,accept,,,,4,,ok,,,2026-11-20"),
    'mappings/decisions.csv:2 until "2026-11-19": is before the day of the decision 2026-11-20.',
  ],
  [
    "a time without its offset",
    decisions("C1,S1,,,,,accept,,,,4,,ok,,,2026-11-20 09:00"),
    'mappings/decisions.csv:2 decided_at "2026-11-20 09:00": expected a day as YYYY-MM-DD, or a time with its offset such as 2026-11-23T09:00:00Z.',
  ],
  [
    "the same decision twice",
    decisions("C1,S1,,,2026-10,,accept,,,,4,,ok,,,", "C1,S1,,,2026-10,,ignore,,,,4,,ok,,,"),
    'mappings/decisions.csv:3 decision "ignore": line 2 decides about the same discrepancy for the same time. Keep one of the rows, or end the earlier one with a period or until.',
  ],
  [
    "two decisions that hold at once",
    decisions("C1,S1,,,2026-11,,accept,,,,4,,ok,,,", "C1,S1,,,,,ignore,,,,4,,ok,,,"),
    'mappings/decisions.csv:3 decision "ignore": line 2 decides about the same discrepancy for 2026-11-23. Keep one of the rows, or end the earlier one with a period or until.',
  ],
  [
    "two decisions that hold at once, the later made on the earlier one's last day",
    decisions("C1,S1,,,,2026-11-30,accept,,,,4,,ok,,,", "C1,S1,,,,,ignore,,,,4,,ok,,,2026-11-30"),
    'mappings/decisions.csv:3 decision "ignore": line 2 decides about the same discrepancy for 2026-11-23. Keep one of the rows, or end the earlier one with a period or until.',
  ],
])("says of %s where it stands and what to do", async (_, content, problem) => {
  expect(await problemsIn("decisions", content)).toEqual([problem]);
});
