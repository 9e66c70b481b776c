// @vitest-environment jsdom
import {afterEach, beforeEach, expect, it} from "vitest";
import {byCurrency} from "../../src/components/byCurrency.js";
import {currencyFilter} from "../../src/components/filters.js";
import {type BillingRow, totalsByCurrency} from "../../src/lib/billing.js";
import {inCurrencyOrder} from "../../src/lib/currencyOrder.js";
import {sidesByCurrency} from "../../src/lib/sidesByCurrency.js";
import {stateOf} from "./stateOf.js";

beforeEach(() => {
  document.documentElement.dataset.currency = "EUR";
});
afterEach(() => {
  delete document.documentElement.dataset.currency;
});

const codes = ["USD", "CAD", "EUR", "AUD"];
const ordered = ["EUR", "AUD", "CAD", "USD"];

it("has the workspace's own currency first and the others by code, whatever how many clients have figures in them", () => {
  const shares = codes.map((currency, at) => ({currency, clients: String(9 - at)}));
  const drawn: string[] = [];
  const page = byCurrency(shares, stateOf(), (currency) => {
    drawn.push(currency);
    return [];
  });
  expect([...page.querySelectorAll("button")].map(({textContent}) => textContent?.slice(0, 3))).toEqual(ordered);
  expect(drawn).toEqual(["EUR"]);
});

it("orders the currencies of a filter and of totals as those of tabs", () => {
  const [filter] = currencyFilter(
    codes.map((code) => ({value: code, label: code})),
    stateOf(),
  );
  expect(filter?.kind === "one" && filter.options.map(({value}) => value)).toEqual(ordered);
  const rows = [...codes, "USD"].map((currency) => ({currency, impact_monthly: "1.00"}));
  expect(sidesByCurrency(rows).map(({currency}) => currency)).toEqual(ordered);
  const clients = [...codes, "USD"].map((currency) => ({client: {currency}}));
  expect(totalsByCurrency(clients as unknown as BillingRow[]).map(({currency}) => currency)).toEqual(ordered);
});

it("leaves what is in one currency in its order", () => {
  const rows = [3, 1, 2].flatMap((place) => [
    {currency: "USD", place},
    {currency: "EUR", place},
  ]);
  expect(inCurrencyOrder(rows).map(({place}) => place)).toEqual([3, 1, 2, 3, 1, 2]);
});
