import {expect, it} from "vitest";
import {describeCaveats} from "../../../loaders/marts/caveats.js";
import {reconcile} from "../../../loaders/marts/reconcile.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";
import {sampleMarts} from "../../exports/sampleMarts.js";

type Given = Partial<Parameters<typeof describeCaveats>[0]>;

const at = {asOf: new Date("2026-11-23T23:59:59.999Z"), now: new Date("2026-11-24T08:00:00Z")};
const caveats = (given: Given, moments: Partial<typeof at> = {}) =>
  describeCaveats(
    {integrations: [], problems: [], liveLines: 1, contradicted: [], undated: [], ...given},
    {...at, ...moments},
  );

function connection(connection_id: string, last_success_at: string | null): Record<string, unknown> {
  const kind = connection_id === "psa" ? "psa" : "usage";
  return {connection_id, kind, health: "green", last_success_at, rows_quarantined: "0"};
}

function problem(missing_id: string, given: Record<string, unknown> = {}): Record<string, unknown> {
  const place = {connection_id: "rmm", table_name: "seats", column_name: "account_id"};
  return {problem: "unlisted", ...place, missing_id, row_count: "1", similar_id: null, ...given};
}

it("names one id that leads nowhere with its rows, and the one that seems meant", () => {
  expect(caveats({problems: [problem("Tenant ", {row_count: "3", similar_id: "tenant"})]})).toEqual([
    'seats.account_id "Tenant " of rmm leads nowhere: 3 rows are kept under it. Is "tenant" meant?',
  ]);
});

it.each([
  ["1", "1 line of an agreement with another client, who seems to be billed nothing for it."],
  ["3", "3 lines of an agreement with another client, who seems to be billed nothing for them."],
])("says of an invoice with %s whom its lines are not billed to", (row_count, what) => {
  const place = {connection_id: "psa", table_name: "invoice_lines", column_name: "agreement_line_id", row_count};
  expect(caveats({problems: [problem("I-1", {...place, problem: "other_client"})]})).toEqual([
    `invoices "I-1" of psa bills ${what}`,
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
    `5 ids lead nowhere, bill no day or bill another client:
  agreement_lines.agreement_id "A-9" of psa leads nowhere: 1 row is in no figure.
  invoices "I-1" of psa bills no day: its period ends before it has begun.
  seats.account_id "b" of rmm leads nowhere: 40 rows are kept under it.
  And 2 more, in the mart data_problems.`,
  ]);
  expect(caveats({problems: problems.slice(0, 2)})).toEqual([
    `2 ids lead nowhere, bill no day or bill another client:
  seats.account_id "b" of rmm leads nowhere: 40 rows are kept under it.
  seats.account_id "a" of rmm leads nowhere: 2 rows are kept under it.`,
  ]);
});

it("shows an id as it is written, but nothing in it steers the terminal or goes on for ever", () => {
  const [sentence = ""] = caveats({problems: [problem(`a\u001b[2J\n\u202e${"x".repeat(100)}`)]});
  expect(sentence).toMatch(/^seats\.account_id "a \[2J\\n x{52}…" of rmm/);
});

it("says that an agreed quantity does the opposite of its decision", () => {
  const row = {client_id: "C1", subject: "S-EDR", decision: "credit"};
  const contradicted = [
    {...row, agreed_quantity: "12.0000", invoiced_quantity: "9.0000"},
    {...row, decision: "bill", agreed_quantity: "8.5000", invoiced_quantity: "9.0000"},
    {...row, subject: "S-OFF", agreed_quantity: "8.0000", invoiced_quantity: "9.0000"},
  ];
  expect(caveats({contradicted})).toEqual([
    'mappings/decisions.csv would credit "S-EDR" of "C1" by changing it to 12, more than the 9 that are billed.',
    'mappings/decisions.csv would bill "S-EDR" of "C1" by changing it to 8.5, less than the 9 that are billed.',
    'mappings/decisions.csv would credit "S-OFF" of "C1" by changing it to 8, less than the 9 that are billed.',
  ]);
});

it("finds such decisions among those that hold, worked out anew or not", async () => {
  const {directory, remove} = await sampleMarts(
    "C1002,S-EDR,credit,12,,,-5,-32.50,mistyped,Ron",
    "C1015,S-EDR,bill,22,,,12,78.00,as expected,Ron",
    "C1000,S-RMM,bill,2,,,3,36.00,about other figures,Ron",
    "C1055,S-RMM,bill,9.9999,,,7,84.00,mistyped,Ron",
    "C1047,S-RMM,bill,11,,,5,60.00,as billed,Ron",
  );
  const [kept, anew] = [
    await reconcile(await readWorkspace(directory)),
    await reconcile(await readWorkspace(directory), {force: true}),
  ];
  await remove();
  const expected = [
    {
      ...{client_id: "C1002", subject: "S-EDR", decision: "credit"},
      ...{agreed_quantity: "12.0000", invoiced_quantity: "9.0000"},
    },
    {
      ...{client_id: "C1055", subject: "S-RMM", decision: "bill"},
      ...{agreed_quantity: "9.9999", invoiced_quantity: "10.0000"},
    },
  ];
  expect([kept.contradicted, anew.contradicted]).toEqual([expected, expected]);
});

