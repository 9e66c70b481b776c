import {afterEach, expect, it} from "vitest";
import {autotask} from "../vendors/autotask.js";
import type {Fault} from "../vendors/emulator.js";
import {changed} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {asStored, openVendor, readLake, readQuarantine, type VendorRun} from "./syncVendor.js";

/** What Autotask's own help says of its entities and the world of all vendors has no case of. */

interface Body {
  items: Record<string, unknown>[];
}

const world = makeWorld({clients: 3});
const endless = "2099-12-31T00:00:00Z";
let run: VendorRun;
afterEach(() => run.close());

function edit(entity: string, change: (items: Record<string, unknown>[]) => void): Fault {
  return {
    when: ({path}) => path.endsWith(`/${entity}/query`),
    act: (reply) => changed<Body>(reply, ({items}) => change(items)),
  };
}

async function syncWith(...faults: Fault[]) {
  run = await openVendor(autotask, world, {most: 500});
  run.emulator.faults = faults;
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, rows_quarantined: 0, notes: []});
  return readLake(run.directory);
}

const inEuros = edit("Companies", (items) => {
  for (const item of items) if (item.id === 102) item.currencyID = 2;
});

it("gives agreements and invoices of a company its currency, and their lines no cost in another", async () => {
  const {agreements = [], invoices = [], agreement_lines = []} = await syncWith(inEuros);
  const currencies = (rows: Record<string, unknown>[]) => [
    ...new Set(rows.map(({client_id, currency}) => `${client_id} ${currency}`)),
  ];
  expect(currencies(agreements).sort()).toEqual(["101 null", "102 EUR", "103 null"]);
  expect(currencies(invoices).sort()).toEqual(["101 null", "102 EUR", "103 null"]);
  const ofEuros = new Set(agreements.filter(({currency}) => currency === "EUR").map(({agreement_id}) => agreement_id));
  for (const {agreement_id, unit_cost, agreement_line_id} of agreement_lines) {
    if (agreement_line_id === "bundle-5") continue;
    expect([agreement_line_id, unit_cost === null]).toEqual([agreement_line_id, ofEuros.has(agreement_id)]);
  }
});

it("remembers the currencies of companies that did not change", async () => {
  await syncWith(inEuros);
  run.emulator.faults = [edit("Companies", (items) => items.splice(0))];
  await run.sync({full: false});
  const {agreements = []} = await readLake(run.directory);
  expect(agreements.filter(({currency}) => currency === "EUR").map(({client_id}) => client_id)).toEqual(["102"]);
});

const prices = {unitPrice: 10, internalCurrencyUnitPrice: 11, internalCurrencyAdjustedPrice: 10.263};
it.each([
  ["what it charges, in the company's currency", prices, "9.33"],
  ["what it charges, where Autotask gives it as it is", {...prices, adjustedPrice: 8.5}, "8.5"],
  ["nothing, where it charges nothing", {...prices, internalCurrencyAdjustedPrice: 0}, "0"],
  ["the service's price, where it has none of its own", {...prices, internalCurrencyAdjustedPrice: null}, "10"],
  ["what it charges, for a service that is free elsewhere", {unitPrice: 0, internalCurrencyAdjustedPrice: 7}, "7"],
])("gives the line of a contract %s", async (_, fields, expected) => {
  const {agreement_lines = []} = await syncWith(
    edit("ContractServices", (items) => {
      for (const item of items) Object.assign(item, {adjustedPrice: null, internalCurrencyUnitPrice: 0}, fields);
    }),
  );
  const found = agreement_lines.filter(({agreement_line_id}) => agreement_line_id !== "bundle-5");
  expect([...new Set(found.map(({unit_price}) => Number(unit_price)))]).toEqual([Number(expected)]);
});

