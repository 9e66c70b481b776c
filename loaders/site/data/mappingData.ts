import type {TableQuery} from "./jsonFile.js";

type Tables = Readonly<Record<string, TableQuery>>;

const clients: TableQuery = {
  sql: `select psa_clients.client_id, client_name, status, slug
    from psa_clients left join pages on psa_clients.client_id = pages.client_id`,
  order: "client_id",
};

/** What the page of client mapping shows besides the mapping file itself. */
export const clientMapping: Tables = {
  accounts: {
    sql: `select accounts.connection_id, accounts.account_id, account_name, accounts.domain,
        coalesce(work.seat_count, accounts.seat_count) as seats
      from accounts left join mapping_work as work
        on work.kind = 'unlinked_account'
        and accounts.connection_id = work.connection_id and accounts.account_id = work.account_id`,
    order: "connection_id, account_id",
  },
  /** Only of accounts that somebody has to look at: the others would be most of the file. */
  products: {
    sql: `select groups.connection_id, groups.account_id, groups.product_id, product_name, sum(seat_count) as seats
      from seat_groups as groups
      inner join (
        select connection_id, account_id from accounts where link_status = 'unlinked'
        union
        select connection_id, account_id from account_suggestions
      ) as undecided
        on groups.connection_id = undecided.connection_id and groups.account_id = undecided.account_id
      inner join products
        on groups.connection_id = products.connection_id and groups.product_id = products.product_id
      where disposition <> 'deleted'
      group by groups.connection_id, groups.account_id, groups.product_id, product_name`,
    order: "connection_id, account_id, product_id",
  },
  suggestions: {sql: "select * from account_suggestions", order: "connection_id, account_id, place"},
  clients,
  services: {sql: "select service_id, service_name from services", order: "service_id"},
  /** What each client is billed and what is known to be used, service by service. */
  client_services: {
    sql: `select client_id, service_id, connection_ids, sum(invoiced_quantity) as invoiced, sum(expected_quantity) as expected
      from reconciliation where service_id is not null and billed_basis is not null
      group by client_id, service_id, connection_ids`,
    order: "client_id, service_id, connection_ids",
  },
};

/** What the page of service mapping shows besides the mapping file itself. */
export const serviceMapping: Tables = {
  connections: {
    sql: "select connection_id, connector, last_success_at from integrations where kind = 'usage'",
    order: "connection_id",
  },
  products: {
    sql: `select products.connection_id, products.product_id, product_name, unit, is_trial,
        coalesce(seats, 0) as seats, coalesce(unlinked, 0) as unlinked,
        work.seat_count as unaccounted, work.client_count as unaccounted_clients,
        work.suggested_service_id, work.score, work.evidence
      from products
      left join (
        select connection_id, product_id, sum(seat_count) as seats,
          sum(case when disposition = 'unlinked' then seat_count else 0 end) as unlinked
        from seat_groups where disposition <> 'deleted' group by connection_id, product_id
      ) as groups on products.connection_id = groups.connection_id and products.product_id = groups.product_id
      left join mapping_work as work
        on work.kind = 'unaccounted_product'
        and products.connection_id = work.connection_id and products.product_id = work.product_id`,
    order: "connection_id, product_id",
  },
  kinds: {
    sql: `select connection_id, product_id, kind, status, sum(seat_count) as seats
      from seat_groups where disposition <> 'deleted' group by connection_id, product_id, kind, status`,
    order: "connection_id, product_id, kind, status",
  },
  services: {
    sql: `select services.service_id, service_name, unit, coalesce(billed.quantity, 0) as billed,
        coalesce(billed.clients, 0) as clients
      from services left join (
        select service_id, sum(invoiced_quantity) as quantity, count(distinct client_id) as clients
        from reconciliation where billed_basis is not null group by service_id
      ) as billed on services.service_id = billed.service_id`,
    order: "service_id",
  },
  /** What each rule counts today, and over how many clients. */
  counts: {
    sql: `select rule_id, sources.product_id, sum(counted_quantity) as counted, count(distinct client_id) as clients
      from reconciliation_sources as sources
      inner join reconciliation on sources.reconciliation_id = reconciliation.reconciliation_id
      where rule_id <> '' group by rule_id, sources.product_id`,
    order: "rule_id, product_id",
  },
  rules: {
    sql: `select rule_id, is_in_force, coalesce(clients, 0) as clients
      from service_rules left join (
        select rule_id as counted_by, count(distinct client_id) as clients
        from reconciliation_sources as sources
        inner join reconciliation on sources.reconciliation_id = reconciliation.reconciliation_id
        group by rule_id
      ) as counted on rule_id = counted_by`,
    order: "rule_id",
  },
  clients,
};

/** What the page of mapping shows: what is left to decide. */
export const mapping: Tables = {
  integrations: {
    sql: "select connection_id from integrations where kind = 'usage' and last_success_at is not null",
    order: "connection_id",
  },
  work: {
    sql: `select work.*, pages.slug from mapping_work as work left join pages on work.suggested_client_id = pages.client_id`,
    order: "kind, seat_count desc, connection_id, account_id, product_id",
  },
};
