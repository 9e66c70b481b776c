import {z} from "zod";
import {metrics, seatKinds, seatStatuses} from "../src/lib/mappingTables.js";
import {
  amount,
  boolean,
  type ColumnKind,
  type ColumnMeta,
  choice,
  currency,
  date,
  instant,
  isOf,
  price,
  quantity,
  sqlTypes,
  text,
} from "./columnKinds.js";

/**
 * The canonical tables: what every connector produces and what the CSV connectors read.
 *
 * One zod object a table is the only definition. From it come the check of a row that an API connector
 * produces, the SQL that checks and converts a CSV file, the Parquet columns and their types, and the
 * table of columns in the documentation.
 */

export interface CanonicalColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** A row without a value here is quarantined. */
  readonly required: boolean;
  /** The allowed values of a `choice` column, lower case. */
  readonly choices: readonly string[];
  readonly description: string;
  /** The column's type in DuckDB and, through it, in Parquet. */
  readonly sqlType: string;
}

export interface CanonicalTable {
  readonly name: TableName;
  readonly side: "psa" | "usage";
  readonly description: string;
  /** Columns that together identify a row within one connection. */
  readonly key: readonly string[];
  readonly columns: readonly CanonicalColumn[];
  readonly schema: z.ZodObject;
}

/** What the table's schema says of a row, many times quicker; why a row does not fit only the schema tells. */
export function fits({columns}: CanonicalTable, row: Readonly<Record<string, unknown>>): boolean {
  for (const column of columns) {
    const value = row[column.name];
    if (value === null || value === undefined ? column.required : !isOf(column, value)) return false;
  }
  return true;
}

