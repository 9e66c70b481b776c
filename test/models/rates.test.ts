import {describe, expect, it} from "vitest";
import {counted} from "./counted.js";
import {reconcileRows, type World} from "./harness.js";
import {type Given, invoiced, ordinaryWorld, pick} from "./ordinary.js";

async function rates(world: Given) {
  const columns = ["unit_rate", "rate_basis", "impact_amount", "impact_monthly", "discrepancy_type"];
  return (await counted(world, "client_id", ...columns))
    .filter((row) => row.client_id === "acme")
    .map(({client_id, ...row}) => row);
}

const line = {
  agreement_line_id: "l1",
  agreement_id: "a1",
  service_id: "mail",
  quantity: 20,
};
const unpriced: Pick<World, "agreement_lines"> = {agreement_lines: [line]};
const october = {
  invoice_date: "2026-10-01",
  period_start: "2026-10-01",
  period_end: "2026-11-01",
};

describe("the rate of a row with priced lines", () => {
  it("is their mean, weighted by quantity and rounded to six decimals", async () => {
    const [row] = await rates(
      invoiced([
        {agreement_line_id: "l1", quantity: 10},
        {quantity: 5, unit_price: "11.00"},
      ]),
    );
    expect(row).toMatchObject({
      unit_rate: "11.666667",
      rate_basis: "invoice_line",
    });
  });

  it("is the plain mean where the quantities sum to zero", async () => {
    const [row] = await rates(
      invoiced([
        {agreement_line_id: "l1", quantity: 0, unit_price: "10"},
        {quantity: 0, unit_price: "13"},
      ]),
    );
    expect(row).toMatchObject({
      unit_rate: "11.500000",
      impact_amount: "276.00",
    });
  });

  it("takes a price of 0 as a price", async () => {
    const [row] = await rates({
      agreement_lines: [{...line, unit_price: 0}],
    });
    expect(row).toMatchObject({
      unit_rate: "0.000000",
      rate_basis: "agreement_line",
      impact_amount: "0.00",
      discrepancy_type: "calculated",
    });
  });

  it("gives an annual line its impact per cycle and per month", async () => {
    const [row] = await rates({
      used: 11,
      agreements: [
        {
          agreement_id: "a1",
          client_id: "acme",
          start_date: "2026-01-01",
          billing_cycle: "annual",
        },
      ],
      agreement_lines: [{...line, quantity: 10, unit_price: "120.00"}],
    });
    expect(row).toMatchObject({
      unit_rate: "120.000000",
      impact_amount: "120.00",
      impact_monthly: "10.00",
    });
  });

  it("is per month where the lines have different cycles", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        used: 31,
        agreements: [
          {
            agreement_id: "a1",
            client_id: "acme",
            start_date: "2026-01-01",
            billing_cycle: "annual",
          },
          {
            agreement_id: "a2",
            client_id: "acme",
            start_date: "2026-01-01",
            billing_cycle: "monthly",
          },
        ],
        agreement_lines: [
          {...line, quantity: 10, unit_price: "120.00"},
          {
            ...line,
            agreement_line_id: "l2",
            agreement_id: "a2",
            quantity: 20,
            unit_price: "13.00",
          },
        ],
      }),
    );
    expect(pick(marts, "reconciliation", "billing_cycle", "unit_rate", "impact_amount", "impact_monthly")).toEqual([
      {
        billing_cycle: "mixed",
        unit_rate: "12.000000",
        impact_amount: "12.00",
        impact_monthly: "12.00",
      },
    ]);
  });

  it("rounds the monthly impact half away from zero on both sides", async () => {
    const quarterly = [
      {
        agreement_id: "a1",
        client_id: "acme",
        start_date: "2026-01-01",
        billing_cycle: "semiannual",
      },
    ];
    const [under] = await rates({
      used: 21,
      agreements: quarterly,
      agreement_lines: [{...line, unit_price: "0.03"}],
    });
    const [over] = await rates({
      used: 19,
      agreements: quarterly,
      agreement_lines: [{...line, unit_price: "0.03"}],
    });
    expect([under?.impact_monthly, over?.impact_monthly]).toEqual(["0.01", "-0.01"]);
  });
});

