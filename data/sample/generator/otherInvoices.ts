import type {Client} from "./clients.js";
import {type Draft, flag, put} from "./draft.js";

/** Invoices beside those of managed services, in the present month. */
export function putOtherInvoices(draft: Draft, client: Client): void {
  if (!draft.isPresent) return;
  if (client.number === 35) putEndedAgreement(draft, client);
  if (client.number === 41) putUncountedInvoices(draft, client);
}

/** An agreement that ended and is invoiced for the month after. */
function putEndedAgreement(draft: Draft, client: Client): void {
  const [agreement_id, agreement_line_id, invoice_id, invoice_line_id] = [
    "A35-old",
    "AL35-old",
    "I35-old",
    "I35-old-1",
  ];
  const ended = "2026-11-01";
  const what = {service_id: "S-LAB", description: "Labour", quantity: 1, unit_price: "95.00"};
  put(draft, "imports/psa/agreements", {
    agreement_id,
    client_id: client.clientId,
    agreement_name: "Old projects",
    status: "expired",
    billing_cycle: "monthly",
    billing_timing: "advance",
    start_date: "2025-01-01",
    end_date: ended,
    currency: "USD",
  });
  put(draft, "imports/psa/agreement_lines", {agreement_line_id, agreement_id, ...what});
  put(draft, "imports/psa/invoices", {
    invoice_id,
    invoice_number: "INV-035-OLD",
    client_id: client.clientId,
    agreement_id,
    invoice_date: ended,
    period_start: ended,
    period_end: "2026-12-01",
    status: "sent",
    currency: "USD",
    total: "95.00",
  });
  put(draft, "imports/psa/invoice_lines", {invoice_line_id, invoice_id, agreement_line_id, ...what, amount: "95.00"});
  flag(draft, {code: "agreement_ended", client, invoice: invoice_id, line: invoice_line_id, cents: 9500});
}

/** A draft and a void one, which do not count. */
function putUncountedInvoices(draft: Draft, client: Client): void {
  for (const status of ["draft", "void"]) {
    const invoice_id = `I41-11-${status}`;
    put(draft, "imports/psa/invoices", {
      invoice_id,
      client_id: client.clientId,
      agreement_id: client.agreementId,
      invoice_date: "2026-11-01",
      period_start: "2026-11-01",
      period_end: "2026-12-01",
      status,
      currency: client.currency,
      total: "120.00",
    });
    put(draft, "imports/psa/invoice_lines", {
      invoice_line_id: `${invoice_id}-1`,
      invoice_id,
      agreement_line_id: "AL41-S-RMM",
      service_id: "S-RMM",
      description: "Managed Endpoint",
      quantity: 10,
      unit_price: "12.00",
      amount: "120.00",
    });
  }
}
