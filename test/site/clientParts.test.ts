import {describe, expect, it} from "vitest";
import type {InputRow} from "../../loaders/marts/inputs.js";
import {clientParts, type Part} from "../../loaders/site/data/clientParts.js";
import type {ClientData, ServiceRow} from "../../src/lib/clientData.js";
import {whyUnknown} from "../../src/lib/whyUnknown.js";
import {reconcileAll, type World} from "../models/harness.js";
import {link, ordinaryWorld, rule, seats, withRmm} from "../models/ordinary.js";
import {givenMarts, shownOf} from "./givenMarts.js";

/** Why the use of each service of acme is not known, from the marts as a page gets them. */
async function reasonsIn(world: World): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  await reconcileAll(world, async (database) => {
    const connections = await database.rows(
      "select connection_id, kind, health, health_reason, last_success_at from integrations",
    );
    const data: Record<string, unknown> = {connections};
    for (const {name, sql, order} of clientParts) {
      data[name] = await database.rows(
        `select cast(columns(*) as varchar) from (${sql}) where client_id = 'acme' order by ${order}`,
      );
    }
    for (const row of data.rows as ServiceRow[]) {
      found[`${row.service_id} ${row.count_state}`] = whyUnknown(row, data as unknown as ClientData);
    }
  });
  return found;
}

it("says that a connection does not report what a rule counts only where it reports it of no client", async () => {
  const total = {connection_id: "rmm", account_id: "site", product_id: "p1", metric: "reported", quantity: 7};
  const world = ordinaryWorld({
    ...withRmm,
    clients: ["acme", "bolt"].map((client_id) => ({client_id, client_name: client_id})),
    accounts: [
      {account_id: "tenant", account_name: "Acme"},
      {account_id: "other", account_name: "Bolt"},
      {connection_id: "rmm", account_id: "site", account_name: "Acme"},
      {connection_id: "rmm", account_id: "elsewhere", account_name: "Bolt"},
    ],
    products: ["m365", "rmm"].map((connection_id) => ({connection_id, product_id: "p1", product_name: "P"})),
    seats: seats(3, {account_id: "other"}),
    counts: [{...total, account_id: "elsewhere"}],
    mappingClients: [
      link("tenant", "acme"),
      link("other", "bolt"),
      link("site", "acme", {connection_id: "rmm"}),
      link("elsewhere", "bolt", {connection_id: "rmm"}),
    ],
    mappingServices: [
      rule("r1"),
      rule("r2", {count: "identities"}),
      rule("r3", {connection_id: "rmm", count: "reported"}),
      rule("r4", {connection_id: "rmm"}),
      rule("r5", {connection_id: "rmm", count: "purchased"}),
    ],
  });
  expect(await reasonsIn(world)).toEqual({
    "mail partial": ["rmm does not report seats.", "rmm does not report purchased."],
  });
});

/** Some columns of a part of all clients, in its order. */
async function partOf(
  name: string,
  given: Readonly<Record<string, readonly InputRow[]>>,
  ...columns: readonly string[]
): Promise<string[]> {
  const part = clientParts.find((one) => one.name === name) as Part;
  const database = await givenMarts(given);
  try {
    return await shownOf(database, {...part, order: `client_id, ${part.order}`}, ...columns);
  } finally {
    database.close();
  }
}

