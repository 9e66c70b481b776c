import {offers} from "./catalogue.js";
import {type Client, cycles} from "./clients.js";
import {type Draft, flag, put} from "./draft.js";
import {addLine, agreedLines, charge, type Invoice, lineOf, totalOf} from "./invoice.js";
import {flagLines, plantFaults} from "./invoiceFaults.js";
import type {Line} from "./lines.js";
import {cents, money} from "./money.js";
import {episodes, monthStart} from "./story.js";

/** The client's invoices up to the draft's month, as agreed but for what is planted. */
export function putInvoices(draft: Draft, client: Client, lines: readonly Line[]): void {
  const due = cycles[client.cycle].due.filter((month) => month <= draft.month);
  for (const month of due) {
    const isLast = month === due.at(-1);
    const invoice = draftInvoice(client, lines, month, draft.isPresent && isLast);
    plantFaults(draft, invoice);
    if (!invoice.isIssued) continue;
    tellStory(draft, invoice);
    flagLines(draft, invoice);
    put(draft, "imports/psa/invoices", {
      invoice_id: invoice.id,
      invoice_number: `INV-${String(client.number).padStart(3, "0")}-${month}`,
      client_id: client.clientId,
      agreement_id: client.agreementId,
      invoice_date: monthStart(month),
      period_start: invoice.periodStart,
      period_end: invoice.periodEnd,
      status: isLast ? "sent" : "paid",
      currency: invoice.currency,
      total: money(totalOf(invoice)),
    });
    put(draft, "imports/psa/invoice_lines", ...invoice.lines);
  }
}

function draftInvoice(client: Client, lines: readonly Line[], month: number, isNewest: boolean): Invoice {
  const id = `I${client.number}-${month}`;
  const {months} = cycles[client.cycle];
  const start = client.timing === "arrears" ? month - months : month;
  return {
    id,
    client,
    month,
    isNewest,
    lines: agreedLines(id, lines, month),
    periodStart: monthStart(start),
    periodEnd: monthStart(start + months),
    currency: client.currency,
    totalError: 0,
    isIssued: true,
  };
}

/** Credits, and prices that change, in the month that the story has them in. */
function tellStory(draft: Draft, invoice: Invoice): void {
  const {client, month} = invoice;
  for (const {service, credit, price} of episodes.filter((episode) => episode.client === client.number)) {
    const line = lineOf(invoice, service);
    if (credit?.month === month) {
      addLine(invoice, {
        invoice_line_id: `${invoice.id}-C`,
        service_id: service,
        description: "Credit for earlier months",
        parent_line_id: line.invoice_line_id ?? null,
        ...charge(-credit.units, cents(line.unit_price)),
      });
    }
    if (price?.from === month) {
      const before = cents(offers.find(({serviceId}) => serviceId === service)?.listPrice);
      const stake = (price.cents - before) * Number(line.quantity);
      flag(draft, {
        code: "price_changed",
        client,
        invoice: invoice.id,
        line: String(line.invoice_line_id),
        cents: stake,
      });
    }
  }
}
