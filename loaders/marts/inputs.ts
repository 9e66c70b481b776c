import type {Columns} from "../createTable.js";

/**
 * The tables that the models read besides the lake's (`lake_…`, `quarantine`) and those of closed months (`snapshot_…`): people's
 * decisions (`mapping_…`), the settings, connections and syncs of the workspace, and the accounts whose usage was never read.
 */
export const inputTables = {
  mapping_clients: {
    connection_id: "VARCHAR",
    account_id: "VARCHAR",
    client_id: "VARCHAR",
    status: "VARCHAR",
    note: "VARCHAR",
  },
  mapping_services: {
    rule_id: "VARCHAR",
    service_id: "VARCHAR",
    connection_id: "VARCHAR",
    product_ids: "VARCHAR",
    client_id: "VARCHAR",
    kinds: "VARCHAR",
    statuses: "VARCHAR",
    count: "VARCHAR",
    multiplier: "DECIMAL(18,10)",
    minimum: "DECIMAL(18,4)",
    maximum: "DECIMAL(18,4)",
    valid_from: "DATE",
    valid_to: "DATE",
    status: "VARCHAR",
    note: "VARCHAR",
  },
  mapping_exclusions: {
    connection_id: "VARCHAR",
    account_id: "VARCHAR",
    product_id: "VARCHAR",
    seat_id: "VARCHAR",
    reason: "VARCHAR",
    expires_on: "DATE",
  },
  mapping_prices: {
    service_id: "VARCHAR",
    client_id: "VARCHAR",
    unit_price: "DECIMAL(18,6)",
    currency: "VARCHAR",
    valid_from: "DATE",
  },
  mapping_decisions: {
    client_id: "VARCHAR",
    service_id: "VARCHAR",
    connection_id: "VARCHAR",
    product_id: "VARCHAR",
    period: "VARCHAR",
    until: "DATE",
    decision: "VARCHAR",
    quantity: "DECIMAL(18,4)",
    amount: "DECIMAL(18,2)",
    currency: "VARCHAR",
    delta_quantity: "DECIMAL(18,4)",
    impact_monthly: "DECIMAL(18,2)",
    reason: "VARCHAR",
    owner: "VARCHAR",
    decided_by: "VARCHAR",
    decided_at: "TIMESTAMPTZ",
  },
  settings: {
    currency: "VARCHAR",
    as_of: "TIMESTAMPTZ",
    as_of_date: "DATE",
    inactive_after_days: "INTEGER",
    stale_after_hours: "INTEGER",
    billed_basis: "VARCHAR",
  },
  connections: {
    connection_id: "VARCHAR",
    connector: "VARCHAR",
    side: "VARCHAR",
    reports_activity: "BOOLEAN",
  },
  syncs: {
    connection_id: "VARCHAR",
    sync_id: "VARCHAR",
    status: "VARCHAR",
    started_at: "TIMESTAMPTZ",
    fresh_at: "TIMESTAMPTZ",
    rows_kept: "BIGINT",
    rows_quarantined: "BIGINT",
    error: "VARCHAR",
    is_current: "BOOLEAN",
  },
  unread_accounts: {
    connection_id: "VARCHAR",
    account_id: "VARCHAR",
  },
  inputs: {
    kind: "VARCHAR",
    name: "VARCHAR",
    fingerprint: "VARCHAR",
  },
} as const satisfies Record<string, Columns>;

export type InputRow = Readonly<Record<string, unknown>>;
