import {clientOf, type Draft, put, type Row} from "./draft.js";
import {putCount, putProduct, putSeat} from "./usageRows.js";

const basic = "3b555118-da6a-4418-894f-7df1e2096870";
const copilot = "639dec6b-bb19-468b-871c-c5c441c4b0cb";

/** Services that are not counted one seat for one unit, or not sold to everybody. */
const services = [
  {id: "S-SRV", name: "Managed Server", unit: "device", price: "45.00", cost: "8.00"},
  {id: "S-WRK", name: "Workplace Bundle", unit: "user", price: "68.00", cost: "31.00"},
  {id: "S-STO", name: "Backup Storage, 100 GB", unit: "gb", price: "9.00", cost: "2.20"},
  {id: "S-COP", name: "Microsoft 365 Copilot", unit: "licence", price: "30.00", cost: "25.50"},
] as const;

const rules: readonly Row[] = [
  {rule_id: "R30", service_id: "S-SRV", connection_id: "rmm", product_ids: "rmm-server", kinds: "server"},
  ...["C1051", "C1052"].flatMap((client, index): Row[] => [
    {
      rule_id: `R${31 + index * 2}`,
      service_id: "S-WRK",
      connection_id: "m365",
      product_ids: basic,
      client_id: client,
      count: "identities",
      minimum: 10,
      note: "A person counts once, however many systems know them",
    },
    {
      rule_id: `R${32 + index * 2}`,
      service_id: "S-WRK",
      connection_id: "mfa",
      product_ids: "mfa-essentials",
      client_id: client,
      count: "identities",
      minimum: 10,
    },
  ]),
  {
    rule_id: "R35",
    service_id: "S-STO",
    connection_id: "backup",
    product_ids: "bkp-storage",
    count: "reported",
    multiplier: "0.01",
    note: "Sold in blocks of 100 GB",
  },
  {
    rule_id: "R36",
    service_id: "S-STO",
    connection_id: "backup",
    product_ids: "bkp-storage",
    client_id: "C1054",
    count: "reported",
    multiplier: "0.01",
    maximum: 20,
    note: "Capped by contract",
  },
  {rule_id: "R37", service_id: "S-COP", connection_id: "m365", product_ids: copilot, count: "assigned"},
];

/** Servers in use by client. Client 61 pays for two and has none. */
const servers: Readonly<Record<number, number>> = {62: 4, 63: 5};

/**
 * Plants what takes more than a seat for a unit: servers, people known to two systems with a minimum, storage that a vendor
 * reports as a total (by blocks, and capped), licences that are assigned, a client billed in two currencies, a service
 * billed by month and by year, and a service that is paid for and not used at all.
 */
export function putArrangements(draft: Draft): void {
  for (const {id, name, unit, price, cost} of services) {
    put(draft, "imports/psa/services", {
      service_id: id,
      service_name: name,
      category: "Managed services",
      unit,
      list_price: price,
      unit_cost: cost,
    });
  }
  put(draft, "mappings/services", ...rules.map((rule) => ({status: "active", ...rule})));
  putProducts(draft);
  putUsage(draft);
  const line = (client: number, serviceId: string, quantity: number, given: Row = {}): void =>
    put(draft, "imports/psa/agreement_lines", {
      agreement_line_id: `AL${client}-${serviceId}`,
      agreement_id: `A${client}`,
      service_id: serviceId,
      description: services.find(({id}) => id === serviceId)?.name ?? null,
      quantity,
      unit_price: services.find(({id}) => id === serviceId)?.price ?? null,
      ...given,
    });
  line(51, "S-WRK", 13);
  line(52, "S-WRK", 10);
  line(53, "S-STO", 12);
  line(54, "S-STO", 20);
  line(55, "S-COP", 3);
  line(61, "S-SRV", 2);
  line(62, "S-SRV", 4);
  agreement(draft, 62, "A62-eur", "Branch in Dublin", "monthly", "EUR");
  line(62, "S-SRV", 1, {agreement_line_id: "AL62-eur", agreement_id: "A62-eur", unit_price: "41.00"});
  line(63, "S-SRV", 2);
  agreement(draft, 63, "A63-year", "Servers, paid yearly", "annual", "USD");
  line(63, "S-SRV", 2, {agreement_line_id: "AL63-year", agreement_id: "A63-year", unit_price: "480.00"});

  const found = (client: string, service: string, given: Row): Row => ({
    client_id: client,
    service_id: service,
    product_id: null,
    currency: "USD",
    count_state: "known",
    rate_basis: "agreement_line",
    discrepancy_type: "calculated",
    likely_cause: "billing_gap",
    ...given,
  });
  draft.answers.discrepancies.push(
    // Twelve people in Microsoft 365, nine of them and two more in the sign-in: fourteen.
    found("C1051", "S-WRK", difference("13.0000", "14.0000", "1.0000", "68.000000", "68.00")),
    // 1,240 GB are twelve blocks and a part of one.
    found("C1053", "S-STO", difference("12.0000", "13.0000", "1.0000", "9.000000", "9.00")),
    found("C1061", "S-SRV", {
      ...difference("2.0000", "0.0000", "-2.0000", "45.000000", "-90.00"),
      count_state: "known_zero",
    }),
    // Two at 45 a month and two at 480 a year, which is 40 a month: 42.50 in the mean.
    found("C1063", "S-SRV", difference("4.0000", "5.0000", "1.0000", "42.500000", "42.50")),
  );
}

