import {describe, expect, it} from "vitest";
import {counted} from "./counted.js";
import {reconcileRows} from "./harness.js";
import {type Given, invoiced, ordinaryWorld, pick} from "./ordinary.js";

const columns = ["invoiced_quantity", "billed_basis", "unit_rate", "rate_basis", "billing_cycle"] as const;

const billed = (world: Given) => counted(world, ...columns);

describe("live agreement lines", () => {
  it("are billed with their own quantity where no invoice line stands for them", async () => {
    expect(await billed({})).toEqual([
      {
        invoiced_quantity: "20.0000",
        billed_basis: "agreement",
        unit_rate: "12.000000",
        rate_basis: "agreement_line",
        billing_cycle: "monthly",
      },
    ]);
  });

  it.each([
    ["begins today", {start_date: "2026-11-23"}, "20.0000"],
    ["begins tomorrow", {start_date: "2026-11-24"}, "0.0000"],
    ["ended with yesterday", {start_date: "2026-01-01", end_date: "2026-11-23"}, "0.0000"],
    ["ends with today", {start_date: "2026-01-01", end_date: "2026-11-24"}, "20.0000"],
    ["is cancelled", {start_date: "2026-01-01", status: "cancelled"}, "0.0000"],
    ["is a one-off", {start_date: "2026-01-01", billing_cycle: "one_time"}, "0.0000"],
  ])("count by the agreement that %s", async (_, agreement, quantity) => {
    const rows = await billed({
      agreements: [{agreement_id: "a1", client_id: "acme", ...agreement}],
    });
    expect(rows.map((row) => row.invoiced_quantity)).toEqual([quantity]);
  });

  it.each([
    ["2026-11-23", null, "20.0000"],
    ["2026-11-24", null, "0.0000"],
    ["2026-01-01", "2026-11-23", "0.0000"],
    ["2026-01-01", "2026-11-24", "20.0000"],
  ])("count from %s up to, not including, %s", async (start_date, end_date, quantity) => {
    const line = {
      agreement_line_id: "l1",
      agreement_id: "a1",
      service_id: "mail",
      quantity: 20,
      unit_price: 12,
    };
    const rows = await billed({
      agreement_lines: [{...line, start_date, end_date}],
    });
    expect(rows.map((row) => row.invoiced_quantity)).toEqual([quantity]);
  });

  it("are billed net of included units, never below zero", async () => {
    const line = {agreement_id: "a1", service_id: "mail", unit_price: 12};
    const rows = await billed({
      agreement_lines: [
        {
          ...line,
          agreement_line_id: "l1",
          quantity: 11,
          included_quantity: 5,
        },
        {...line, agreement_line_id: "l2", quantity: 2, included_quantity: 5},
      ],
    });
    expect(rows.map((row) => row.invoiced_quantity)).toEqual(["6.0000"]);
  });

  it.each([
    ["2026-01-31", "monthly", "2026-10-31", "2026-11-30"],
    ["2026-01-23", "monthly", "2026-11-23", "2026-12-23"],
    ["2026-01-24", "monthly", "2026-10-24", "2026-11-24"],
    ["2026-01-01", "quarterly", "2026-10-01", "2027-01-01"],
    ["2026-02-15", "semiannual", "2026-08-15", "2027-02-15"],
    ["2024-02-29", "annual", "2026-02-28", "2027-02-28"],
  ])("that began on %s and run %s are in the period from %s to %s", async (start_date, billing_cycle, start, end) => {
    const marts = await reconcileRows(
      ordinaryWorld({
        agreements: [
          {
            agreement_id: "a1",
            client_id: "acme",
            start_date,
            billing_cycle,
          },
        ],
      }),
    );
    expect(pick(marts, "reconciliation", "period_start", "period_end")).toEqual([
      {period_start: start, period_end: end},
    ]);
    expect(pick(marts, "clients", "next_invoice_date")).toEqual([{next_invoice_date: end}]);
  });
});

