import {afterEach, expect, it} from "vitest";
import {haloPsa} from "../vendors/halopsa.js";
import {changed} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {asStored, openVendor, readLake, type VendorRun} from "./syncVendor.js";

const world = makeWorld();
let run: VendorRun;
afterEach(() => run.close());

type Row = Record<string, unknown>;

/** Syncs with every record of a list, or one that is read by itself, changed. */
async function syncChanged(path: RegExp, change: (row: Row) => void, settings = {}) {
  run = await openVendor(haloPsa, world, {settings});
  run.emulator.faults = [
    {
      when: (request) => path.test(request.path),
      act: (reply) =>
        changed<Row & {invoices?: Row[]}>(reply, (body) => {
          for (const row of body.invoices ?? [body]) change(row);
        }),
    },
  ];
  return run.sync();
}

const detailsOf = (name: string) =>
  run.emulator.exchanges
    .filter(({request}) => request.path.startsWith(`/api/${name}/`))
    .map(({request}) => request.path);

it("reads each recurring invoice by itself where the list does not have its schedule", async () => {
  expect(await syncChanged(/nothing/, () => {})).toMatchObject({status: "succeeded", error: null});
  expect(detailsOf("RecurringInvoice").length).toBeGreaterThan(0);
  expect((await readLake(run.directory)).agreements).toEqual((await asStored(haloPsa.expected(world))).agreements);
});

it("reads none by itself where the list says when it ends", async () => {
  await syncChanged(/RecurringInvoice$/, (row) => {
    row.enddate = "1900-01-01T00:00:00";
  });
  expect(detailsOf("RecurringInvoice")).toEqual([]);
});

it("counts the periods of a recurring invoice from the begin of its schedule where none was billed yet", async () => {
  await syncChanged(/RecurringInvoice/, (row) => {
    delete row.period_start_date;
  });
  const {agreements = []} = await readLake(run.directory);
  expect([...new Set(agreements.map(({start_date}) => String(start_date)))]).toHaveLength(1);
});

it.each([
  [{period: 2}, {}, "monthly"],
  [{period: 3}, {}, "annual"],
  [{period: 4}, {}, "quarterly"],
  [{period: 5}, {}, "semiannual"],
  [{period: 0}, {}, "one_time"],
  [{period: 1}, {Weekly: "monthly"}, "monthly"],
  [{period: 12}, {12: "annual"}, "annual"],
  [{period: 2, periodname: "Yearly"}, {}, "annual"],
])("knows the period %o, with %o in the settings, for %s", async (fields, billing_cycles, cycle) => {
  await syncChanged(/RecurringInvoice/, (row) => Object.assign(row, fields), {billing_cycles});
  const {agreements = []} = await readLake(run.directory);
  expect([...new Set(agreements.map(({billing_cycle}) => billing_cycle))]).toEqual([cycle]);
});

it("refuses recurring invoices of a period that nobody has explained", async () => {
  const record = await syncChanged(/RecurringInvoice/, (row) => Object.assign(row, {period: 7}));
  expect(record).toMatchObject({
    status: "failed",
    error: expect.stringContaining('the billing cycle "3-Yearly" is not known'),
  });
});

it("reads an invoice by itself where the list does not have its lines", async () => {
  const record = await syncChanged(/Invoice$/, (row) => {
    row.lines = null;
  });
  expect(record).toMatchObject({status: "succeeded", error: null});
  expect(detailsOf("Invoice").length).toBeGreaterThan(0);
  expect(await readLake(run.directory)).toEqual(await asStored(haloPsa.expected(world)));
});

it("takes an invoice that has no lines, read by itself, for one without", async () => {
  const record = await syncChanged(/\/Invoice(\/\d+)?$/, (row) => {
    row.lines = null;
  });
  expect(record).toMatchObject({status: "succeeded", error: null});
  expect((await readLake(run.directory)).invoice_lines ?? []).toEqual([]);
});

it.each([
  ["by its number, where there is only a sign", {currency: "$", currency_code: 2}, "CAD"],
  ["by its own code", {currency: "EUR", currency_code: 2}, "EUR"],
  ["not where its number is of none", {currency: "€", currency_code: 9}, null],
])("knows the currency of a recurring invoice %s", async (_, fields, currency) => {
  await syncChanged(/RecurringInvoice/, (row) => Object.assign(row, fields));
  const {agreements = []} = await readLake(run.directory);
  expect([...new Set(agreements.map((agreement) => agreement.currency))]).toEqual([currency]);
});

