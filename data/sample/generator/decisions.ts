import {mappingTables} from "../../../src/lib/mappingTables.js";
import {powerBi} from "./catalogue.js";
import type {Row} from "./draft.js";
import {nameClients} from "./names.js";
import type {Table} from "./tables.js";

interface Plan {
  readonly client: number;
  readonly service?: string;
  readonly product?: {readonly connection: string; readonly id: string};
  /** What is left out is blank; the figures of the discrepancy are filled in. */
  readonly row: Row;
  /** What the work list must say. */
  readonly state: "open" | "decided" | "expired" | "changed";
}

const day = (date: string): string => `${date}T09:00:00Z`;

/** What people at the sample's MSP decided, and what must have become of it by now. */
const plans: readonly Plan[] = [
  {
    client: 15,
    service: "S-EDR",
    row: {decision: "bill", reason: "Ordered by phone, order 4471", owner: "Dana Reyes", decided_at: day("2026-11-19")},
    state: "decided",
  },
  {
    client: 2,
    service: "S-EDR",
    row: {
      ...{decision: "credit", quantity: 5, amount: "25.00", currency: "USD", owner: "Sam Okafor"},
      ...{reason: "One spare licence stays; rest of November as goodwill", decided_at: day("2026-11-20")},
    },
    state: "decided",
  },
  {
    client: 3,
    service: "S-BKP",
    row: {
      decision: "accept",
      until: "2026-12-31",
      reason: "Minimum of four agreed until year end",
      decided_at: day("2026-10-08"),
    },
    state: "decided",
  },
  {
    client: 17,
    service: "S-RMM",
    row: {
      decision: "dispute",
      period: "2026-11",
      reason: "Client counts differently, call on 27 Nov",
      owner: "Dana Reyes",
      decided_at: day("2026-11-18"),
    },
    state: "decided",
  },
  {
    client: 25,
    product: {connection: "m365", id: powerBi.productId},
    row: {decision: "ignore", reason: "Trial of the client's own", decided_at: day("2026-11-10")},
    state: "decided",
  },
  {
    client: 1,
    service: "S-M365BP",
    row: {
      decision: "accept",
      until: "2026-11-15",
      reason: "Temporary staff, leave mid November",
      owner: "Sam Okafor",
      decided_at: day("2026-10-21"),
    },
    state: "expired",
  },
  {
    client: 4,
    service: "S-MFA",
    row: {
      decision: "bill",
      period: "2026-10",
      reason: "On the October invoice",
      owner: "Dana Reyes",
      decided_at: day("2026-10-28"),
    },
    state: "expired",
  },
  {
    client: 52,
    service: "S-RMM",
    // Decided at 12.00 a device; November bills 13.00.
    row: {
      decision: "bill",
      impact_monthly: "36.00",
      reason: "Three laptops since July",
      owner: "Sam Okafor",
      decided_at: day("2026-10-30"),
    },
    state: "changed",
  },
  {client: 7, service: "S-EDR", row: {owner: "Dana Reyes", decided_at: day("2026-11-21")}, state: "open"},
];

/** A decision whose discrepancy is gone since: five devices too many, credited in October. */
const settled = {
  client: 16,
  row: {
    decision: "credit",
    delta_quantity: "-5",
    impact_monthly: "-32.50",
    reason: "Credit with the October invoice",
    owner: "Sam Okafor",
    decided_at: day("2026-09-30"),
  },
};

/** The file of decisions, and the state of every discrepancy that its answer key expects. */
export function planDecisions(discrepancies: readonly Row[]): {file: Table; answers: Row[]} {
  const {columns} = mappingTables.decisions;
  const idOf = (client: number): string => nameClients()[client]?.clientId ?? "";
  const write = (row: Row): Row => Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
  const planned = plans.map((plan) => {
    const found = discrepancies.find(
      (row) =>
        row.client_id === idOf(plan.client) &&
        row.service_id === (plan.service ?? null) &&
        row.product_id === (plan.product?.id ?? null),
    );
    if (found === undefined) throw new Error(`Nothing is found at client ${plan.client} to decide about.`);
    const {client_id = null, service_id = null, product_id = null, delta_quantity, impact_monthly} = found;
    const figures = plan.row.decision === undefined ? {} : {delta_quantity: Number(delta_quantity), impact_monthly};
    const about = {client_id, service_id, product_id, connection_id: plan.product?.connection ?? null};
    return {found, state: plan.state, row: write({...about, ...figures, decided_by: "Priya Nair", ...plan.row} as Row)};
  });
  return {
    file: {
      columns,
      rows: [
        ...planned.map(({row}) => row),
        write({client_id: idOf(settled.client), service_id: "S-EDR", decided_by: "Priya Nair", ...settled.row}),
      ],
    },
    answers: discrepancies.map((row) => {
      const {client_id = null, service_id = null, product_id = null, currency = null, impact_monthly = null} = row;
      const decision_state = planned.find(({found}) => found === row)?.state ?? "open";
      return {client_id, service_id, product_id, currency, impact_monthly, decision_state};
    }),
  };
}
