import type {z} from "zod";
import {monthsBefore} from "../billing.js";
import type {ConnectorContext, Sink} from "../connector.js";
import type {HttpClient} from "../http/client.js";
import {linked, readStream} from "../readStream.js";
import {addDecimals, dateOf, dayAfter, decimalOf, textOf} from "../values.js";
import {createAdjustments} from "./adjustments.js";
import {list, type Settings} from "./client.js";
import {agreementOf, bundle, type Currencies, collect, type Line} from "./contracts.js";
import {billingItemSchema, invoiceSchema} from "./schemas.js";

/** What an item comes to without tax: its total is the extended price, with or without the tax. */
function amountOf({totalAmount, extendedPrice, taxDollars}: z.output<typeof billingItemSchema>): string | null {
  if (!totalAmount || !taxDollars || extendedPrice === null || extendedPrice === undefined)
    return decimalOf(totalAmount);
  const beyond = totalAmount - extendedPrice;
  return Math.abs(beyond - taxDollars) < Math.abs(beyond)
    ? addDecimals(totalAmount, -taxDollars)
    : decimalOf(totalAmount);
}

/** Reads billing items as invoice lines, each with the contract's service that it bills, and the invoices that they are on. */
export async function readInvoices(
  context: ConnectorContext<Settings>,
  sink: Sink,
  client: HttpClient,
  lines: ReadonlyMap<string, Line>,
  currencies: Currencies,
): Promise<void> {
  const since = monthsBefore(context.now, context.settings.invoice_months);
  const lineOf = new Map([...lines.values()].map((line) => [JSON.stringify([line.contract, line.service]), line]));
  const agreementsOf = new Map<string, Set<string>>();
  const adjustments = createAdjustments();
  await readStream(context, sink, {
    name: "BillingItems",
    table: "invoice_lines",
    pages: list(client, "BillingItems", {op: "gte", field: "postedDate", value: since}),
    schema: billingItemSchema,
    toRows: (item) => {
      // Not yet on an invoice.
      const invoice = linked(item.invoiceID);
      if (invoice === null) return {};
      const sold = linked(item.serviceBundleID);
      const service = sold === null ? linked(item.serviceID) : bundle(sold);
      const named = linked(item.contractServiceBundleID);
      const line =
        lines.get(named === null ? (item.contractServiceID ?? "") : bundle(named)) ??
        lineOf.get(JSON.stringify([item.contractID, service]));
      if (line !== undefined) collect(agreementsOf, invoice, agreementOf(line.contract, line.cycle));
      // A milestone, say, is an amount without units. Those of a service are not guessed.
      const isAmount = line === undefined && service === null && (item.quantity ?? null) === null;
      const row = {
        invoice_line_id: item.id,
        invoice_id: invoice,
        agreement_line_id: line?.id,
        service_id: service,
        description: textOf(item.description) ?? textOf(item.itemName),
        quantity: isAmount ? "1" : decimalOf(item.quantity),
        unit_price:
          item.totalAmount === 0 && item.quantity !== 0 ? "0" : isAmount ? amountOf(item) : decimalOf(item.rate),
        amount: amountOf(item),
      };
      if (line === undefined) return {invoice_lines: [row]};
      const placed = {id: item.id, invoice, line: line.id, date: dateOf(item.itemDate)};
      const adjustment = linked(item.contractServiceAdjustmentID) ?? linked(item.contractServiceBundleAdjustmentID);
      if (adjustment === null) {
        adjustments.charge(placed);
        return {invoice_lines: [row]};
      }
      adjustments.adjust(placed, row);
      return {};
    },
  });
  await sink.write("invoice_lines", adjustments.rows(), {place: "POST /BillingItems/query"});
  await readStream(context, sink, {
    name: "Invoices",
    table: "invoices",
    pages: list(client, "Invoices", {op: "gte", field: "invoiceDateTime", value: since}),
    schema: invoiceSchema,
    toRows: (invoice) => {
      const agreements = [...(agreementsOf.get(invoice.id) ?? [])];
      return {
        invoices: [
          {
            invoice_id: invoice.id,
            invoice_number: textOf(invoice.invoiceNumber),
            client_id: invoice.companyID,
            agreement_id: agreements.length === 1 ? agreements[0] : null,
            invoice_date: dateOf(invoice.invoiceDateTime),
            period_start: dateOf(invoice.fromDate),
            period_end: dayAfter(invoice.toDate),
            status: invoice.isVoided ? "void" : "posted",
            currency: currencies.get(invoice.companyID) ?? null,
            total: decimalOf(invoice.invoiceTotal),
          },
        ],
      };
    },
  });
}