describe("a part of a client's page", () => {
  it("has the currency of most services first, then of most discrepancies", async () => {
    const clients = [
      {currency: "EUR", service_count: 2, discrepancy_count: 3},
      {currency: "CAD", service_count: 2, discrepancy_count: 3},
      {currency: "AUD", service_count: 2, discrepancy_count: 1},
      {currency: "USD", service_count: 5, discrepancy_count: 0},
    ];
    expect(await partOf("currencies", {clients}, "currency")).toEqual(["USD", "CAD", "EUR", "AUD"]);
  });

  it("has discrepancies before what could not be compared and what agrees, the largest first", async () => {
    const row = (
      reconciliation_id: string,
      status: string,
      impact_monthly: string | null,
      service_name: string | null,
    ) => ({
      ...{reconciliation_id, status, impact_monthly, service_name},
    });
    const reconciliation = [
      row("r1", "reconciled", "0", "A"),
      row("r2", "not_reconciled", null, "A"),
      row("r3", "no_data", null, "A"),
      row("r9", "discrepancy", null, null),
      row("r5", "discrepancy", null, "A"),
      row("r8", "discrepancy", "5", "B"),
      row("r7", "discrepancy", "5", "B"),
      row("r6", "discrepancy", "-7", "C"),
    ];
    expect(await partOf("rows", {reconciliation}, "reconciliation_id")).toEqual([
      ...["r6", "r7", "r8", "r5", "r9", "r3", "r2", "r1"],
    ]);
  });

  it("names the account and the product of each count by the ids of its own connection", async () => {
    const ids = ["m365", "rmm"].map((connection_id) => ({connection_id, account_id: "x", product_id: "p"}));
    const sources = [
      {connection_id: "edr", account_id: "x", product_id: "p"},
      ...ids.toReversed(),
      {...ids[0], product_id: "o"},
    ];
    const given = {
      reconciliation: [{client_id: "a", reconciliation_id: "r"}],
      reconciliation_sources: [
        {...ids[0], reconciliation_id: "r", rule_id: "2"},
        ...sources.map((source) => ({...source, reconciliation_id: "r", rule_id: "1"})),
        {...ids[0], reconciliation_id: "r", rule_id: "1", account_id: "w"},
      ],
      accounts: [...ids, {...ids[0], account_id: "y"}].map((account) => ({
        ...account,
        account_name: `${account.connection_id}-${account.account_id}`,
      })),
      products: ids.map((product) => ({...product, product_name: `${product.connection_id}-p`})),
    };
    const columns = ["rule_id", "connection_id", "account_id", "product_id", "account_name", "product_name"];
    expect(await partOf("sources", given, ...columns)).toEqual([
      "1 edr x p — —",
      "1 m365 w p — m365-p",
      "1 m365 x o m365-x —",
      "1 m365 x p m365-x m365-p",
      "1 rmm x p rmm-x rmm-p",
      "2 m365 x p m365-x m365-p",
    ]);
  });

  it("has the rules in force for what a client is billed: its own, or where it has none of a connection the common ones", async () => {
    const rule = (rule_id: string, given: InputRow) => ({
      ...{rule_id, service_id: "mail", connection_id: "m365", count_method: "seats", is_in_force: true},
      ...given,
    });
    const given = {
      reconciliation: [
        ...["a", "a", "b"].map((client_id) => ({client_id, service_id: "mail"})),
        ...[
          {client_id: "a", service_id: "backup"},
          {client_id: "a", service_id: null},
        ],
      ],
      service_rules: [
        rule("r7", {client_id: "a"}),
        rule("r1", {}),
        rule("r2", {connection_id: "rmm"}),
        rule("r3", {client_id: "a", connection_id: "rmm", is_in_force: false}),
        rule("r4", {is_in_force: false}),
        rule("r5", {service_id: "backup", count_method: "identities"}),
        rule("r6", {service_id: "unbilled"}),
        rule("r8", {client_id: "b", service_id: "backup"}),
        rule("r0", {client_id: "a", count_method: "reported"}),
      ],
      seat_groups: [{connection_id: "m365"}, {connection_id: "m365"}],
      reconciliation_sources: [
        {connection_id: "rmm", count_method: "purchased"},
        {connection_id: "m365", count_method: "seats"},
      ],
    };
    const columns = ["client_id", "service_id", "rule_id", "is_specific", "is_reported"];
    expect(await partOf("rules", given, ...columns)).toEqual([
      "a backup r5 false true",
      "a mail r0 true false",
      "a mail r2 false false",
      "a mail r7 true true",
      "b mail r1 false true",
      "b mail r2 false false",
    ]);
  });

  it("adds up the seats that are not counted, and tells apart what they are not counted for", async () => {
    const group = (given: InputRow) => ({
      ...{client_id: "a", connection_id: "m365", product_id: "p", kind: "user", status: "active", seat_count: 2},
      ...{disposition: "excluded"},
      ...given,
    });
    const given = {
      seat_groups: [
        group({connection_id: "rmm", product_id: "o"}),
        group({disposition_reason: "shared", account_id: "x"}),
        group({disposition_reason: "shared", account_id: "y", seat_count: 3}),
        group({disposition_reason: "internal"}),
        group({disposition_reason: "trial"}),
        group({disposition: "counted"}),
        group({client_id: null}),
        group({status: "deleted"}),
      ],
      products: [{connection_id: "m365", product_id: "p", product_name: "Exchange"}],
    };
    const columns = ["connection_id", "product_name", "status", "disposition_reason", "seat_count"];
    expect(await partOf("groups", given, ...columns)).toEqual([
      "m365 Exchange active internal 2",
      "m365 Exchange active shared 5",
      "m365 Exchange active trial 2",
      "m365 Exchange deleted — 2",
      "rmm — active — 2",
    ]);
  });

  it("has billed lines by service and day, and what is at work by what it is worth, with or without a change", async () => {
    const services_billed = [
      {line_id: "1", service_name: null, invoice_date: "2026-10-01"},
      {line_id: "2", service_name: "Mail", invoice_date: "2026-11-01"},
      {line_id: "5", service_name: "Mail", invoice_date: "2026-10-01"},
      {line_id: "3", service_name: "Mail", invoice_date: "2026-10-01"},
    ];
    expect(await partOf("lines", {services_billed}, "line_id")).toEqual(["3", "5", "2", "1"]);
    const work_list = [
      {reconciliation_id: "r1", impact_monthly: null},
      {reconciliation_id: "r4", impact_monthly: "3"},
      {reconciliation_id: "r3", impact_monthly: "3"},
      {reconciliation_id: "r2", impact_monthly: "-8"},
    ];
    const adjustments = [
      ...[
        {reconciliation_id: "r2", adjustment_id: "2", service_name: "Mail", agreement_line_id: "l1", due_amount: "-1"},
      ],
      ...[
        {reconciliation_id: "r2", adjustment_id: "1", service_name: "Mail", agreement_line_id: "l1", due_amount: "-2"},
      ],
      ...[{reconciliation_id: "r9", adjustment_id: "0"}],
    ];
    expect(await partOf("work", {work_list, adjustments}, "reconciliation_id", "due_amount")).toEqual([
      ...["r2 -3.00", "r3 —", "r4 —", "r1 —"],
    ]);
    expect(await partOf("adjustments", {adjustments}, "adjustment_id")).toEqual(["1", "2", "0"]);
    const counted_groups = [
      ...["r9", "r2", "r1"].map((reconciliation_id) => ({
        reconciliation_id,
        connection_id: "rmm",
        account_id: "x",
        kind: "b",
      })),
      ...["c", "a"].map((kind) => ({reconciliation_id: "r2", connection_id: "m365", account_id: "y", kind})),
    ];
    expect(
      await partOf("counted", {counted_groups, adjustments}, "reconciliation_id", "connection_id", "kind"),
    ).toEqual([...["r2 m365 a", "r2 m365 c", "r2 rmm b", "r9 rmm b"]]);
  });

  it("has errors before warnings and the newest invoice before earlier ones, and only accounts whose link somebody confirmed", async () => {
    const flag = (flag_id: string, severity: string, flag_code: string) => ({flag_id, severity, flag_code});
    const flagged_services = [
      ...[flag("1", "info", "a"), flag("2", "warning", "a"), flag("4", "error", "b"), flag("3", "error", "b")],
      flag("5", "error", "a"),
    ];
    expect(await partOf("flags", {flagged_services}, "flag_id")).toEqual(["5", "3", "4", "2", "1"]);
    const billed = (invoice_number: string | null, is_current = "false") => ({
      ...{...flag(invoice_number ?? "none", "warning", "a"), invoice_number, is_current},
    });
    const invoiced = [billed("I-9"), billed("I-11", "true"), billed(null), billed("I-10")];
    expect(await partOf("flags", {flagged_services: invoiced}, "flag_id")).toEqual(["I-11", "I-10", "I-9", "none"]);
    const account = (account_id: string, account_name: string, link_status = "confirmed", connection_id = "m365") => ({
      ...{client_id: "a", account_id, account_name, link_status, connection_id},
    });
    const accounts = [
      ...[account("3", "B"), account("2", "A"), account("1", "A"), account("4", "A", "proposed")],
      account("0", "A", "confirmed", "rmm"),
    ];
    expect(await partOf("accounts", {accounts}, "account_id")).toEqual(["1", "2", "3", "0"]);
  });

  it("has every month of each currency, and the changes of the last one alone, the largest first", async () => {
    const month = (period: string, currency: string) => ({client_id: "a", period, currency});
    const given = {
      history: [
        {period: "2026-10", is_closed: true},
        {period: "2026-11", is_closed: false},
      ],
      history_clients: [month("2026-11", "USD"), month("2026-10", "USD"), month("2026-11", "EUR")],
      history_changes: [
        {period: "2026-10", service_name: "Old", impact_monthly: "99"},
        {period: "2026-11", service_name: "Small", impact_monthly: "1", previous_impact_monthly: "50"},
        {
          period: "2026-11",
          service_name: null,
          product_name: "Gone",
          impact_monthly: null,
          previous_impact_monthly: "-7",
        },
        {period: "2026-11", product_name: "Unpriced", evidence: "Of rmm."},
        {period: "2026-11", product_name: "Unpriced", evidence: "Of edr."},
        {period: "2026-11", service_name: "B", impact_monthly: "3"},
        {period: "2026-11", service_name: "A", product_name: "P", impact_monthly: "-3"},
      ],
    };
    expect(await partOf("months", given, "currency", "period", "is_closed")).toEqual([
      ...["EUR 2026-11 false", "USD 2026-10 true", "USD 2026-11 false"],
    ]);
    const found = {client_id: "a", period: "2026-11", currency: "USD"};
    const history_discrepancies = [
      ...[
        {...found, delta_quantity: "2"},
        {...found, delta_quantity: "1"},
        {...found, delta_quantity: "-1"},
      ],
      {...found, delta_quantity: "-4", impact_monthly: "-3"},
      {...found, delta_quantity: "-4", period: "2026-10"},
    ];
    const history_clients = ["2026-10", "2026-11"].map((period) => ({...found, period}));
    const unpriced = await partOf(
      "months",
      {...given, history_clients, history_discrepancies},
      ...["period", "unpriced_under", "unpriced_over"],
    );
    expect(unpriced).toEqual(["2026-10 0 1", "2026-11 2 1"]);
    expect(await partOf("changes", given, "label", "evidence")).toEqual([
      ...["Gone —", "A —", "B —", "Small —", "Unpriced Of edr.", "Unpriced Of rmm."],
    ]);
  });
});
