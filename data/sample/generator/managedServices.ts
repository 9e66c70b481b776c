import {offers} from "./catalogue.js";
import type {Client} from "./clients.js";
import {compare} from "./comparison.js";
import type {Draft} from "./draft.js";
import {putInvoices} from "./invoices.js";
import {newServiceLines, putAgreementLine, supportLine} from "./lines.js";
import {saleOf} from "./sales.js";
import {putSeats} from "./seats.js";

/** What a client uses of every offer, what it is billed for that, and the differences that must be found. */
export function putManagedServices(draft: Draft, client: Client): void {
  const {month} = draft;
  const sales = offers.map((offer) => saleOf(client, offer));
  for (const sale of sales) {
    putSeats(draft, client, sale.offer, sale.usedAt(month));
    compare(draft, client, sale);
  }
  const billed = sales.filter(({plantAt}) => !plantAt(month)?.unbilled);
  const workplaces = sales.find(({serviceId}) => serviceId === "S-M365BP")?.usedAt(month) ?? 0;
  const others = [supportLine(client, workplaces), ...newServiceLines(client, month)];
  for (const sale of billed) putAgreementLine(draft, client, sale, sale.plantAt(month)?.includes);
  for (const line of others) putAgreementLine(draft, client, line);
  putInvoices(draft, client, [...billed, ...others]);
}
