import {describe, expect, it} from "vitest";
import type {World} from "../models/harness.js";
import {type Given, link, ordinaryWorld, rule} from "../models/ordinary.js";
import {type Cell, calculate} from "./calculate.js";

const asOf = "2026-11-23T12:00:00Z";
const price = {service_id: "mail", unit_price: "12.50"};
const line = {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail"};

function given(world: Given = {}, hoursSinceSync = 1): World {
  const {seats = [], accounts = [], products = [], ...rest} = ordinaryWorld(world);
  const here = <T extends object>(row: T) => ({connection_id: "m365", ...row});
  const sync = (id: string) => ({
    connection_id: id,
    sync_id: "1",
    status: "succeeded",
    fresh_at: new Date(Date.parse(asOf) - hoursSinceSync * 3_600_000).toISOString(),
  });
  return {
    settings: {
      currency: "USD",
      as_of: asOf,
      as_of_date: "2026-11-23",
      inactive_after_days: 21,
      stale_after_hours: 24,
      billed_basis: "auto",
    },
    connections: [
      {connection_id: "psa", side: "psa"},
      {connection_id: "m365", side: "usage"},
    ],
    syncs: [sync("psa"), sync("m365")],
    ...rest,
    seats: seats.map(here),
    accounts: accounts.map(here),
    products: products.map(here),
  };
}

function onlyRow(world: World, mart = "reconciliation"): Readonly<Record<string, Cell>> {
  const [row, ...more] = calculate(world)[mart] ?? [];
  if (row === undefined || more.length > 0) throw new Error("Expected one row");
  return row;
}

describe("the reference", () => {
  it("finds 4 endpoints at 12.00 too few where 20 are billed and 24 counted", () => {
    expect(onlyRow(given())).toMatchObject({
      expected_quantity: "24.0000",
      delta_quantity: "4.0000",
      discrepancy_type: "calculated",
      impact_amount: "48.00",
      likely_cause: "billing_gap",
    });
  });

  it("calls the same an estimate for lack of a sync if the last one is three days old", () => {
    expect(onlyRow(given({}, 72))).toMatchObject({discrepancy_type: "estimated", likely_cause: "sync"});
  });

  it("takes the price of the price book where the line has none", () => {
    const world = given({agreement_lines: [{...line, quantity: 20}], mappingPrices: [price]});
    expect(onlyRow(world)).toMatchObject({
      discrepancy_type: "estimated",
      rate_basis: "price_book",
      impact_amount: "50.00",
    });
  });

  it("spreads an annual line's 120.00 over twelve months", () => {
    const world = given({
      used: 11,
      agreements: [{agreement_id: "a1", client_id: "acme", billing_cycle: "annual", start_date: "2026-01-01"}],
      agreement_lines: [{...line, quantity: 10, unit_price: "120.00"}],
    });
    expect(onlyRow(world)).toMatchObject({impact_amount: "120.00", impact_monthly: "10.00"});
  });

  it("expects 7 where 5 are included and 12 counted", () => {
    const world = given({used: 12, agreement_lines: [{...line, quantity: 11, included_quantity: 5}]});
    expect(onlyRow(world)).toMatchObject({
      invoiced_quantity: "6.0000",
      expected_quantity: "7.0000",
      delta_quantity: "1.0000",
    });
  });

  it("counts a person once who is seen with two licences", () => {
    const world = given({
      mappingServices: [rule("r1", {count: "identities"})],
      seats: ["ann@acme.test", " ANN@acme.test", "bob@acme.test"].map((identifier, n) => ({
        account_id: "tenant",
        product_id: "p1",
        seat_id: `s${n}`,
        identifier,
      })),
    });
    expect(onlyRow(world)).toMatchObject({system_count: "2.0000"});
  });

  it("sets what 24 licences at 5.00 cost against what 20 at 12.00 bill", () => {
    const world = given({products: [{product_id: "p1", product_name: "Exchange Online", unit_cost: "5.00"}]});
    expect(onlyRow(world, "margin")).toMatchObject({
      revenue_monthly: "240.00",
      cost_monthly: "120.00",
      margin_share: "0.500000",
      margin_state: "covered",
    });
  });

  it("pays the distributor for what the vendor calls by the same name, and sees 6 of 30 assigned to nobody", () => {
    const shop = {connection_id: "shop", account_id: "buyer", product_id: "offer"};
    const world = given({
      products: [{product_id: "p1", product_name: "Exchange Online"}],
      mappingClients: [link("tenant", "acme"), link("buyer", "acme", {connection_id: "shop"})],
      counts: [{...shop, metric: "purchased", quantity: 30}],
    });
    const sold = {...shop, product_name: "EXCHANGE online.", unit_cost: "4.00"};
    expect(onlyRow({...world, products: [...(world.products ?? []), sold]}, "licences")).toMatchObject({
      connection_id: "m365",
      supplier_ids: "shop",
      cost_monthly: "120.00",
      billed_quantity: "20.0000",
      unassigned_monthly: "24.00",
      unbilled_monthly: "40.00",
    });
  });
});
