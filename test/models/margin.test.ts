import {describe, expect, it} from "vitest";
import {inTwoCurrencies, mail, margins, p1, purchase, run} from "./marginWorlds.js";
import {type Given, invoiced, link, pick, rule, seats} from "./ordinary.js";

describe("the cost of a service", () => {
  it("is not known, rather than 0, where nobody says it", async () => {
    expect(await margins()).toEqual(["mail USD 240.00    cost_unknown"]);
    const marts = await run();
    expect(pick(marts, "margin_summary", "margin_monthly", "uncosted_revenue_monthly", "uncosted_share")).toEqual([
      {margin_monthly: null, uncosted_revenue_monthly: "240.00", uncosted_share: "1.000000"},
    ]);
  });

  it.each<[string, Given, string]>([
    [
      "the used seats, where the vendor names a cost",
      {products: [{...p1, unit_cost: "5"}]},
      "100.00 140.00 licence covered",
    ],
    [
      "what was purchased, where that is known",
      {products: [{...p1, unit_cost: "5"}], counts: [{...purchase, quantity: 30}]},
      "150.00 90.00 licence covered",
    ],
    [
      "what was purchased, by the PSA's cost where the vendor names none",
      {services: [{...mail, unit_cost: "5"}], counts: [{...purchase, quantity: 30}]},
      "150.00 90.00 service covered",
    ],
    [
      "seats that no rule counts, as long as they exist",
      {products: [{...p1, unit_cost: "5"}], mappingServices: [rule("r1", {kinds: "device"})]},
      "100.00 140.00 licence covered",
    ],
    [
      "the PSA's cost of the service, times what is used",
      {services: [{...mail, unit_cost: "5"}], used: 24},
      "120.00 120.00 service covered",
    ],
    [
      "the agreement line's cost before the service's",
      {
        services: [{...mail, unit_cost: "5"}],
        agreement_lines: [
          {
            agreement_line_id: "l1",
            agreement_id: "a1",
            service_id: "mail",
            quantity: 20,
            unit_price: "12",
            unit_cost: "4",
          },
        ],
      },
      "80.00 160.00 agreement_line covered",
    ],
    [
      "the billed quantity, where nothing is counted",
      {services: [{...mail, unit_cost: "5"}], mappingServices: []},
      "100.00 140.00 service covered",
    ],
    [
      "the plain mean of its lines, where they bill nothing together",
      {
        ...invoiced([
          {agreement_line_id: "l1", quantity: 40},
          {agreement_line_id: "l2", quantity: -40, unit_price: "6"},
        ]),
        agreement_lines: ["4", "7"].map((unit_cost, n) => ({
          ...{agreement_line_id: `l${n + 1}`, agreement_id: "a1", service_id: "mail", quantity: 20, unit_cost},
        })),
      },
      "110.00 130.00 agreement_line covered",
    ],
    ["more than is billed", {products: [{...p1, unit_cost: "13"}]}, "260.00 -20.00 licence below_cost"],
  ])("is that of %s", async (_, given, expected) => {
    const rows = await margins(given);
    expect(rows).toContain(`mail USD 240.00 ${expected}`);
  });

  it("takes an agreement line's cost by its billing cycle", async () => {
    const annual = {
      agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", billing_cycle: "annual"}],
      agreement_lines: [
        {
          agreement_line_id: "l1",
          agreement_id: "a1",
          service_id: "mail",
          quantity: 20,
          unit_price: "120",
          unit_cost: "60",
        },
      ],
    };
    expect(await margins(annual)).toEqual(["mail USD 200.00 100.00 100.00 agreement_line covered"]);
  });

  it("covers included units as well", async () => {
    const included = {
      services: [{...mail, unit_cost: "5"}],
      agreement_lines: [
        {
          agreement_line_id: "l1",
          agreement_id: "a1",
          service_id: "mail",
          quantity: 20,
          included_quantity: 5,
          unit_price: "12",
        },
      ],
    };
    expect(await margins(included)).toEqual(["mail USD 180.00 100.00 80.00 service covered"]);
  });

  it("does not count trials or deleted seats", async () => {
    const given = {
      products: [
        {...p1, unit_cost: "5"},
        {product_id: "p2", product_name: "Trial", unit_cost: "9", is_trial: true},
      ],
      seats: [...seats(20), ...seats(3, {product_id: "p2"}), {...seats(1)[0], seat_id: "gone", status: "deleted"}],
    };
    expect(await margins(given)).toEqual(["mail USD 240.00 100.00 140.00 licence covered"]);
  });

  it("falls back on the PSA's where one of several licences behind it names none, else is unknown and says which", async () => {
    const two = {
      products: [
        {...p1, unit_cost: "5"},
        {product_id: "p2", product_name: "Archive"},
      ],
      seats: [...seats(20), ...seats(2, {product_id: "p2"})],
      mappingServices: [rule("r1", {product_ids: "p1;p2"})],
    };
    expect(await margins({...two, services: [{...mail, unit_cost: "6"}]})).toEqual([
      "mail USD 240.00 132.00 108.00 service covered",
    ]);
    const unknown = await run(two);
    expect(pick(unknown, "margin", "cost_monthly", "margin_state", "uncosted_products")).toEqual([
      {cost_monthly: null, margin_state: "cost_unknown", uncosted_products: "Archive"},
    ]);
  });

  it("is by the PSA's cost that of what is purchased in one account and used in another", async () => {
    const given = {
      services: [{...mail, unit_cost: "5"}],
      accounts: [
        {account_id: "tenant", account_name: "Acme"},
        {account_id: "branch", account_name: "Acme"},
      ],
      seats: [...seats(10), ...seats(4, {account_id: "branch"})],
      counts: [{...purchase, quantity: 12}],
      mappingClients: [link("tenant", "acme"), link("branch", "acme")],
    };
    expect(await margins(given)).toEqual(["mail USD 240.00 80.00 160.00 service covered"]);
  });

  it("is never set against revenue in another currency", async () => {
    const euros = {
      products: [{...p1, unit_cost: "5"}],
      services: [{...mail, unit_cost: "5"}],
      agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", currency: "EUR"}],
    };
    expect(await margins(euros)).toEqual(["mail EUR 240.00    cost_unknown"]);
  });

  it("is not missing of a product where it would say nothing in the currency billed", async () => {
    const marts = await run({
      agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", currency: "EUR"}],
    });
    expect(pick(marts, "margin", "margin_state", "uncosted_products")).toEqual([
      {margin_state: "cost_unknown", uncosted_products: null},
    ]);
  });

  it("is, where it is billed in two currencies, the PSA's of the units billed in each", async () => {
    expect(await margins({...inTwoCurrencies, products: [{...p1, unit_cost: "4"}]})).toEqual([
      "mail EUR 60.00    cost_unknown",
      "mail USD 120.00 50.00 70.00 service covered",
    ]);
  });

  it("leaves the margin open where the revenue is not known", async () => {
    const given = {...invoiced([{unit_price: null}]), agreement_lines: [], products: [{...p1, unit_cost: "5"}]};
    expect(await margins(given)).toEqual(["mail USD  100.00  licence revenue_unknown"]);
  });

  it("is offset by credits", async () => {
    const given = {
      ...invoiced([{}, {quantity: -1, parent_line_id: "il1"}]),
      agreement_lines: [],
      products: [{...p1, unit_cost: "5"}],
    };
    expect(await margins(given)).toEqual(["mail USD 228.00 100.00 128.00 licence covered"]);
  });
});