function difference(invoiced: string, expected: string, delta: string, rate: string, impact: string): Row {
  return {
    invoiced_quantity: invoiced,
    expected_quantity: expected,
    delta_quantity: delta,
    unit_rate: rate,
    impact_amount: impact,
    impact_monthly: impact,
  };
}

function putProducts(draft: Draft): void {
  const product = (connection: string, id: string, name: string, unit: string): void =>
    putProduct(draft, connection, {product_id: id, product_name: name, unit});
  product("rmm", "rmm-server", "Managed agent, server", "device");
  product("m365", basic, "Microsoft 365 Business Basic", "licence");
  product("m365", copilot, "Microsoft 365 Copilot", "licence");
  product("mfa", "mfa-essentials", "MFA Essentials", "user");
  product("backup", "bkp-storage", "Cloud storage", "gb");
}

function putUsage(draft: Draft): void {
  const seat = (connection: string, client: number, product: string, kind: string, id: string, identifier: string) =>
    putSeat(draft, connection, {
      seat_id: id,
      account_id: `${connection}-${client}`,
      product_id: product,
      kind,
      display_name: id.toUpperCase(),
      identifier,
      last_activity_at: "2026-11-20T08:15:00Z",
    });
  for (const [client, count] of Object.entries(servers)) {
    for (let server = 1; server <= count; server++) {
      seat("rmm", Number(client), "rmm-server", "server", `srv-${client}-${server}`, `srv-${client}-${server}`);
    }
  }
  const person = (client: number, number: number): string => `person${number}@${clientOf(draft, client).domain}`;
  for (let number = 1; number <= 12; number++) {
    seat("m365", 51, basic, "user", `basic-51-${number}`, person(51, number));
  }
  // Systems do not agree on capitals.
  for (let number = 4; number <= 14; number++) {
    seat("mfa", 51, "mfa-essentials", "user", `essentials-51-${number}`, person(51, number).toUpperCase());
  }
  for (let number = 1; number <= 6; number++) {
    seat("m365", 52, basic, "user", `basic-52-${number}`, person(52, number));
    seat("mfa", 52, "mfa-essentials", "user", `essentials-52-${number}`, person(52, number));
  }
  const count = (connection: string, client: number, product: string, metric: string, quantity: string): void =>
    putCount(draft, connection, {account_id: `${connection}-${client}`, product_id: product, metric, quantity});
  count("backup", 53, "bkp-storage", "reported", "1240");
  count("backup", 54, "bkp-storage", "reported", "3150.5");
  count("m365", 55, copilot, "purchased", "5");
  count("m365", 55, copilot, "assigned", "3");
}

function agreement(draft: Draft, client: number, id: string, name: string, cycle: string, currency: string): void {
  put(draft, "imports/psa/agreements", {
    agreement_id: id,
    client_id: clientOf(draft, client).clientId,
    agreement_name: name,
    status: "active",
    billing_cycle: cycle,
    billing_timing: "advance",
    start_date: "2026-03-01",
    currency,
  });
}
