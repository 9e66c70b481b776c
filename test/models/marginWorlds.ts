import {reconcileRows} from "./harness.js";
import {type Given, link, ordinaryWorld} from "./ordinary.js";

export const mail = {service_id: "mail", service_name: "Mail protection", unit: "user"};
export const p1 = {product_id: "p1", product_name: "Exchange Online"};
export const purchase = {account_id: "tenant", product_id: "p1", metric: "purchased"};
export const three = {
  connections: [
    {connection_id: "psa", connector: "csv-psa", side: "psa"},
    {connection_id: "m365", connector: "csv-usage", side: "usage"},
    {connection_id: "shop", connector: "csv-usage", side: "usage"},
  ],
};

/** Ten units in dollars and five in euros. */
export const inTwoCurrencies: Given = {
  services: [{...mail, unit_cost: "5"}],
  agreements: [
    {agreement_id: "a1", client_id: "acme", start_date: "2026-01-01"},
    {agreement_id: "a2", client_id: "acme", start_date: "2026-01-01", currency: "EUR"},
  ],
  agreement_lines: [
    {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 10, unit_price: "12"},
    {agreement_line_id: "l2", agreement_id: "a2", service_id: "mail", quantity: 5, unit_price: "12"},
  ],
};

export async function run(given: Given = {}) {
  return reconcileRows(ordinaryWorld({used: 20, ...given}), [
    ...["licences", "margin", "margin_clients", "margin_summary", "services_billed", "summary"],
  ]);
}

/** Revenue, cost, margin, basis and state of each row of margin. */
export async function margins(given: Given = {}): Promise<string[]> {
  const rows = (await run(given)).margin ?? [];
  return rows
    .map((row) =>
      [
        row.service_id ?? row.product_id ?? "-",
        row.currency,
        row.revenue_monthly,
        row.cost_monthly,
        row.margin_monthly,
        row.cost_basis,
        row.margin_state,
      ].join(" "),
    )
    .sort();
}

/** A distributor that sells p1 under another id and knows only what was purchased. */
export function sold(quantity: number, offer = {}, count = {}): Given {
  return {
    ...three,
    accounts: [
      {account_id: "tenant", account_name: "Acme"},
      {connection_id: "shop", account_id: "buyer", account_name: "Acme"},
    ],
    products: [
      p1,
      {connection_id: "shop", product_id: "offer", product_name: "EXCHANGE online", unit_cost: "7.50", ...offer},
    ],
    counts: [
      {connection_id: "shop", account_id: "buyer", product_id: "offer", metric: "purchased", quantity, ...count},
    ],
    mappingClients: [link("tenant", "acme"), link("buyer", "acme", {connection_id: "shop"})],
  };
}
