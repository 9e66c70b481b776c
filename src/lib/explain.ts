import {expectedQuantity, systemCount} from "./explainCounts.js";
import {unitRate} from "./explainRate.js";
import type {ComesTo, ExplainedRow, Explanation, Made} from "./explanation.js";
import {literal, sqlComment} from "./sqlText.js";

export const rowFigures = [
  "system_count",
  "expected_quantity",
  "invoiced_quantity",
  "unit_rate",
  "impact_amount",
  "impact_monthly",
] as const;
export type RowFigure = (typeof rowFigures)[number];

export const clientFigures = [
  "underbilled_monthly",
  "overbilled_monthly",
  "net_monthly",
  "discrepancy_count",
  "seat_count",
  "coverage_lines",
  "flagged_count",
  "inactive_count",
] as const;
export type ClientFigure = (typeof clientFigures)[number];

export interface ExplainedClient {
  readonly client_id: string;
  readonly client_name: string;
  readonly currency: string;
}

const rowTitles: Readonly<Record<RowFigure, string>> = {
  system_count: "System count",
  expected_quantity: "Expected quantity",
  invoiced_quantity: "Invoiced quantity",
  unit_rate: "Unit rate",
  impact_amount: "Impact per cycle",
  impact_monthly: "Impact per month",
};

/** The rows behind a figure of a reconciliation row, as SQL over the site's tables. */
export function explainRow(figure: RowFigure, row: ExplainedRow, client: ExplainedClient): Explanation {
  const made = {
    system_count: () => systemCount(row),
    expected_quantity: () => expectedQuantity(row, client.client_id),
    invoiced_quantity: () => invoicedQuantity(row),
    unit_rate: () => unitRate(row, client.client_id),
    impact_amount: () => impact(row, "impact_amount"),
    impact_monthly: () => impact(row, "impact_monthly"),
  }[figure]();
  return titled(`${rowTitles[figure]} of ${row.label}, ${client.client_name}`, made);
}

/** The rows behind a total of a client, in one currency where it is money. */
export function explainClient(figure: ClientFigure, client: ExplainedClient): Explanation {
  const [name, made] = totals[figure](client);
  return titled(`${name}, ${client.client_name}`, made);
}

function titled(title: string, {sql, comesTo}: Made): Explanation {
  const outcome = {
    sum: (column: string) => `The column ${column} adds up to the figure.`,
    rows: () => "The number of rows is the figure.",
    value: (column: string) => `The column ${column} is the figure.`,
  }[comesTo.kind]("column" in comesTo ? comesTo.column : "");
  return {title, comesTo, sql: `${sqlComment(title)}\n${sqlComment(outcome)}\n${sql.trim()}`};
}

/** What the rows of a query come to, where it says so as explanations do; null for every other query. */
export function outcomeOf(sql: string): Exclude<ComesTo, {readonly kind: "rows"}> | null {
  const [, column, how] = /^-- The column (\w+) (adds up to|is) the figure\.$/m.exec(sql) ?? [];
  return column === undefined ? null : {kind: how === "is" ? "value" : "sum", column};
}

function invoicedQuantity({reconciliation_id}: ExplainedRow): Made {
  return {
    comesTo: {kind: "sum", column: "net_quantity"},
    sql: `
select net_quantity, quantity, description, basis, invoice_number, agreement_name, period_start, period_end, is_credit,
  unit_price, amount, currency, line_id
from services_billed
where reconciliation_id = ${literal(reconciliation_id)}
order by invoice_date, line_id`,
  };
}

function impact({reconciliation_id}: ExplainedRow, column: "impact_amount" | "impact_monthly"): Made {
  const other = column === "impact_amount" ? "impact_monthly" : "impact_amount";
  return {
    comesTo: {kind: "sum", column},
    sql: `
select ${column}, delta_quantity, unit_rate, expected_quantity, invoiced_quantity,
  coalesce(service_name, product_name) as service, client_name, rate_basis, billing_cycle, ${other}, currency,
  likely_cause, cause_evidence
from reconciliation
where reconciliation_id = ${literal(reconciliation_id)}`,
  };
}

function discrepancies({client_id, currency}: ExplainedClient, condition: string, amount: string): string {
  return `
select ${amount}, coalesce(service_name, product_name) as service, delta_quantity, unit_rate, expected_quantity,
  invoiced_quantity, discrepancy_type, rate_basis, currency, likely_cause, cause_evidence, reconciliation_id
from reconciliation
where client_id = ${literal(client_id)} and currency = ${literal(currency)} and status = 'discrepancy'${condition}
order by abs(impact_monthly) desc nulls last, service, reconciliation_id`;
}

const totals: Readonly<Record<ClientFigure, (client: ExplainedClient) => [string, Made]>> = {
  underbilled_monthly: (client) => [
    `Underbilled per month in ${client.currency}`,
    {
      comesTo: {kind: "sum", column: "impact_monthly"},
      sql: discrepancies(client, "\n  and impact_monthly > 0", "impact_monthly"),
    },
  ],
  overbilled_monthly: (client) => [
    `Overbilled per month in ${client.currency}`,
    {
      comesTo: {kind: "sum", column: "overbilled_monthly"},
      sql: discrepancies(client, "\n  and impact_monthly < 0", "-impact_monthly as overbilled_monthly"),
    },
  ],
  net_monthly: (client) => [
    `Underbilled less overbilled per month in ${client.currency}`,
    {
      comesTo: {kind: "sum", column: "impact_monthly"},
      sql: discrepancies(client, "\n  and impact_monthly <> 0", "impact_monthly"),
    },
  ],
  discrepancy_count: (client) => [
    `Discrepancies in ${client.currency}`,
    {comesTo: {kind: "rows"}, sql: discrepancies(client, "", "impact_monthly")},
  ],
  seat_count: ({client_id}) => [
    "Seats counted or unaccounted",
    {
      comesTo: {kind: "rows"},
      sql: `
select connection_id, account_id, product_id, display_name, identifier, kind, status, disposition, rule_id,
  last_activity_at, seat_id
from seats
where client_id = ${literal(client_id)} and disposition in ('counted', 'unaccounted')
order by connection_id, product_id, identifier, seat_id`,
    },
  ],
  coverage_lines: ({client_id, currency}) => [
    `Live billed lines in ${currency}, compared or not`,
    {
      comesTo: {kind: "value", column: "coverage_lines"},
      sql: `
select coverage_lines, is_compared, service_name, description, net_quantity, amount, monthly_amount, coverage_amount, line_id
from services_billed
inner join clients on services_billed.client_id = clients.client_id and services_billed.currency = clients.currency
where services_billed.client_id = ${literal(client_id)} and services_billed.currency = ${literal(currency)}
order by is_compared, monthly_amount desc, line_id`,
    },
  ],
  flagged_count: ({client_id}) => [
    "Flags",
    {
      comesTo: {kind: "rows"},
      sql: `
select severity, flag_code, service_name, invoice_number, message, evidence, amount_at_stake, currency, is_current, flag_id
from flagged_services
where client_id = ${literal(client_id)}
order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, flag_code, flag_id`,
    },
  ],
  inactive_count: ({client_id}) => [
    "Inactive seats",
    {
      comesTo: {kind: "rows"},
      sql: `
select product_name, display_name, identifier, activity_state, last_activity_at, days_inactive, service_name,
  monthly_value, currency, commitment_end, seat_id
from inactive_seats
where client_id = ${literal(client_id)}
order by days_inactive desc nulls first, product_name, seat_id`,
    },
  ],
};