describe("the rate of a row without a price on its lines", () => {
  it("is what the client last paid, brought to the row's cycle", async () => {
    const marts = await rates({
      ...unpriced,
      ...invoiced([{agreement_line_id: "l1", unit_price: "12.25"}], october),
    });
    expect(marts).toEqual([
      {
        unit_rate: "12.250000",
        rate_basis: "last_invoiced",
        impact_amount: "49.00",
        impact_monthly: "49.00",
        discrepancy_type: "estimated",
      },
    ]);
  });

  it("is the mean of the newest invoice up to today, of one day the one with the last id, whatever others pay", async () => {
    const bill = (invoice_id: string, invoice_date: string, prices: [number, string][], client_id = "acme") => ({
      invoice: {invoice_id, invoice_date, client_id, period_start: "2026-01-01", period_end: "2026-02-01"},
      lines: prices.map(([quantity, unit_price], n) => ({
        ...{invoice_line_id: `${invoice_id}-${n}`, invoice_id, service_id: "mail", quantity, unit_price},
      })),
    });
    const given = (...bills: ReturnType<typeof bill>[]) =>
      rates({
        ...unpriced,
        clients: ["acme", "other"].map((client_id) => ({client_id, client_name: client_id})),
        invoices: bills.map(({invoice}) => invoice),
        invoice_lines: bills.flatMap(({lines}) => lines),
      });
    const [row] = await given(
      bill("i9", "2026-08-01", [[1, "9"]]),
      bill("i1", "2026-11-23", [[9, "8"]]),
      bill("i2", "2026-11-23", [
        [1, "10"],
        [3, "13"],
      ]),
      bill("i3", "2026-11-24", [[1, "99"]]),
      bill("i4", "2026-11-23", [[1, "77"]], "other"),
    );
    expect(row).toMatchObject({rate_basis: "last_invoiced", unit_rate: "12.250000"});
    const [plain] = await given(
      bill("i1", "2026-10-01", [
        [1, "10"],
        [-1, "13"],
      ]),
    );
    expect(plain).toMatchObject({rate_basis: "last_invoiced", unit_rate: "11.500000"});
  });

  it("does not take a void invoice for the last one", async () => {
    const [row] = await rates({
      ...unpriced,
      ...invoiced([{agreement_line_id: "l1"}], {
        ...october,
        status: "void",
      }),
    });
    expect(row).toMatchObject({
      rate_basis: "none",
      unit_rate: null,
      impact_amount: null,
      impact_monthly: null,
    });
  });

  it.each<[string, boolean, Given]>([
    ["agreement_line", false, {}],
    ["price_book", true, {...unpriced, mappingPrices: [{service_id: "mail", unit_price: "9.00"}]}],
    ["none", false, unpriced],
  ])("of basis %s is said to be an estimate: %s", async (rate_basis, is_rate_estimated, world) => {
    const marts = await reconcileRows(ordinaryWorld(world));
    expect(pick(marts, "reconciliation", "rate_basis", "is_rate_estimated")).toEqual([{rate_basis, is_rate_estimated}]);
  });

  it("is the client's price book entry before the global one", async () => {
    const [row] = await rates({
      ...unpriced,
      mappingPrices: [
        {service_id: "mail", unit_price: "14"},
        {service_id: "mail", client_id: "acme", unit_price: "12.50"},
      ],
    });
    expect(row).toMatchObject({
      unit_rate: "12.500000",
      rate_basis: "price_book",
      impact_amount: "50.00",
    });
  });

  it("is the newest entry that is valid already", async () => {
    const [row] = await rates({
      ...unpriced,
      mappingPrices: [
        {service_id: "mail", unit_price: "10", valid_from: "2026-01-01"},
        {service_id: "mail", unit_price: "11", valid_from: "2026-11-23"},
        {service_id: "mail", unit_price: "15", valid_from: "2026-11-24"},
        {service_id: "mail", unit_price: "99", currency: "EUR"},
      ],
    });
    expect(row).toMatchObject({unit_rate: "11.000000"});
  });

  it("is of two entries of a day the one that names the workspace's currency, in whichever order they stand", async () => {
    const mappingPrices = [
      {service_id: "mail", unit_price: "10", valid_from: "2026-01-01"},
      {service_id: "mail", unit_price: "11", valid_from: "2026-01-01", currency: "USD"},
    ];
    const [row] = await rates({...unpriced, mappingPrices});
    const [other] = await rates({...unpriced, mappingPrices: mappingPrices.toReversed()});
    expect([row?.unit_rate, other?.unit_rate]).toEqual(["11.000000", "11.000000"]);
  });

  it("is the list price per month, times the months of the cycle", async () => {
    const [row] = await rates({
      ...unpriced,
      services: [{service_id: "mail", service_name: "Mail", list_price: "10"}],
      agreements: [
        {
          agreement_id: "a1",
          client_id: "acme",
          start_date: "2026-01-01",
          billing_cycle: "quarterly",
        },
      ],
    });
    expect(row).toMatchObject({
      unit_rate: "30.000000",
      rate_basis: "list_price",
      impact_amount: "120.00",
      impact_monthly: "40.00",
    });
  });

  it("is the one in the middle of three that other clients pay, those in another currency aside, but no list price", async () => {
    const prices = {b: "13", c: "10", d: "11", e: "1"};
    const clients = ["acme", ...Object.keys(prices)];
    const given = {
      clients: clients.map((client_id) => ({client_id, client_name: client_id})),
      agreements: clients.map((id) => ({
        ...{agreement_id: id === "acme" ? "a1" : id, client_id: id, start_date: "2026-01-01"},
        currency: id === "e" ? "EUR" : null,
      })),
      agreement_lines: [
        line,
        ...Object.entries(prices).map(([id, unit_price]) => ({
          ...{...line, agreement_line_id: id, agreement_id: id, unit_price},
        })),
      ],
    };
    expect(await rates(given)).toMatchObject([{unit_rate: "11.000000", rate_basis: "peer_median"}]);
    const services = [{service_id: "mail", service_name: "Mail", list_price: "14"}];
    expect(await rates({...given, services})).toMatchObject([{unit_rate: "14.000000", rate_basis: "list_price"}]);
  });

  it("is the median of what the other clients pay per month", async () => {
    const [row] = await rates({
      clients: ["acme", "b", "c"].map((client_id) => ({
        client_id,
        client_name: `Client ${client_id}`,
      })),
      agreements: [
        {agreement_id: "a1", client_id: "acme", start_date: "2026-01-01"},
        {agreement_id: "a2", client_id: "b", start_date: "2026-01-01"},
        {
          agreement_id: "a3",
          client_id: "c",
          start_date: "2026-01-01",
          billing_cycle: "annual",
        },
      ],
      agreement_lines: [
        line,
        {
          ...line,
          agreement_line_id: "l2",
          agreement_id: "a2",
          unit_price: "10",
        },
        {
          ...line,
          agreement_line_id: "l3",
          agreement_id: "a3",
          unit_price: "132",
        },
      ],
    });
    expect(row).toMatchObject({
      unit_rate: "10.500000",
      rate_basis: "peer_median",
    });
  });
});
