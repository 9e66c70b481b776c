// @vitest-environment jsdom
import {expect, it} from "vitest";
import {billedLines} from "../../src/components/billedLines.js";
import {breakdown} from "../../src/components/breakdown.js";
import {clientHistory} from "../../src/components/clientHistory.js";
import {flaggedServices} from "../../src/components/flaggedServices.js";
import {verdict} from "../../src/components/verdict.js";
import type {ClientData} from "../../src/lib/clientData.js";
import {table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

/** Right to left, with a number that would go to its other side in a sentence that runs from left to right. */
const name = "خدمة (2026)";

const row = {
  ...{reconciliation_id: "r", service_id: "s", service_name: name, connection_ids: "m365", currency: "USD"},
  ...{status: "reconciled", count_state: "stale", system_count: "1", expected_quantity: "1", invoiced_quantity: "1"},
  ...{
    delta_quantity: "0",
    included_quantity: "0",
    unit_rate: "1",
    rate_basis: "invoice_line",
    billing_cycle: "monthly",
  },
  ...{impact_amount: "0", impact_monthly: "0", billed_basis: "invoice", period_start: null, likely_cause: null},
};
const line = {
  ...{line_id: "l", reconciliation_id: "r", service_name: name, invoice_number: name, description: name},
  ...{basis: "invoice", is_credit: "false", is_compared: "true", period_start: null, period_end: null},
  ...{quantity: "1", net_quantity: "1", unit_price: "1", amount: "1", currency: "USD", billing_cycle: "monthly"},
};
const flag = {
  ...{client_id: "c", slug: "c", client_name: name, service_id: "s", service_name: name, invoice_number: name},
  ...{flag_code: "period_gap", severity: "warning", message: "A gap.", evidence: null, amount_at_stake: null},
  ...{invoice_id: "i", line_id: null, agreement_id: null, currency: "USD", is_current: "true"},
};
const change = {
  ...{label: name, currency: "USD", change_kind: "new", evidence: "", months_open: "1", first_period: "2026-11"},
  ...{previous_impact_monthly: null, impact_monthly: "1.00"},
};
const month = {
  ...{period: "2026-11", is_closed: "false", discrepancy_count: "1", coverage_amount: "1", currency: "USD"},
  ...{underbilled_monthly: "1", overbilled_monthly: "0", net_monthly: "1", unpriced_under: "0", unpriced_over: "0"},
};
const data = {
  ...{rows: [row, {...row, status: "not_reconciled"}], lines: [line], flags: [flag], changes: [change]},
  ...{
    client_id: "c",
    name: "Acme",
    currencies: [month],
    product_id: null,
    months: [month],
    work: [],
    rules: [],
    sources: [],
    groups: [],
    integrations: [],
    connections: [],
  },
} as unknown as ClientData;

it.each([
  ["the verdict about a client", () => verdict(data)],
  ["its services", () => breakdown({caption: "Services", rows: data.rows, empty: "", data})],
  ["its lines and flags", () => billedLines(data)],
  ["its history", () => clientHistory(data) as HTMLElement],
  ["all flags", () => flaggedServices({flags: table(flag)}, stateOf())],
])("keeps names in their own direction in %s", (_, open) => {
  const page = open();
  const found = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  const loose: (string | undefined)[] = [];
  let count = 0;
  while (found.nextNode()) {
    const {data: text, parentElement} = found.currentNode as Text;
    if (!text.includes(name)) continue;
    count += 1;
    if (parentElement?.closest("bdi, caption") === null) loose.push(parentElement.outerHTML);
  }
  expect(count).toBeGreaterThan(0);
  expect(loose).toEqual([]);
});
