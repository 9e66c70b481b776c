/** What the page of margins reads, as tables of SQL over the marts. */

/** A row's margin is known where its revenue and its cost are; what is not known stands apart and is never 0. */
const sums = `
  sum(revenue_monthly) as revenue,
  sum(case when margin_monthly is not null then revenue_monthly end) as costed_revenue,
  sum(case when margin_monthly is not null then cost_monthly end) as cost,
  sum(margin_monthly) as margin,
  sum(case when margin_state = 'cost_unknown' then revenue_monthly else 0 end) as uncosted_revenue,
  count(case when margin_state = 'below_cost' then 1 end) as below_cost_count`;

export const margin = {
  summary: {
    sql: `select totals.*, unused.committed_monthly
      from margin_summary as totals
      left join (
        select currency, sum(unassigned_monthly) as committed_monthly from licences where is_committed group by currency
      ) as unused on totals.currency = unused.currency`,
    order: "currency",
  },
  costs_in: {sql: "select distinct currency from licences", order: "currency"},
  clients: {
    sql: `select currency, client_id as id, min(client_name) as label, ${sums} from margin group by currency, client_id`,
    order: "currency, id",
  },
  services: {
    sql: `select currency, coalesce(service_id, '') as id, coalesce(min(service_name), 'Lines without a service') as label,
        ${sums}
      from margin where product_id is null group by currency, service_id`,
    order: "currency, id",
  },
  products: {
    sql: `select connection_id, product_id, min(product_name) as product_name, currency, count(*) as client_count,
        sum(charged_quantity) as quantity,
        sum(case when margin_monthly is not null then revenue_monthly end) as costed_revenue,
        sum(case when margin_monthly is not null then cost_monthly end) as cost,
        sum(margin_monthly) as margin,
        count(case when cost_monthly is null then 1 end) as uncosted_count,
        count(case when cost_monthly is not null and revenue_monthly is null then 1 end) as unpriced_count
      from licences group by connection_id, product_id, currency`,
    order: "connection_id, product_id",
  },
  unused: {
    sql: `select count(*) as licences from licences where unassigned_quantity > 0 or unbilled_quantity > 0`,
    order: "1",
  },
};

export const marginRows = {
  rows: {
    sql: `select margin.client_id, slug, client_name, service_id, service_name, connection_id, product_id, product_name,
        currency, invoiced_quantity, used_quantity, revenue_monthly, cost_monthly, cost_basis, margin_monthly, margin_share,
        margin_state, costed_products, uncosted_products
      from margin inner join pages on margin.client_id = pages.client_id`,
    order: "client_id, currency, service_id, connection_id, product_id",
  },
};

export const unusedLicences = {
  licences: {
    sql: `select licences.client_id, slug, client_name, connection_id, product_id, product_name, supplier_ids,
        service_names, currency, purchased_quantity, used_quantity, billed_quantity, unassigned_quantity, unbilled_quantity,
        unit_cost, cost_basis, unassigned_monthly, unbilled_monthly, commitment_end, is_committed
      from licences inner join pages on licences.client_id = pages.client_id
      where unassigned_quantity > 0 or unbilled_quantity > 0`,
    order: "client_id, connection_id, product_id",
  },
};