it("knows no currency by its number where the application may not look at currencies", async () => {
  run = await openVendor(haloPsa, world);
  run.emulator.faults = [{when: ({path}) => path === "/api/Currency", act: () => ({status: 403, body: "Forbidden"})}];
  const told =
    "HaloPSA names currencies by numbers that the application cannot look up, 1: what is billed in them is taken to be in the workspace's. Let it read currencies.";
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, notes: [told]});
  const {agreements = []} = await readLake(run.directory);
  expect([...new Set(agreements.map(({currency}) => currency))]).toEqual([null]);
});

it("takes -1 for no recurring invoice, no item and no other line", async () => {
  await syncChanged(/\/Invoice$/, (row) => {
    row.recurring_invoice_id = -1;
    for (const line of row.lines as Row[])
      Object.assign(line, {_itemid: -1, recurring_invoice_line_id: -1, creditlinkedidid: -1});
  });
  const {invoices = [], invoice_lines = []} = await readLake(run.directory);
  expect([...new Set(invoices.map(({agreement_id}) => agreement_id))]).toEqual([null]);
  expect(invoice_lines.length).toBeGreaterThan(0);
  for (const line of invoice_lines) {
    expect(line).toMatchObject({service_id: null, agreement_line_id: null, parent_line_id: null});
  }
});

it("bills lines of recurring invoices that have no item as a service of their own", async () => {
  const record = await syncChanged(/RecurringInvoice/, (row) => {
    for (const line of row.lines as Row[]) line._itemid = 0;
  });
  expect(record).toMatchObject({status: "succeeded", rows_quarantined: 0});
  const {services = [], agreement_lines = []} = await readLake(run.directory);
  const expected = await asStored(haloPsa.expected(world));
  expect(agreement_lines).toEqual(expected.agreement_lines?.map((line) => ({...line, service_id: "0"})));
  expect(services.filter(({service_id}) => service_id === "0")).toMatchObject([{service_name: "No item"}]);
  expect(services).toHaveLength((expected.services?.length ?? 0) + 1);
});

it.each([
  ["in London in summer", "2026-06-30T23:00:00", "2026-07-01"],
  ["in Berlin in summer", "2026-06-30T22:00:00", "2026-07-01"],
  ["in Mumbai", "2026-06-30T18:30:00", "2026-07-01"],
  ["in Los Angeles", "2026-07-01T07:00:00", "2026-07-01"],
  ["in no zone", "2026-07-01T00:00:00", "2026-07-01"],
  ["by the clock", "2026-07-01T15:42:10.123", "2026-07-01"],
  ["at noon", "2026-07-01T12:00:00", "2026-07-01"],
])("knows the day that was entered %s", async (_, entered, day) => {
  await syncChanged(/Invoice/, (row) => {
    Object.assign(row, {invoice_date: entered, period_start_date: entered, enddate: entered});
    for (const line of row.lines as Row[]) Object.assign(line, {startdate: entered, enddate: entered});
  });
  const {agreements = [], agreement_lines = [], invoices = []} = await readLake(run.directory);
  const text = (rows: Row[], column: string) => [...new Set(rows.map((row) => String(row[column])))];
  expect(text(agreements, "start_date")).toEqual([day]);
  expect(text(agreement_lines, "start_date")).toEqual([day]);
  expect(text(invoices, "invoice_date")).toEqual([day]);
  expect(text(invoices, "period_start")).toEqual([day]);
  expect(text(agreements, "end_date")).toEqual(["2026-07-02"]);
  expect(text(agreement_lines, "end_date")).toEqual(["2026-07-02"]);
});

it("takes the total less its tax where Halo does not say the revenue", async () => {
  await syncChanged(/Invoice$/, (row) => {
    Object.assign(row, {total: 120, tax_total: 20, revenue: null});
  });
  const {invoices = []} = await readLake(run.directory);
  expect([...new Set(invoices.map(({total}) => String(total)))]).toEqual(["100.00"]);
});

it("takes amounts that Halo has not rounded", async () => {
  const record = await syncChanged(/Invoice$/, (row) => {
    Object.assign(row, {revenue: 144.48000000000002});
    for (const line of row.lines as Row[]) if (line._itemid !== 0) line.net_amount = 144.48000000000002;
  });
  expect(record).toMatchObject({status: "succeeded", rows_quarantined: 0});
  const {invoices = [], invoice_lines = []} = await readLake(run.directory);
  expect([...new Set(invoices.map(({total}) => String(total)))]).toEqual(["144.48"]);
  expect([...new Set(invoice_lines.map(({amount}) => String(amount)))]).toEqual(["144.48"]);
});

it("reads the invoices of the day", async () => {
  const date = world.now.toISOString().slice(0, 10);
  const [first, ...others] = world.invoices;
  const today = {...world, invoices: first === undefined ? [] : [{...first, date}, ...others]};
  run = await openVendor(haloPsa, today);
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  expect((await readLake(run.directory)).invoices).toEqual((await asStored(haloPsa.expected(today))).invoices);
});