const tables = {
  clients: {
    side: "psa",
    key: ["client_id"],
    description: "Companies that the PSA bills.",
    schema: z.object({
      client_id: text("The PSA's id of the client."),
      client_name: text("The client's name as it stands in the PSA."),
      status: choice(["active", "inactive"], "Blank counts as active.").nullish(),
      parent_client_id: text("The client that this one belongs to.").nullish(),
    }),
  },
  services: {
    side: "psa",
    key: ["service_id"],
    description: "What the MSP sells: the catalogue of the PSA.",
    schema: z.object({
      service_id: text("The PSA's id of the service."),
      service_name: text("The service's name as it stands on invoices."),
      category: text("The PSA's own grouping.").nullish(),
      unit: choice(["user", "device", "licence", "mailbox", "gb", "flat"], "What one of it is.").nullish(),
      list_price: price("Price per unit and month in the workspace's currency.").nullish(),
      unit_cost: price("Cost per unit and month in the workspace's currency.").nullish(),
    }),
  },
  agreements: {
    side: "psa",
    key: ["agreement_id"],
    description: "Contracts: what is billed to a client again and again.",
    schema: z.object({
      agreement_id: text("The PSA's id of the agreement."),
      client_id: text("The client whose agreement it is."),
      agreement_name: text("The agreement's name.").nullish(),
      status: choice(["active", "cancelled", "expired"], "Blank counts as active.").nullish(),
      billing_cycle: choice(
        ["monthly", "quarterly", "semiannual", "annual", "one_time"],
        "How often it is invoiced. Blank counts as monthly.",
      ).nullish(),
      billing_timing: choice(
        ["advance", "arrears"],
        "Whether a period is invoiced before or after it. Blank counts as advance.",
      ).nullish(),
      start_date: date("First day covered; billing periods are counted from it."),
      end_date: date("First day no longer covered. Blank: no end.").nullish(),
      currency: currency("ISO 4217. Blank: the workspace's currency.").nullish(),
    }),
  },
  agreement_lines: {
    side: "psa",
    key: ["agreement_line_id"],
    description: "The lines (additions) of agreements: a service, a quantity and a price.",
    schema: z.object({
      agreement_line_id: text("The PSA's id of the line."),
      agreement_id: text("The agreement that the line belongs to."),
      service_id: text("The service that the line bills."),
      description: text("The line's text on the invoice.").nullish(),
      quantity: quantity("Units billed each cycle, before included ones are taken off."),
      included_quantity: quantity("Units covered by the agreement and not billed. Blank: none.").nullish(),
      unit_price: price("Price per unit and billing cycle.").nullish(),
      unit_cost: price("Cost per unit and billing cycle.").nullish(),
      start_date: date("First day billed. Blank: the agreement's.").nullish(),
      end_date: date("First day no longer billed. Blank: the agreement's.").nullish(),
    }),
  },
  invoices: {
    side: "psa",
    key: ["invoice_id"],
    description: "Invoices, drafts and voided ones included.",
    schema: z.object({
      invoice_id: text("The PSA's id of the invoice."),
      invoice_number: text("The number that the client sees.").nullish(),
      client_id: text("The client that the invoice bills."),
      agreement_id: text("The agreement that it bills, if it bills one.").nullish(),
      invoice_date: date("The date on the invoice."),
      period_start: date(
        "First day of the period billed. If it or period_end is blank: the calendar month of invoice_date.",
      ).nullish(),
      period_end: date("First day after the period billed.").nullish(),
      status: choice(
        ["draft", "posted", "sent", "paid", "void"],
        "Only posted, sent and paid invoices count. Blank counts as posted.",
      ).nullish(),
      currency: currency("ISO 4217. Blank: the workspace's currency.").nullish(),
      total: amount("The invoice's total without tax.").nullish(),
    }),
  },
  invoice_lines: {
    side: "psa",
    key: ["invoice_line_id"],
    description: "The lines of invoices.",
    schema: z.object({
      invoice_line_id: text("The PSA's id of the line."),
      invoice_id: text("The invoice that the line stands on."),
      agreement_line_id: text("The agreement line that it bills, if it bills one.").nullish(),
      service_id: text("The service billed. Blank: that of the agreement line, if there is one.").nullish(),
      description: text("The line's text.").nullish(),
      quantity: quantity("Units billed, net of included ones."),
      unit_price: price("Price per unit and billing cycle.").nullish(),
      amount: amount("Amount of the line. Blank: quantity times price.").nullish(),
      parent_line_id: text(
        "The line that this one credits or adjusts: the amount billed changes, not the quantity.",
      ).nullish(),
    }),
  },
  accounts: {
    side: "usage",
    key: ["account_id"],
    description: "The vendor's word for a client: tenant, site, organisation, company.",
    schema: z.object({
      account_id: text("The vendor's id of the account."),
      account_name: text("The account's name at the vendor."),
      domain: text("The account's main domain.").nullish(),
    }),
  },
  products: {
    side: "usage",
    key: ["product_id"],
    description: "What the vendor counts: SKUs, device classes, plans.",
    schema: z.object({
      product_id: text("The vendor's id of the product."),
      product_name: text("The product's name."),
      unit: text("What one of it is.").nullish(),
      category: text("The vendor's own grouping.").nullish(),
      is_trial: boolean("Trials and free products are never billed.").nullish(),
      list_price: price("Price per unit and month in the workspace's currency.").nullish(),
      unit_cost: price("Cost per unit and month in the workspace's currency.").nullish(),
    }),
  },
  seats: {
    side: "usage",
    key: ["account_id", "product_id", "seat_id"],
    description: "One countable unit of one product: a person with two licences is two seats.",
    schema: z.object({
      seat_id: text("The vendor's id of the seat."),
      account_id: text("The account that it belongs to."),
      product_id: text("The product that it is one of."),
      kind: choice(seatKinds, "What the seat is. Blank: the vendor does not say.").nullish(),
      display_name: text("Name of the person or device.").nullish(),
      identifier: text("E-mail, user principal name, host name or serial number.").nullish(),
      status: choice(seatStatuses, "Blank counts as active.").nullish(),
      created_at: instant("When the seat was made.").nullish(),
      last_activity_at: instant("When it was last used. Blank: never, or not reported by the vendor.").nullish(),
      commitment_end: date("First day on which the seat can be given back.").nullish(),
    }),
  },
  counts: {
    side: "usage",
    key: ["account_id", "product_id", "metric", "as_of"],
    description: "Totals, for vendors that give numbers and not rows.",
    schema: z.object({
      account_id: text("The account counted."),
      product_id: text("The product counted."),
      metric: choice(metrics, "What the number means."),
      quantity: quantity("The number."),
      as_of: instant("When it was counted; the newest of several holds.").nullish(),
      commitment_end: date("First day on which the quantity can be reduced.").nullish(),
    }),
  },
} as const;

export type TableName = keyof typeof tables;

function columnOf(name: string, field: z.ZodType): CanonicalColumn {
  const required = !(field instanceof z.ZodOptional);
  const inner = (required ? field : (field as z.ZodOptional<z.ZodNullable<z.ZodType>>).unwrap().unwrap()) as z.ZodType;
  const {kind, choices = [], description} = inner.meta() as unknown as ColumnMeta;
  return {
    name,
    kind,
    required,
    choices,
    description,
    sqlType: sqlTypes[kind],
  };
}

/** The canonical tables by name, in the order in which they are documented and loaded. */
export const canonicalTables = Object.fromEntries(
  Object.entries(tables).map(([name, {side, key, description, schema}]) => [
    name,
    {
      name,
      side,
      key,
      description,
      schema,
      columns: Object.entries(schema.shape).map(([column, field]) => columnOf(column, field as z.ZodType)),
    },
  ]),
) as unknown as Readonly<Record<TableName, CanonicalTable>>;

/** The tables that a connection of this side may deliver. */
export function tablesOf(side: "psa" | "usage"): CanonicalTable[] {
  return Object.values(canonicalTables).filter((table) => table.side === side);
}