it("gives no price where it is known in another currency only", async () => {
  const {agreement_lines = []} = await syncWith(
    inEuros,
    edit("ContractServices", (items) => {
      for (const item of items) Object.assign(item, {unitPrice: 0, internalCurrencyUnitPrice: 0});
    }),
  );
  const ofEuros = new Set(world.agreements.filter(({client}) => client === 102).map(({id}) => String(id)));
  for (const {agreement_id, agreement_line_id, unit_price} of agreement_lines) {
    if (agreement_line_id === "bundle-5") continue;
    expect([agreement_id, unit_price === null]).toEqual([
      agreement_id,
      ofEuros.has(String(agreement_id).split("-")[0] ?? ""),
    ]);
  }
});

/** Autotask has no status of its own for what the API user's security level forbids. */
const notPermitted = (entity: string): Fault => ({
  when: ({path}) => path.includes(`/${entity}/query`),
  act: () => ({
    status: 500,
    body: {errors: ["The logged in Resource does not have the adequate permissions to query this entity type."]},
  }),
});

it("reads as many pages as there are, though the address of each next one has all before in it", async () => {
  const many = makeWorld({clients: 90, peoplePerClient: 2, devicesPerClient: 2});
  run = await openVendor(autotask, many, {most: 4, isLimited: false});
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  expect(await readLake(run.directory)).toEqual(await asStored(autotask.expected(many)));
});

it("says so where it may not look at currencies", async () => {
  run = await openVendor(autotask, world, {most: 500});
  run.emulator.faults = [inEuros, notPermitted("Currencies")];
  const record = await run.sync();
  expect(record).toMatchObject({status: "succeeded", notes: [expect.stringContaining("may not view currencies")]});
});

it("asks once where the security level forbids it, and says whose it is", async () => {
  run = await openVendor(autotask, world, {most: 500});
  run.emulator.faults = [notPermitted("Contracts")];
  expect(await run.sync()).toMatchObject({
    status: "failed",
    error:
      "POST /zone5/atservicesrest/v1.0/Contracts/query/count answered 500: The logged in Resource does not have the adequate permissions to query this entity type. The API user's security level may not read this entity: the guide lists what it needs.",
  });
  expect(run.emulator.exchanges.filter(({status}) => status === 500)).toHaveLength(1);
});

it("asks again where the same status tells of trouble", async () => {
  await syncWith({
    times: 1,
    when: ({path}) => path.includes("/Contracts/query"),
    act: () => ({status: 500, body: {errors: ["An internal error occurred."]}}),
  });
  expect(run.emulator.exchanges.filter(({status}) => status === 500)).toHaveLength(1);
});

it("asks once for the zone of a user whom Autotask does not know", async () => {
  run = await openVendor(autotask, world);
  const record = await run.sync({env: {...autotask.env, AUTOTASK_USER: "nobody@northwind.example"}});
  expect(record.error).toMatch(
    /^GET .*zoneInformation.* answered 500: Zone information could not be determined\. Autotask knows no API user of this name/,
  );
  expect(run.emulator.exchanges).toHaveLength(1);
});

it("takes the units of the adjustment on its day, in whatever order they come", async () => {
  const today = `${world.now.toISOString().slice(0, 10)}T00:00:00Z`;
  const {agreement_lines = []} = await syncWith(
    edit("ContractServiceUnits", (items) => {
      const [first, second] = items;
      Object.assign(first ?? {}, {startDate: today, endDate: endless, units: 77});
      Object.assign(second ?? {}, {startDate: "2025-01-01T00:00:00Z", endDate: today});
    }),
  );
  expect(agreement_lines.filter(({quantity}) => Number(quantity) === 77)).toHaveLength(1);
});

