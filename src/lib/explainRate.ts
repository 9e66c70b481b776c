import type {ExplainedRow, Made} from "./explanation.js";
import {literal} from "./sqlText.js";

/** The prices that a unit rate comes from, beside the rate. What they are depends on the rate's basis. */
export function unitRate(row: ExplainedRow, clientId: string): Made {
  const id = literal(row.reconciliation_id);
  const service = literal(row.service_id ?? "");
  const client = literal(clientId);
  const currency = literal(row.currency);
  const rows = `from reconciliation as rows`;
  const made: Readonly<Record<string, string>> = {
    line: `
-- The mean of the lines' prices, weighted by quantity; credits and lines without a price are left out.
select rows.unit_rate, unit_price, net_quantity, description, lines.billing_cycle, rows.billing_cycle as rate_cycle,
  rows.rate_basis, rows.currency, line_id
${rows}
inner join services_billed as lines on rows.reconciliation_id = lines.reconciliation_id
where rows.reconciliation_id = ${id} and lines.unit_price is not null and not lines.is_credit
order by line_id`,
    last_invoiced: `
-- What the client was last invoiced for the service: the newest earlier invoice with a price.
select rows.unit_rate, lines.unit_price, invoices.invoice_number, invoices.invoice_date, lines.description, lines.quantity,
  rows.rate_basis, rows.currency
${rows}
cross join lake_invoice_lines as lines
inner join lake_invoices as invoices on lines.invoice_id = invoices.invoice_id
left join lake_agreement_lines as agreed on lines.agreement_line_id = agreed.agreement_line_id
where rows.reconciliation_id = ${id} and invoices.client_id = ${client}
  and coalesce(lines.service_id, agreed.service_id) = ${service} and lines.unit_price is not null
  and lines.parent_line_id is null and coalesce(invoices.status, 'posted') in ('posted', 'sent', 'paid')
order by invoices.invoice_date desc, invoices.invoice_id desc`,
    peer_median: `
-- The median of what other clients pay for the service on live lines, per month.
select rows.unit_rate, others.unit_rate as peer_rate, others.client_name, others.billing_cycle as peer_cycle,
  rows.billing_cycle, rows.rate_basis, rows.currency
${rows}
inner join reconciliation as others
  on others.service_id = ${service} and others.currency = ${currency}
  and others.rate_basis in ('invoice_line', 'agreement_line') and others.client_id <> ${client}
where rows.reconciliation_id = ${id}
order by peer_rate, others.client_id`,
    list_price: `
-- The service's list price, per month.
select rows.unit_rate, services.list_price, services.service_name, rows.billing_cycle, rows.rate_basis, rows.currency
${rows}
inner join services on rows.service_id = services.service_id
where rows.reconciliation_id = ${id}`,
    product_list_price: `
-- The product's list price, per month.
select rows.unit_rate, products.list_price, products.product_name, rows.rate_basis, rows.currency
${rows}
inner join products on rows.connection_ids = products.connection_id and rows.product_id = products.product_id
where rows.reconciliation_id = ${id}`,
    price_book: `
-- The price book, mappings/prices.csv: the client's own entry, else the one for every client; the newest that holds.
select rows.unit_rate, prices.unit_price, prices.currency as price_currency, prices.client_id, prices.valid_from,
  rows.billing_cycle, rows.rate_basis, rows.currency
${rows}
inner join mapping_prices as prices
  on rows.service_id = prices.service_id and (prices.client_id is null or prices.client_id = rows.client_id)
where rows.reconciliation_id = ${id}
order by prices.client_id nulls last, prices.valid_from desc`,
  };
  const basis = row.rate_basis === "invoice_line" || row.rate_basis === "agreement_line" ? "line" : row.rate_basis;
  return {
    comesTo: {kind: "value", column: "unit_rate"},
    sql:
      made[basis] ??
      `
select unit_rate, rate_basis, currency
${rows}
where rows.reconciliation_id = ${id}`,
  };
}
