import {monthsBefore} from "../billing.js";
import type {ConnectorContext, Sink} from "../connector.js";
import type {HttpClient} from "../http/client.js";
import {readStream} from "../readStream.js";
import {addDecimals, dateOf, decimalOf, lookUp, textOf} from "../values.js";
import {list, type Settings} from "./client.js";
import {invoiceSchema, productSchema} from "./schemas.js";

/** Reads the invoices of the last months, and the products on them. */
export async function readInvoices(context: ConnectorContext<Settings>, sink: Sink, client: HttpClient): Promise<void> {
  const {settings} = context;
  const since = `${monthsBefore(context.now, settings.invoice_months)}T00:00:00Z`;
  const typeOf = new Map<string, string | null | undefined>();
  await readStream(context, sink, {
    name: "invoices",
    table: "invoices",
    pages: list(
      client,
      "/finance/invoices",
      "id,invoiceNumber,company,agreement,type,status,date,subtotal,currency",
      `date >= [${since}]`,
    ),
    schema: invoiceSchema,
    toRows: (invoice) => {
      typeOf.set(invoice.id, invoice.type);
      return {
        invoices: [
          {
            invoice_id: invoice.id,
            invoice_number: textOf(invoice.invoiceNumber),
            client_id: invoice.company.id,
            agreement_id: invoice.type === "CreditMemo" ? null : invoice.agreement?.id,
            invoice_date: dateOf(invoice.date),
            status: lookUp(settings.invoice_statuses, invoice.status?.name) ?? "posted",
            currency: textOf(invoice.currency?.currencyCode),
            total: decimalOf(invoice.subtotal),
          },
        ],
      };
    },
  });
  await readStream(context, sink, {
    name: "products",
    table: "invoice_lines",
    pages: list(
      client,
      "/procurement/products",
      "id,catalogItem,description,quantity,quantityCancelled,price,billableOption,cancelledFlag,invoice,agreement,ticket,project,salesOrder",
      `invoice/id > 0 and lastUpdated >= [${since}]`,
    ),
    schema: productSchema,
    toRows: (product) => {
      const isBilled = !product.cancelledFlag && product.billableOption !== "DoNotBill";
      const isSold = Boolean(product.ticket ?? product.project ?? product.salesOrder);
      const isAddition = typeOf.get(product.invoice.id) === "Agreement" && product.agreement && !isSold;
      if (!isBilled || isAddition || !typeOf.has(product.invoice.id)) return {};
      return {
        invoice_lines: [
          {
            invoice_line_id: product.id,
            invoice_id: product.invoice.id,
            service_id: product.catalogItem?.id,
            description: textOf(product.description),
            quantity: addDecimals(product.quantity, -(product.quantityCancelled ?? 0)),
            unit_price: product.billableOption === "NoCharge" ? "0" : decimalOf(product.price),
          },
        ],
      };
    },
  });
}