it("keeps a service that stands on a contract twice apart by the contract's service that an item names", async () => {
  const {invoice_lines = []} = await syncWith(
    edit("ContractServices", (items) => {
      for (const item of items) if (item.contractID === 501) item.serviceID = 1;
    }),
    edit("BillingItems", (items) => {
      for (const item of items) if (item.contractID === 501) item.serviceID = 1;
    }),
  );
  const expected = world.invoices
    .filter(({agreement}) => agreement === 501)
    .flatMap(({lines}) => lines.map(({id, line}) => [String(id), String(line)]));
  const found = new Map(invoice_lines.map((line) => [line.invoice_line_id, line.agreement_line_id]));
  expect(expected.map(([id]) => [id, found.get(id)])).toEqual(expected);
});

/** Beside the charge of a line, what a change of its units on that day is billed for the rest of the period. */
const withAdjustment = (itemDate: string, charge: {itemDate?: string; invoiceID?: number} = {}) =>
  edit("BillingItems", (items) => {
    const [sale, item] = items;
    const change = {id: 880_001, quantity: 2, rate: 5.33, totalAmount: 10.66, contractServiceAdjustmentID: 41};
    Object.assign(sale ?? {}, {...item, ...change, itemDate: `${itemDate}T00:00:00Z`});
    Object.assign(item ?? {}, {itemDate: "2026-11-01T00:00:00Z", contractServicePeriodID: 31, ...charge});
  });

const adjustmentOf = ({invoice_lines = []}: Awaited<ReturnType<typeof syncWith>>) =>
  invoice_lines.find(({invoice_line_id}) => invoice_line_id === "880001");

it("adds the units of an earlier period's change to the amount alone, where the charge beside it has them already", async () => {
  const lake = await syncWith(withAdjustment("2026-10-18"));
  const [charge] = world.invoices[0]?.lines ?? [];
  expect(adjustmentOf(lake)).toMatchObject({
    ...{parent_line_id: String(charge?.id), agreement_line_id: String(charge?.line)},
    ...{quantity: expect.stringMatching(/^2/), amount: expect.stringMatching(/^10\.66/)},
  });
});

it.each([
  ["within the charge's own period", withAdjustment("2026-11-18")],
  ["on its first day", withAdjustment("2026-11-01")],
  ["on an invoice of its own", withAdjustment("2026-10-18", {invoiceID: 0})],
])("counts the units of a change %s", async (_, fault) => {
  expect(adjustmentOf(await syncWith(fault))).toMatchObject({
    parent_line_id: null,
    quantity: expect.stringMatching(/^2/),
  });
});

it("takes an item that has an amount and no quantity, such as a milestone, for one", async () => {
  const {invoice_lines = []} = await syncWith(
    edit("BillingItems", (items) => {
      const milestone = {contractID: null, contractServiceID: null, serviceID: null, description: null};
      const sum = {itemName: "Migration done", quantity: null, rate: null, totalAmount: 1500};
      Object.assign(items[0] ?? {}, milestone, sum);
    }),
  );
  const [one] = invoice_lines.filter(({description}) => description === "Migration done");
  expect([one?.quantity, one?.unit_price, one?.amount].map(Number)).toEqual([1, 1500, 1500]);
  expect(one).toMatchObject({service_id: null, agreement_line_id: null});
});

it.each([
  ["has the tax in its total", {extendedPrice: 105.33, taxDollars: 20.01, totalAmount: 125.34}],
  ["has it beside its total", {extendedPrice: 105.33, taxDollars: 20.01, totalAmount: 105.33}],
  ["has none", {extendedPrice: 105.33, taxDollars: null, totalAmount: 105.33}],
])("gives the amount of an item without tax, where it %s", async (_, amounts) => {
  const {invoice_lines = []} = await syncWith(
    edit("BillingItems", (items) => {
      Object.assign(items[0] ?? {}, {description: "Taxed", quantity: 1, rate: 105.33, ...amounts});
    }),
  );
  const [taxed] = invoice_lines.filter(({description}) => description === "Taxed");
  expect(Number(taxed?.amount)).toBe(105.33);
});