describe("live invoice lines", () => {
  it("take the place of their agreement line", async () => {
    const rows = await billed(invoiced([{agreement_line_id: "l1", quantity: 22, unit_price: "11.50"}]));
    expect(rows).toEqual([
      {
        invoiced_quantity: "22.0000",
        billed_basis: "invoice",
        unit_rate: "11.500000",
        rate_basis: "invoice_line",
        billing_cycle: "monthly",
      },
    ]);
  });

  it("without an agreement line count beside it", async () => {
    const rows = await billed(invoiced([{quantity: 3}]));
    expect(rows.map((row) => [row.invoiced_quantity, row.billed_basis])).toEqual([["23.0000", "mixed"]]);
  });

  it.each([
    ["2026-11-01", "2026-12-01", "monthly"],
    ["2026-10-15", "2027-01-15", "quarterly"],
    ["2026-08-31", "2027-02-28", "semiannual"],
    ["2026-01-01", "2027-01-01", "annual"],
    ["2026-11-01", "2027-01-01", "monthly"],
    ["2026-11-01", "2026-11-25", "monthly"],
  ])("without an agreement that cover %s up to %s are %s", async (period_start, period_end, cycle) => {
    const world = invoiced([{quantity: 3}], {agreement_id: null, period_start, period_end});
    const rows = await billed({...world, agreements: [], agreement_lines: []});
    expect(rows.map((row) => row.billing_cycle)).toEqual([cycle]);
  });

  it("of an agreement keep its cycle, however long their period", async () => {
    const world = invoiced([{agreement_line_id: "l1", quantity: 3}], {
      period_start: "2026-01-01",
      period_end: "2027-01-01",
    });
    expect((await billed(world)).map((row) => row.billing_cycle)).toEqual(["monthly"]);
  });

  it.each([
    ["its own agreement", "a1", "annual"],
    ["the invoice's, where the export lacks its own", "gone", "quarterly"],
  ])("take the cycle of %s", async (_, agreement_id, cycle) => {
    const agreement = {client_id: "acme", start_date: "2026-01-01"};
    const rows = await billed({
      ...invoiced([{agreement_line_id: "l1", quantity: 3}], {agreement_id: "a2"}),
      agreements: [
        {...agreement, agreement_id: "a1", billing_cycle: "annual"},
        {...agreement, agreement_id: "a2", billing_cycle: "quarterly"},
      ],
      agreement_lines: [{agreement_line_id: "l1", agreement_id, service_id: "mail", quantity: 20, unit_price: 12}],
    });
    expect(rows.map((row) => row.billing_cycle)).toEqual([cycle]);
  });

  it("are said to be of no agreement and no agreement line that the export lacks", async () => {
    const world = ordinaryWorld({
      ...invoiced([{agreement_line_id: "l9", quantity: 3}], {agreement_id: "a9"}),
      agreements: [],
      agreement_lines: [],
    });
    const marts = await reconcileRows(world);
    expect(pick(marts, "services_billed", "agreement_id", "agreement_line_id", "quantity")).toEqual([
      {agreement_id: null, agreement_line_id: null, quantity: "3.0000"},
    ]);
  });

  it.each(["draft", "void"])("are ignored on a %s invoice", async (status) => {
    const rows = await billed(invoiced([{agreement_line_id: "l1", quantity: 22}], {status}));
    expect(rows.map((row) => [row.invoiced_quantity, row.billed_basis])).toEqual([["20.0000", "agreement"]]);
  });

  it.each(["posted", "sent", "paid"])("count on a %s invoice", async (status) => {
    const rows = await billed(invoiced([{agreement_line_id: "l1", quantity: 22}], {status}));
    expect(rows.map((row) => row.invoiced_quantity)).toEqual(["22.0000"]);
  });

  it.each([
    ["2026-11-23", "2026-12-23", "22.0000"],
    ["2026-10-23", "2026-11-23", "20.0000"],
    ["2026-11-24", "2026-12-24", "20.0000"],
  ])("count where today is in the half-open period from %s to %s", async (period_start, period_end, quantity) => {
    const rows = await billed(
      invoiced([{agreement_line_id: "l1", quantity: 22}], {
        period_start,
        period_end,
      }),
    );
    expect(rows.map((row) => row.invoiced_quantity)).toEqual([quantity]);
  });

  it("without a period count for the calendar month of the invoice", async () => {
    const none = {period_start: null, period_end: null};
    const november = await billed(
      invoiced([{agreement_line_id: "l1", quantity: 22}], {
        ...none,
        invoice_date: "2026-11-30",
      }),
    );
    const october = await billed(
      invoiced([{agreement_line_id: "l1", quantity: 22}], {
        ...none,
        invoice_date: "2026-10-31",
      }),
    );
    expect([november[0]?.invoiced_quantity, october[0]?.invoiced_quantity]).toEqual(["22.0000", "20.0000"]);
  });

  it.each([
    {period_start: "2026-01-01", period_end: null},
    {period_start: null, period_end: "2026-11-10"},
  ])("with half a period, %j, count for the calendar month of the invoice too", async (half) => {
    const rows = await billed(
      invoiced([{agreement_line_id: "l1", quantity: 22}], {...half, invoice_date: "2026-11-30"}),
    );
    expect(rows.map((row) => row.invoiced_quantity)).toEqual(["22.0000"]);
  });

  it("that credit another change the amount and not the quantity", async () => {
    const marts = await reconcileRows(
      ordinaryWorld(
        invoiced([
          {agreement_line_id: "l1", quantity: 20},
          {
            agreement_line_id: "l1",
            quantity: -2,
            amount: "-24.00",
            parent_line_id: "il1",
          },
        ]),
      ),
    );
    expect(pick(marts, "reconciliation", "invoiced_quantity", "unit_rate")).toEqual([
      {invoiced_quantity: "20.0000", unit_rate: "12.000000"},
    ]);
    expect(pick(marts, "services_billed", "line_id", "net_quantity", "amount", "is_credit")).toEqual([
      {
        line_id: "invoice:il1",
        net_quantity: "20.0000",
        amount: "240.00",
        is_credit: false,
      },
      {
        line_id: "invoice:il2",
        net_quantity: "0.0000",
        amount: "-24.00",
        is_credit: true,
      },
    ]);
  });

  it("without a service form one row that is not reconciled", async () => {
    const marts = await reconcileRows(
      ordinaryWorld(
        invoiced([
          {
            service_id: null,
            quantity: 1,
            unit_price: "95.00",
            description: "Labour",
          },
        ]),
      ),
    );
    expect(pick(marts, "reconciliation", "service_id", "status", "invoiced_quantity", "impact_amount")).toContainEqual({
      service_id: null,
      status: "not_reconciled",
      invoiced_quantity: "1.0000",
      impact_amount: null,
    });
  });

  it.each([
    ["invoice", "22.0000"],
    ["agreement", "20.0000"],
  ])("and agreement lines can be taken alone by billed_basis %s", async (billed_basis, quantity) => {
    const rows = await billed({
      ...invoiced([{agreement_line_id: "l1", quantity: 22}]),
      settings: {billed_basis},
    });
    expect(rows.map((row) => [row.invoiced_quantity, row.billed_basis])).toEqual([[quantity, billed_basis]]);
  });
});
