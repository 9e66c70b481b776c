import {type CsvColumn, lastDay} from "../../src/lib/csv.js";
import {negated, withoutTrailingZeros} from "../../src/lib/format.js";
import {sumDecimals} from "../../src/lib/sumDecimals.js";
import {wasDueElsewhere} from "../../src/lib/wasDueElsewhere.js";

/** A row of the mart `adjustments`, every value as text. */
export type Adjustment = Readonly<Record<string, string | null>>;

export interface PsaLayout {
  readonly columns: readonly CsvColumn<Adjustment>[];
}

const column = (label: string, value: (row: Adjustment) => string | null): CsvColumn<Adjustment> => ({label, value});
const of = (label: string, name: string): CsvColumn<Adjustment> => column(label, (row) => row[name] ?? null);
const number = (label: string, name: string): CsvColumn<Adjustment> =>
  column(label, (row) => trimmed(row[name] ?? null));
/** A column of the mart as people get it: of a period its last day. */
export const columnOf = (name: string): CsvColumn<Adjustment> =>
  name === "period_end" ? lastDay<Adjustment>(name) : of(name, name);
/** Only for a line that is still to be made: an existing one keeps its own. */
const onNew = (label: string, value: (row: Adjustment) => string | null): CsvColumn<Adjustment> =>
  column(label, (row) => (row.agreement_line_id === null ? value(row) : null));

/** `"24.0000"` → `24`: what an importer takes for a number. */
function trimmed(value: string | null): string | null {
  return value === null ? null : withoutTrailingZeros(value);
}

/** What a person needs to judge a row; it stands behind the PSA's own columns. */
const context: readonly CsvColumn<Adjustment>[] = [
  ...["client_id", "client_name", "agreement_name", "service_name", "current_quantity", "new_quantity"],
  ...["change_quantity", "currency", "billing_cycle", "period_start", "period_end", "days_in_period", "days_left"],
  ...["period_amount", "monthly_amount", "prorated_amount", "due_amount", "decision_state", "decision", "reason"],
  ...["evidence", "owner", "decided_by", "adjustment_id"],
].map(columnOf);

/** Additions of agreements, in the words of ConnectWise PSA's object Addition. */
const connectwise: PsaLayout = {
  columns: [
    of("agreementId", "agreement_id"),
    of("id", "agreement_line_id"),
    of("product.id", "service_id"),
    number("quantity", "new_agreement_quantity"),
    number("lessIncluded", "included_quantity"),
    onNew("unitPrice", (row) => trimmed(row.unit_price ?? null)),
    onNew("billCustomer", () => "Billable"),
    column("effectiveDate", (row) => `${row.effective_date}T00:00:00Z`),
    ...context,
  ],
};

const isBundle = (row: Adjustment): boolean => row.service_id?.startsWith("bundle-") === true;
const withoutMark = (id: string | null | undefined): string | null => id?.replace(/^bundle-/, "") ?? null;

/** From the units of the contract, which may be those to come already while the invoice still bills the ones before. */
function unitChangeOf({change_quantity, agreement_quantity, new_agreement_quantity}: Adjustment): string | null {
  if (agreement_quantity == null) return change_quantity ?? null;
  return sumDecimals([new_agreement_quantity ?? null, negated(agreement_quantity)]);
}

/** Adjustments of units, in the words of Autotask's ContractServiceAdjustments and ContractServiceBundleAdjustments. */
const autotask: PsaLayout = {
  columns: [
    column("entity", (row) => (isBundle(row) ? "ContractServiceBundleAdjustments" : "ContractServiceAdjustments")),
    // A contract with several billing periods is several agreements here: 1207-monthly is contract 1207.
    column(
      "contractID",
      (row) => row.agreement_id?.replace(/-(monthly|quarterly|semiannual|annual|one_time)$/, "") ?? null,
    ),
    column("contractServiceID", (row) => (isBundle(row) ? null : (row.agreement_line_id ?? null))),
    column("serviceID", (row) => (isBundle(row) ? null : (row.service_id ?? null))),
    column("contractServiceBundleID", (row) => (isBundle(row) ? withoutMark(row.agreement_line_id) : null)),
    column("serviceBundleID", (row) => (isBundle(row) ? withoutMark(row.service_id) : null)),
    column("unitChange", (row) => trimmed(unitChangeOf(row))),
    onNew("adjustedUnitPrice", (row) => trimmed(row.unit_price ?? null)),
    of("effectiveDate", "effective_date"),
    ...context,
  ],
};

/**
 * Lines of recurring invoices, in the words of HaloPSA, which prorates by itself: once a pro rata line is invoiced, Halo adds its
 * quantity to `qty_order`, so that one of the two is entered.
 * https://usehalo.com/guide/pro-rata-pro-rating-on-recurring-invoices/
 */
const halopsa: PsaLayout = {
  columns: [
    of("recurring_invoice_id", "agreement_id"),
    of("id", "agreement_line_id"),
    of("_itemid", "service_id"),
    of("item_shortdescription", "service_name"),
    number("qty_order", "new_agreement_quantity"),
    onNew("unit_price", (row) => trimmed(row.unit_price ?? null)),
    of("startdate", "effective_date"),
    column("prorata_quantity", (row) => (wasDueElsewhere(row) ? "0" : trimmed(row.change_quantity ?? null))),
    ...context,
  ],
};

export const psaLayouts: Readonly<Record<string, PsaLayout>> = {connectwise, autotask, halopsa};
