/** What of a row of the reconciliation says which mapping mends it. */
interface Cause {
  readonly likely_cause: string | null;
  readonly discrepancy_type: string | null;
  /** Separated by semicolons. */
  readonly connection_ids: string | null;
  readonly product_id: string | null;
}

/**
 * The mapping page that mends a discrepancy, below the site's folder and filtered to what it is about:
 * `mapping/clients?client=C1`. Null where no mapping is to blame.
 */
export function fixAddress(row: Cause, clientId: string): string | null {
  const integrations = (row.connection_ids ?? "").replaceAll(";", ",");
  if (row.likely_cause === "client_mapping") return `mapping/clients?${queryOf({client: clientId})}`;
  if (row.discrepancy_type === "unaccounted") {
    return `mapping/services?${queryOf({integration: integrations, product: row.product_id ?? ""})}`;
  }
  // What is used without a rule stands beside the rules of the same integrations.
  return row.likely_cause === "service_mapping" ? `mapping/services?${queryOf({integration: integrations})}` : null;
}

function queryOf(values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "")).toString();
}