it("says that a decision without a time is due again every month", () => {
  const undated = [{client_id: "C1", subject: "S-EDR", decision: "credit"}];
  expect(caveats({undated})).toEqual([
    'mappings/decisions.csv would credit "S-EDR" of "C1" in every month anew: it names neither period nor decided_at.',
  ]);
});

it("finds those with an amount or for a longer period, worked out anew or not", async () => {
  const {directory, remove} = await sampleMarts(
    "C1002,S-EDR,credit,,25.00,USD,-5,-32.50,goodwill,Ron",
    "C1015,S-EDR,bill,,,,12,78.00,paid yearly,Ron",
    "C1007,S-EDR,bill,,,,6,39.00,paid monthly,Ron",
  );
  const [kept, anew] = [
    await reconcile(await readWorkspace(directory)),
    await reconcile(await readWorkspace(directory), {force: true}),
  ];
  await remove();
  const expected = [
    {client_id: "C1002", subject: "S-EDR", decision: "credit"},
    {client_id: "C1015", subject: "S-EDR", decision: "bill"},
  ];
  expect([kept.undated, anew.undated]).toEqual([expected, expected]);
});

it("says that nothing is billed on the day of the figures", () => {
  expect(caveats({liveLines: 0}, {asOf: new Date("2020-01-01T23:59:59.999Z")})).toEqual([
    "nothing is billed on 1 Jan 2020: no line of an agreement or invoice is live on that day.",
  ]);
});

it("says that what is used is of a much later day, but not of a month that is reconciled after its end", () => {
  const integrations = [
    connection("psa", "2026-11-23 02:00:00+00"),
    connection("m365", "2026-11-23 02:00:00+00"),
    connection("rmm", "2026-11-22 02:00:00+00"),
    connection("edr", null),
  ];
  const asOf = (day: string) => caveats({integrations}, {asOf: new Date(`${day}T23:59:59.999Z`)});
  expect(asOf("2026-10-31")).toEqual([]);
  expect(asOf("2026-10-22")).toEqual([
    "the data of m365 is up to 32 days newer than 22 Oct 2026, the day of the figures: it is not what was used then.",
  ]);
  expect(asOf("2026-08-31")).toEqual([
    "the data of m365 and rmm is up to 84 days newer than 31 Aug 2026, the day of the figures: it is not what was used then.",
  ]);
});

it("says that data claims to be of a time to come", () => {
  const integrations = [connection("psa", "2026-11-24 07:00:00+00"), connection("m365", "2027-11-23 02:00:00+00")];
  expect(caveats({integrations})).toEqual([
    "m365 claims to be of a time to come, 23 Nov 2027: see its exported_at in workspace.yaml.",
  ]);
});

it("says of each connection that is not green why, how old its data is, and with what its last sync failed", () => {
  const odd = (id: string, health: string, last_success_at: string | null, last_error: string | null = null) => ({
    ...connection(id, last_success_at),
    ...{health, health_reason: `It is ${health}.`, last_error},
  });
  const integrations = [
    odd("m365", "red", "2026-11-20 02:00:00+00", "401\u001b[2J\nsee\u202e the guide"),
    odd("duo", "red", null, "x".repeat(400)),
    odd("rmm", "yellow", "2026-11-19 02:00:00+00"),
    odd("backup", "yellow", "2026-11-23 02:00:00+00", "Acme: It answers 403."),
    {...odd("edr", "green", "2026-11-23 02:00:00+00"), rows_quarantined: "2"},
  ];
  expect(caveats({integrations})).toEqual([
    "m365 is red: It is red. Its data is of 20 Nov 2026. 401 [2J see the guide",
    `duo is red: It is red. ${"x".repeat(299)}…`,
    "rmm is yellow: It is yellow. Its data is of 19 Nov 2026.",
    "backup is yellow: It is yellow. Its data is of 23 Nov 2026. Acme: It answers 403.",
    "2 rows of edr were quarantined and are in no figure.",
  ]);
});

it("takes the day of the figures for the present where that is later", () => {
  const integrations = [connection("psa", "2026-11-23 02:00:00+00"), connection("m365", "2026-11-23 02:00:00+00")];
  expect(caveats({integrations}, {now: new Date("2026-01-01T00:00:00Z")})).toEqual([]);
});
