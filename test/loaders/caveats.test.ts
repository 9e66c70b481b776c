import {expect, it} from "vitest";
import {describeCaveats} from "../../loaders/caveats.js";

type Given = Partial<Parameters<typeof describeCaveats>[0]>;

const caveats = (given: Given) => describeCaveats({integrations: [], problems: [], ...given});

function problem(missing_id: string, given: Record<string, unknown> = {}): Record<string, unknown> {
  const place = {connection_id: "rmm", table_name: "seats", column_name: "account_id"};
  return {problem: "unlisted", ...place, missing_id, row_count: "1", similar_id: null, ...given};
}

it("names one id that leads nowhere with its rows, and the one that seems meant", () => {
  expect(caveats({problems: [problem("Tenant ", {row_count: "3", similar_id: "tenant"})]})).toEqual([
    'seats.account_id "Tenant " of rmm leads nowhere: 3 rows are kept under it. Is "tenant" meant?',
  ]);
});

it("names the first of several ids, those whose rows are in no figure before the others", () => {
  const invoices = {connection_id: "psa", table_name: "invoices"};
  const problems = [
    problem("a", {row_count: "2"}),
    problem("b", {row_count: "40"}),
    problem("c"),
    problem("I-1", {...invoices, problem: "empty_period", column_name: "period_end"}),
    problem("A-9", {
      problem: "unplaced",
      connection_id: "psa",
      table_name: "agreement_lines",
      column_name: "agreement_id",
    }),
  ];
  expect(caveats({problems})).toEqual([
    `5 ids lead nowhere or bill no day:
  agreement_lines.agreement_id "A-9" of psa leads nowhere: 1 row is in no figure.
  invoices "I-1" of psa bills no day: its period ends before it has begun.
  seats.account_id "b" of rmm leads nowhere: 40 rows are kept under it.
  And 2 more, in the mart data_problems.`,
  ]);
});

it("shows an id as it is written, but nothing in it steers the terminal or goes on for ever", () => {
  const [sentence = ""] = caveats({problems: [problem(`a\u001b[2J\n\u202e${"x".repeat(100)}`)]});
  expect(sentence).toMatch(/^seats\.account_id "a \[2J\\n x{52}…" of rmm/);
});
