import {billingCycleOf, monthsOfCycle, pricePerMonth} from "../billing.js";
import type {Connector} from "../connector.js";
import {rowsAt} from "../http/pages.js";
import {readStream} from "../readStream.js";
import {textOf} from "../values.js";
import {readAgreements} from "./agreements.js";
import {connect, list, type Settings, settingsSchema} from "./client.js";
import {readInvoices} from "./invoices.js";
import {catalogSchema, companySchema} from "./schemas.js";

/**
 * ConnectWise PSA: companies are clients, the catalogue is the services, additions are the lines of agreements.
 * https://developer.connectwise.com/Products/ConnectWise_PSA
 *
 * What is billed is what the additions say. When ConnectWise invoices an agreement it makes a product of each addition, of that
 * agreement and sold for no ticket, project or order. It does not name the addition, and would be billed besides it: it is left
 * out, so that an invoice shows that its agreement was invoiced, not how much of what. Other products on invoices are invoice
 * lines. An addition with DoNotBill is not billed and left out, one with NoCharge has the price 0. An addition's price is for
 * one billing cycle of its agreement. `billOneTimeFlag` is for what is billed once; `oneTimeFlag` says only that its hours do not
 * come anew. Statuses and types can be renamed in ConnectWise and are not relied on: a company is
 * inactive when it is deleted, an agreement is billed when its `agreementStatus` is Active, one that is cancelled for a later
 * day until then. The client is the agreement's company, whoever pays. `endDate` is the last day; `cancelledDate` of an
 * addition and `dateCancelled` of an agreement are taken as the first day that is no longer billed. `periodType` Future is
 * billing in advance; the others say nothing about it. A credit memo is no invoice of its agreement: it bills nothing.
 */

export const connectWisePsa: Connector<Settings> = {
  name: "connectwise-psa",
  side: "psa",
  description: "ConnectWise PSA: companies, agreements with their additions, the catalogue, invoices.",
  settings: settingsSchema,
  secrets: ["public_key", "private_key", "client_id"],

  async test(context) {
    const {body} = await connect(context).read({path: "/company/companies", query: {pageSize: 1, fields: "id,name"}});
    return `ConnectWise PSA answers; the API member ${rowsAt()(body).length > 0 ? "can read companies" : "sees no company yet"}.`;
  },

  async sync(context, sink) {
    const client = connect(context);
    const {settings} = context;
    await readStream(context, sink, {
      name: "companies",
      table: "clients",
      pages: list(client, "/company/companies", "id,name,deletedFlag,parentCompany"),
      schema: companySchema,
      toRows: ({id, name, deletedFlag, parentCompany}) => ({
        clients: [
          {
            client_id: id,
            client_name: name,
            status: deletedFlag ? "inactive" : "active",
            parent_client_id: parentCompany?.id,
          },
        ],
      }),
    });
    await readStream(context, sink, {
      name: "catalog",
      table: "services",
      pages: list(client, "/procurement/catalog", "id,identifier,description,category,price,cost,recurringBillCycle"),
      schema: catalogSchema,
      toRows: (item) => {
        // Prices for a cycle of unknown length are no prices a month.
        const name = item.recurringBillCycle?.name;
        const cycle = name ? billingCycleOf(name, settings.billing_cycles) : "monthly";
        const months = cycle === undefined ? null : monthsOfCycle[cycle];
        return {
          services: [
            {
              service_id: item.id,
              service_name: textOf(item.description) ?? textOf(item.identifier) ?? item.id,
              category: textOf(item.category?.name),
              list_price: pricePerMonth(item.price, months),
              unit_cost: pricePerMonth(item.cost, months),
            },
          ],
        };
      },
    });
    await readAgreements(context, sink, client);
    await readInvoices(context, sink, client);
    return {freshAt: context.now};
  },
};
