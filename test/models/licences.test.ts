import {describe, expect, it} from "vitest";
import {inTwoCurrencies, mail, margins, p1, purchase, run, sold, three} from "./marginWorlds.js";
import {link, pick, rule, seats} from "./ordinary.js";

describe("a licence", () => {
  it("that several services bill costs once, shared by what each counts, to the cent", async () => {
    const given = {
      services: [mail, {service_id: "server", service_name: "Server", unit: "device"}],
      products: [{...p1, unit_cost: "0.01"}],
      seats: [...seats(2), {...seats(1)[0], seat_id: "s", kind: "server"}],
      mappingServices: [rule("r1", {kinds: "user"}), rule("r2", {service_id: "server", kinds: "server"})],
    };
    expect(await margins(given)).toEqual([
      "mail USD 240.00 0.02 239.98 licence covered",
      "server USD 0.00 0.01 -0.01 licence not_billed",
    ]);
  });

  it("burdens the services sold in its own unit, not those that are only counted by it", async () => {
    const given = {
      services: [
        {service_id: "mail", service_name: "Mail", unit: "licence"},
        {service_id: "support", service_name: "Support", unit: "user", unit_cost: "30"},
      ],
      products: [{...p1, unit: "licence", unit_cost: "5"}],
      counts: [{...purchase, quantity: 25}],
      agreement_lines: [
        {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 20, unit_price: "12"},
        {agreement_line_id: "l2", agreement_id: "a1", service_id: "support", quantity: 20, unit_price: "80"},
      ],
      mappingServices: [rule("r1"), rule("r2", {service_id: "support"})],
    };
    expect(await margins(given)).toEqual([
      "mail USD 240.00 125.00 115.00 licence covered",
      "support USD 1600.00 600.00 1000.00 service covered",
    ]);
    expect(pick(await run(given), "licences", "billed_quantity", "unbilled_quantity", "revenue_monthly")).toEqual([
      {billed_quantity: "20.0000", unbilled_quantity: "5.0000", revenue_monthly: "240.00"},
    ]);
  });

  it("that no service bills stands as a row of its own", async () => {
    const given = {
      products: [
        {...p1, unit_cost: "5"},
        {product_id: "p2", product_name: "Extra", unit_cost: "2"},
      ],
      seats: [...seats(20), ...seats(3, {product_id: "p2"})],
    };
    expect(await margins(given)).toEqual([
      "mail USD 240.00 100.00 140.00 licence covered",
      "p2 USD 0.00 6.00 -6.00 licence not_billed",
    ]);
  });

  it("that a distributor sells and the vendor counts is paid once, by the distributor's count and cost", async () => {
    const given = sold(25, {}, {commitment_end: "2027-03-01"});
    expect(await margins(given)).toEqual(["mail USD 240.00 187.50 52.50 licence covered"]);
    const marts = await run({...given, counts: [...(given?.counts ?? []), {...purchase, quantity: 40}]});
    const columns = ["connection_id", "supplier_ids", "purchased_quantity", "used_quantity", "billed_quantity"];
    const left = ["unassigned_quantity", "unbilled_quantity", "unassigned_monthly", "unbilled_monthly"];
    expect(pick(marts, "licences", ...columns, ...left, "commitment_end", "is_committed")).toEqual([
      {
        connection_id: "m365",
        supplier_ids: "shop",
        purchased_quantity: "25.0000",
        used_quantity: "20.0000",
        billed_quantity: "20.0000",
        unassigned_quantity: "5.0000",
        unbilled_quantity: "5.0000",
        unassigned_monthly: "37.50",
        unbilled_monthly: "37.50",
        commitment_end: "2027-03-01",
        is_committed: true,
      },
    ]);
  });

  it("that two distributors sell is paid to each, the vendor's cost to the one that names none", async () => {
    const atStore = {connection_id: "store", account_id: "buyer", product_id: "offer"};
    const given = sold(20, {}, {commitment_end: "2026-12-01"});
    const marts = await run({
      ...given,
      connections: [...three.connections, {connection_id: "store", connector: "csv-usage", side: "usage"}],
      accounts: [...(given?.accounts ?? []), {connection_id: "store", account_id: "buyer", account_name: "Acme"}],
      products: [
        {...p1, unit_cost: "8"},
        ...(given?.products ?? []).slice(1),
        {connection_id: "store", product_id: "offer", product_name: "Exchange-Online"},
      ],
      counts: [
        ...(given?.counts ?? []),
        {...atStore, metric: "purchased", quantity: 10, commitment_end: "2026-11-30"},
        {...purchase, quantity: 99, commitment_end: "2027-01-01"},
      ],
      mappingClients: [...(given?.mappingClients ?? []), link("buyer", "acme", {connection_id: "store"})],
    });
    const columns = ["supplier_ids", "purchased_quantity", "unit_cost", "cost_monthly", "unassigned_monthly"];
    expect(pick(marts, "licences", ...columns, "commitment_end")).toEqual([
      {
        supplier_ids: "shop;store",
        purchased_quantity: "30.0000",
        unit_cost: "7.666667",
        cost_monthly: "230.00",
        unassigned_monthly: "76.67",
        commitment_end: "2027-01-01",
      },
    ]);
  });

  it("of another name at the distributor is another licence", async () => {
    expect(await margins(sold(25, {product_name: "Exchange Online Plan 2"}))).toEqual([
      "mail USD 240.00    cost_unknown",
      "offer USD 0.00 187.50 -187.50 licence not_billed",
    ]);
  });

  it("that two vendors name alike is two licences where both know who uses it", async () => {
    const given = {
      ...sold(25, {product_name: "Exchange Online"}),
      counts: [],
      seats: [...seats(20), ...seats(4, {connection_id: "shop", account_id: "buyer", product_id: "offer"})],
    };
    expect(await margins(given)).toEqual([
      "mail USD 240.00    cost_unknown",
      "offer USD 0.00 30.00 -30.00 licence not_billed",
    ]);
  });

  it("is bought for the first vendor in another connection who counts it, whoever comes before that", async () => {
    const marts = await run({
      ...sold(25, {product_name: "Exchange Online"}),
      products: [
        p1,
        {product_id: "p2", product_name: "Exchange Online"},
        {connection_id: "shop", product_id: "offer", product_name: "Exchange Online"},
      ],
      counts: [{...purchase, product_id: "p2", quantity: 7}],
      seats: [...seats(20), ...seats(4, {connection_id: "shop", account_id: "buyer", product_id: "offer"})],
    });
    expect(pick(marts, "licences", "connection_id", "product_id", "supplier_ids", "purchased_quantity")).toEqual([
      {connection_id: "m365", product_id: "p1", supplier_ids: null, purchased_quantity: null},
      {connection_id: "shop", product_id: "offer", supplier_ids: "m365", purchased_quantity: "7.0000"},
    ]);
  });

  it("whose commitment has ended may be given back", async () => {
    const marts = await run(sold(25, {}, {commitment_end: "2026-11-23"}));
    expect(pick(marts, "licences", "is_committed")).toEqual([{is_committed: false}]);
  });

  it("shares the revenue of a service with the other licences behind it, in proportion to their cost", async () => {
    const marts = await run({
      products: [
        {...p1, unit_cost: "1"},
        {product_id: "p2", product_name: "Archive", unit_cost: "2"},
      ],
      seats: [...seats(10), ...seats(10, {product_id: "p2"})],
      mappingServices: [rule("r1", {product_ids: "p1;p2"})],
    });
    expect(pick(marts, "licences", "product_id", "revenue_monthly", "cost_monthly", "billed_quantity")).toEqual([
      {product_id: "p1", revenue_monthly: "80.00", cost_monthly: "10.00", billed_quantity: null},
      {product_id: "p2", revenue_monthly: "160.00", cost_monthly: "20.00", billed_quantity: null},
    ]);
  });

  it("has its part of the revenue to the cent, whatever else is billed, and none of a service that sees nothing of it", async () => {
    const costs = {p1: "1", p2: "1", p3: "2", p4: null, p5: "3"};
    const services = ["dev", "mail"];
    const marts = await run({
      clients: ["acme", "other"].map((client_id) => ({client_id, client_name: client_id})),
      services: services.map((service_id) => ({service_id, service_name: service_id})),
      agreements: ["acme", "other"].map((id) => ({agreement_id: id, client_id: id, start_date: "2026-01-01"})),
      agreement_lines: ["acme", "other"].flatMap((id) =>
        services.map((service_id) => ({
          ...{agreement_line_id: `${id} ${service_id}`, agreement_id: id, service_id, quantity: 1},
          unit_price: service_id === "mail" ? "0.05" : "7",
        })),
      ),
      accounts: ["tenant", "second"].map((id) => ({account_id: id, account_name: id})),
      products: Object.entries(costs).map(([id, unit_cost]) => ({product_id: id, product_name: id, unit_cost})),
      seats: ["tenant", "second"].flatMap((account_id) =>
        Object.keys(costs).flatMap((product_id) =>
          seats(1, {account_id, product_id, kind: product_id === "p4" ? "device" : "user"}),
        ),
      ),
      mappingClients: [link("tenant", "acme"), link("second", "other")],
      mappingServices: [
        rule("r1", {product_ids: "p1;p2;p3;p4", kinds: "user"}),
        rule("r2", {service_id: "dev", product_ids: "p4", kinds: "device"}),
      ],
    });
    // A quarter of 0.05, up to half of it, the rest; what p4 costs is unknown, and mail need not know.
    const parts = {p1: "0.01", p2: "0.02", p3: "0.02", p4: "7.00", p5: "0.00"};
    expect(pick(marts, "licences", "client_id", "product_id", "revenue_monthly")).toEqual(
      ["acme", "other"].flatMap((client_id) =>
        Object.entries(parts).map(([product_id, revenue_monthly]) => ({client_id, product_id, revenue_monthly})),
      ),
    );
  });

  it("is paid for as often as it was purchased by each of several clients, by the PSA's cost where it has none", async () => {
    const ids = ["acme", "other"];
    const marts = await run({
      clients: ids.map((client_id) => ({client_id, client_name: client_id})),
      services: [{...mail, unit_cost: "5"}],
      accounts: ["tenant", "second"].map((id) => ({account_id: id, account_name: id})),
      seats: [...seats(20), ...seats(4, {account_id: "second"})],
      counts: [
        {...purchase, quantity: 30},
        {...purchase, account_id: "second", quantity: 6},
      ],
      mappingClients: [link("tenant", "acme"), link("second", "other")],
    });
    expect(pick(marts, "licences", "client_id", "cost_monthly", "charged_by", "unassigned_monthly")).toEqual([
      {client_id: "acme", cost_monthly: "150.00", charged_by: "purchased", unassigned_monthly: "50.00"},
      {client_id: "other", cost_monthly: "30.00", charged_by: "purchased", unassigned_monthly: "10.00"},
    ]);
  });

  it("has no known part of the revenue while the cost of another behind the service is unknown", async () => {
    const marts = await run({
      products: [
        {...p1, unit_cost: "1"},
        {product_id: "p2", product_name: "Archive"},
      ],
      seats: [...seats(10), ...seats(10, {product_id: "p2"})],
      mappingServices: [rule("r1", {product_ids: "p1;p2"})],
    });
    expect(pick(marts, "licences", "product_id", "revenue_monthly")).toEqual([
      {product_id: "p1", revenue_monthly: null},
      {product_id: "p2", revenue_monthly: null},
    ]);
  });

  it("is billed and paid for all the same where nothing is left of another that the service counts", async () => {
    const marts = await run({
      services: [{...mail, unit_cost: "5"}],
      products: [p1, {product_id: "p2", product_name: "Archive"}],
      seats: [...seats(20), ...seats(1, {product_id: "p2", status: "deleted"})],
      counts: [{...purchase, quantity: 30}],
      mappingServices: [rule("r1", {product_ids: "p1;p2"})],
    });
    expect(pick(marts, "licences", "product_id", "service_ids", "billed_quantity", "cost_monthly")).toEqual([
      {product_id: "p1", service_ids: "mail", billed_quantity: "20.0000", cost_monthly: "150.00"},
      {product_id: "p2", service_ids: null, billed_quantity: "0.0000", cost_monthly: null},
    ]);
  });

  it("is used by nobody where the vendor lists deleted seats only", async () => {
    const marts = await run({...sold(25), seats: seats(2, {status: "deleted"})});
    const columns = ["connection_id", "supplier_ids", "used_quantity", "unassigned_quantity"];
    expect(pick(marts, "licences", ...columns)).toEqual([
      {connection_id: "m365", supplier_ids: "shop", used_quantity: "0.0000", unassigned_quantity: "25.0000"},
    ]);
  });

  it("has no known cost where a part of the service that it stands for is billed in another currency", async () => {
    const marts = await run(inTwoCurrencies);
    expect(pick(marts, "licences", "cost_monthly", "cost_basis", "charged_by", "charged_quantity")).toEqual([
      {cost_monthly: null, cost_basis: null, charged_by: "used", charged_quantity: "20.0000"},
    ]);
  });

  it("counts among the unused ones of a client who is billed in another currency only", async () => {
    const marts = await run({
      agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", currency: "EUR"}],
      products: [{...p1, unit_cost: "5"}],
      counts: [{...purchase, quantity: 24}],
    });
    expect(pick(marts, "margin_summary", "currency", "revenue_monthly", "cost_monthly", "unassigned_monthly")).toEqual([
      {currency: "EUR", revenue_monthly: "240.00", cost_monthly: null, unassigned_monthly: null},
      {currency: "USD", revenue_monthly: "0.00", cost_monthly: null, unassigned_monthly: "20.00"},
    ]);
    const unbilled = await run({
      agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", currency: "EUR"}],
      agreement_lines: [],
      products: [{...p1, unit_cost: "5"}],
      counts: [{...purchase, quantity: 20}],
      mappingServices: [rule("r1", {count: "assigned"})],
    });
    expect(pick(unbilled, "margin_clients", "currency", "unassigned_monthly", "unbilled_monthly")).toEqual([
      {currency: "USD", unassigned_monthly: "0.00", unbilled_monthly: "100.00"},
    ]);
  });

  it("is no billing gap where one of its accounts is left out by decision", async () => {
    const marts = await run({
      products: [{...p1, unit_cost: "5"}],
      accounts: [
        {account_id: "tenant", account_name: "Acme"},
        {account_id: "branch", account_name: "Acme"},
      ],
      counts: [
        {...purchase, quantity: 20},
        {...purchase, account_id: "branch", quantity: 10},
      ],
      mappingClients: [link("tenant", "acme"), link("branch", "acme")],
      mappingExclusions: [{connection_id: "m365", account_id: "branch", reason: "part of the flat fee"}],
    });
    expect(pick(marts, "licences", "cost_monthly", "billed_quantity", "unbilled_quantity")).toEqual([
      {cost_monthly: "150.00", billed_quantity: null, unbilled_quantity: null},
    ]);
  });

  it("left out by decision costs, but is no billing gap", async () => {
    const marts = await run({
      products: [{...p1, unit_cost: "5"}],
      counts: [{...purchase, quantity: 20}],
      mappingServices: [],
      mappingExclusions: [{connection_id: "m365", product_id: "p1", reason: "part of the flat fee"}],
    });
    expect(pick(marts, "licences", "cost_monthly", "billed_quantity", "unbilled_quantity")).toEqual([
      {cost_monthly: "100.00", billed_quantity: null, unbilled_quantity: null},
    ]);
  });

  it("of an account that belongs to no client costs no client", async () => {
    const marts = await run({products: [{...p1, unit_cost: "5"}], mappingClients: []});
    expect(marts.licences).toEqual([]);
  });
});
