import {type Change, type HistoryData, readChanges, readSubjects} from "../../src/lib/history.js";

/** Two months of two clients, one of them with a name that is no name. */
export const data: HistoryData = {
  currencies: {columns: ["currency", "clients"], rows: [["USD", "2"]]},
  months: {
    columns: [
      ...["period", "currency", "is_closed", "previous_period", "coverage_amount", "coverage_lines"],
      ...["clients_reconciled", "clients_discrepant"],
    ],
    rows: [
      ["2026-10", "USD", "true", null, "0.950000", "0.900000", "0", "2"],
      ["2026-11", "USD", "false", "2026-10", "0.990000", "0.980000", "1", "1"],
    ],
  },
  services: {
    columns: ["period", "service", "currency", "coverage_amount"],
    rows: [["2026-11", "service:EP", "USD", "1.000000"]],
  },
  names: {
    columns: ["service", "label", "named"],
    rows: [
      ["service:BK", "Backup", "0"],
      ["service:EP", "Endpoint", "1"],
    ],
  },
  subjects: {
    columns: ["client_id", "slug", "client_name", "named", "connection_ids", "currency", "subject"],
    rows: [
      ["acme", "acme", '<img src=x onerror="alert(1)">', "1", "rmm;edr", "USD", "0"],
      ["bolt", "bolt", "Bolt", "0", "backup", "USD", "1"],
    ],
  },
  found: {
    columns: ["subject", "period", "discrepancy_type", "impact_monthly", "unpriced"],
    rows: [
      ["0", "2026-10", "calculated", "24.10", null],
      ["1", "2026-10", "calculated", "-30.00", null],
      ["0", "2026-11", "calculated", "36.20", null],
      ["1", "2026-11", "estimated", null, "1"],
    ],
  },
};

const nothing: Omit<Change, keyof ReturnType<typeof readSubjects>[number]> = {
  discrepancy_type: "calculated",
  change_kind: "repeated",
  reason: null,
  evidence: "",
  months_open: "1",
  first_period: "2026-11",
  earliest_period: "2026-11",
  previous_impact_monthly: null,
  impact_monthly: null,
  appeared_monthly: "0.00",
  resolved_monthly: "0.00",
  uncompared_monthly: "0.00",
  quantity_monthly: "0.00",
  price_monthly: "0.00",
  settled_monthly: null,
  credited_amount: "0.00",
};

/** Changes of the second month, of each subject in turn. */
export function changes(...given: Partial<Change>[]): Change[] {
  const rows = given.map((one) => ({...nothing, ...one}));
  const columns = Object.keys(nothing) as (keyof typeof nothing)[];
  const table = {
    columns: ["subject", ...columns],
    rows: rows.map((row, index) => [String(index % 2), ...columns.map((column) => row[column])]),
  };
  return readChanges({changes: table}, readSubjects(data));
}