it.each([{endDate: "0001-01-01T00:00:00"}, {startDate: "soon"}])("sets aside units of no day, %o", async (days) => {
  run = await openVendor(autotask, world, {most: 500});
  run.emulator.faults = [
    edit("ContractServiceUnits", (items) => {
      Object.assign(items[0] ?? {}, days);
    }),
  ];
  const record = await run.sync();
  expect(record).toMatchObject({status: "succeeded", rows_quarantined: 1});
  const [column] = Object.keys(days);
  expect(await readQuarantine(run.directory, record)).toMatchObject([{column, reason: "expected a date"}]);
});

it("does not guess the units of a service that an item has none of", async () => {
  run = await openVendor(autotask, world, {most: 500});
  run.emulator.faults = [
    edit("BillingItems", (items) => {
      Object.assign(items[0] ?? {}, {quantity: null});
    }),
  ];
  expect(await run.sync()).toMatchObject({status: "succeeded", rows_quarantined: 1});
});

it("takes an item that is shown with a rate and no amount for given free", async () => {
  const {invoice_lines = []} = await syncWith(
    edit("BillingItems", (items) => {
      Object.assign(items[0] ?? {}, {rate: 100, quantity: 3, totalAmount: 0});
    }),
  );
  const [free] = invoice_lines.filter(({amount}) => Number(amount) === 0);
  expect(free).toMatchObject({quantity: expect.stringMatching(/^3/), unit_price: expect.stringMatching(/^0/)});
});

/** Autotask's numbers of periods are as this database has them. */
const withPeriods = (...labels: string[]): Fault => ({
  when: ({path}) => path.endsWith("/entityInformation/fields"),
  act: (reply) =>
    changed<{fields: {name: string; picklistValues: unknown}[]}>(reply, ({fields}) => {
      for (const field of fields) {
        if (field.name !== "periodType") continue;
        field.picklistValues = labels.map((label, index) => ({value: String(index + 1), label}));
      }
    }),
});

it("knows how often a service is billed by what this database calls its number", async () => {
  const {agreements = []} = await syncWith(withPeriods("Yearly", "Quarterly", "One-Time", "Monthly", "Semi-Annual"));
  expect(new Set(agreements.map(({billing_cycle}) => billing_cycle))).toEqual(new Set(["quarterly", "semiannual"]));
});

it("takes letters for periods as they are, where the picklist is not told either", async () => {
  const withLetters = ["Services", "ServiceBundles"].map((entity) =>
    edit(entity, (services) => {
      for (const service of services) service.periodType = service.periodType === 2 ? "m" : "y";
    }),
  );
  const untold = {
    when: ({path}) => path.endsWith("/entityInformation/fields"),
    act: () => ({status: 404, body: {}}),
  } satisfies Fault;
  run = await openVendor(autotask, world, {most: 500});
  run.emulator.faults = [...withLetters, untold];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, rows_quarantined: 0});
  expect(await readLake(run.directory)).toEqual(await asStored(autotask.expected(world)));
});

it("takes the settings' word for what a period in another language means", async () => {
  const billing_cycles = {Monatlich: "monthly", Jährlich: "annual"};
  run = await openVendor(autotask, world, {most: 500, settings: {billing_cycles}});
  run.emulator.faults = [withPeriods("Einmalig", "Monatlich", "Quartalsweise", "Halbjährlich", "Jährlich")];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, rows_quarantined: 0});
  expect(await readLake(run.directory)).toEqual(await asStored(autotask.expected(world)));
});

it("fails rather than to guess how often a service is billed whose period it does not know", async () => {
  run = await openVendor(autotask, world, {most: 500});
  run.emulator.faults = [withPeriods("Daily", "Weekly")];
  expect(await run.sync()).toMatchObject({
    status: "failed",
    error: expect.stringContaining(
      'periodType 2: the billing cycle "Weekly" is not known: say under billing_cycles in workspace.yaml what it means',
    ),
  });
});
