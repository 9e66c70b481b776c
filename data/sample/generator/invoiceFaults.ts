import {type Draft, flag, type Row} from "./draft.js";
import {addLine, charge, type Invoice, lineOf, totalOf} from "./invoice.js";

/** What is wrong with invoices of a client, and the flags that it must raise. */
interface Fault {
  readonly client: number;
  /** A month of 2026, or the newest invoice in the present month, the ones before it, or all. */
  readonly on: number | "newest" | "earlier" | "all";
  plant(invoice: Invoice): readonly Raised[];
}

interface Raised {
  readonly code: string;
  /** Without a line it is about the invoice. */
  readonly line?: Row;
  /** Cents at stake. */
  readonly cents?: number;
}

const faults: readonly Fault[] = [
  {
    // Priced until October, so that the last price invoiced is known.
    client: 6,
    on: "earlier",
    plant: (invoice) => {
      reprice(lineOf(invoice, "S-EXO1"), 500);
      return [];
    },
  },
  {
    // Free, as the agreement has it, at a cost of 3.40.
    client: 26,
    on: "all",
    plant: (invoice) => {
      const line = lineOf(invoice, "S-EXO1");
      return [
        {code: "zero_unit_price", line},
        {code: "price_below_cost", line, cents: 340 * units(line)},
      ];
    },
  },
  {
    // Two endpoints of a new site for a dollar more than the others.
    client: 27,
    on: "newest",
    plant: (invoice) => {
      const line = lineOf(invoice, "S-RMM");
      Object.assign(line, charge(units(line) - 2, 1200));
      addLine(invoice, {service_id: "S-RMM", description: "Managed Endpoint, new site", ...charge(2, 1300)});
      return [{code: "inconsistent_unit_price", cents: 100 * units(line)}];
    },
  },
  {
    // A dollar less than agreed and than before.
    client: 28,
    on: "newest",
    plant: (invoice) => {
      const line = lineOf(invoice, "S-RMM");
      reprice(line, 1100);
      const cents = 100 * units(line);
      return [
        {code: "price_differs_from_agreement", line, cents},
        {code: "price_changed", line, cents},
      ];
    },
  },
  {
    // 3.00 as the agreement has it, at a cost of 3.40.
    client: 29,
    on: "all",
    plant: (invoice) => {
      const line = lineOf(invoice, "S-EXO1");
      return [{code: "price_below_cost", line, cents: 40 * units(line)}];
    },
  },
  {
    client: 30,
    on: "newest",
    plant: (invoice) => {
      const line = lineOf(invoice, "S-RMM");
      line.amount = charge(1, 1200 * units(line) + 500).amount ?? null;
      return [{code: "amount_mismatch", line, cents: 500}];
    },
  },
  {
    client: 31,
    on: "newest",
    plant: (invoice) => {
      invoice.totalError = -2000;
      return [{code: "total_mismatch", cents: 2000}];
    },
  },
  {
    client: 32,
    on: "newest",
    plant: (invoice) => {
      const line = {...lineOf(invoice, "S-MFA"), invoice_line_id: `${invoice.id}-Z`};
      addLine(invoice, line);
      return [{code: "duplicate_line", line, cents: 300 * units(line)}];
    },
  },
  {
    client: 33,
    on: "newest",
    plant: (invoice) => {
      const line = addLine(invoice, {description: "Goodwill", ...charge(-1, 1000)});
      return [{code: "negative_without_parent", line, cents: 1000}];
    },
  },
  {
    client: 36,
    on: "newest",
    plant: (invoice) => {
      invoice.isIssued = false;
      return [{code: "not_invoiced", cents: totalOf(invoice)}];
    },
  },
  {
    client: 37,
    on: 9,
    plant: (invoice) => {
      invoice.isIssued = false;
      return [];
    },
  },
  {client: 37, on: 10, plant: () => [{code: "period_gap"}]},
  {
    client: 38,
    on: "newest",
    plant: (invoice) => {
      invoice.periodStart = "2026-10-25";
      return [{code: "period_overlap"}];
    },
  },
  {
    client: 39,
    on: "newest",
    plant: (invoice) => {
      invoice.currency = "CAD";
      return [{code: "currency_mismatch"}];
    },
  },
  {
    // Two dollars less before than now, which is what is agreed.
    client: 40,
    on: "earlier",
    plant: (invoice) => {
      reprice(lineOf(invoice, "S-RMM"), 1000);
      return [];
    },
  },
  {
    client: 40,
    on: "newest",
    plant: (invoice) => {
      const line = lineOf(invoice, "S-RMM");
      return [{code: "price_changed", line, cents: 200 * units(line)}];
    },
  },
  {
    // A credit that names its line is in order.
    client: 42,
    on: "newest",
    plant: (invoice) => {
      const parent_line_id = lineOf(invoice, "S-RMM").invoice_line_id ?? null;
      addLine(invoice, {service_id: "S-RMM", description: "Credit", parent_line_id, ...charge(-1, 1200)});
      return [];
    },
  },
];

/** Makes the invoice wrong where that is planned. One that is not issued is not there to be named. */
export function plantFaults(draft: Draft, invoice: Invoice): void {
  const {client} = invoice;
  const planned = faults.filter((fault) => fault.client === client.number && concerns(fault, invoice));
  for (const {code, line, cents} of planned.flatMap((fault) => fault.plant(invoice))) {
    const about = invoice.isIssued ? {invoice: invoice.id, line: idOf(line)} : {};
    flag(draft, {code, client, cents, ...about});
  }
}

/** Flags lines without a price (clients 6 and 14) and such of half a unit (client 34). */
export function flagLines(draft: Draft, {id: invoice, client, lines}: Invoice): void {
  for (const line of lines) {
    if (line.unit_price === null) flag(draft, {code: "missing_unit_price", client, invoice, line: idOf(line)});
    if (!Number.isInteger(line.quantity)) {
      flag(draft, {code: "fractional_quantity", client, invoice, line: idOf(line)});
    }
  }
}

function concerns({on}: Fault, {month, isNewest}: Invoice): boolean {
  return on === "all" || on === month || on === (isNewest ? "newest" : "earlier");
}

function reprice(line: Row, price: number): void {
  Object.assign(line, charge(units(line), price));
}

function units({quantity}: Row): number {
  return Number(quantity);
}

function idOf(line: Row | undefined): string | undefined {
  return line === undefined ? undefined : String(line.invoice_line_id);
}
