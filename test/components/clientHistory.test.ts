// @vitest-environment jsdom
import {expect, it} from "vitest";
import {clientHistory} from "../../src/components/clientHistory.js";
import type {ClientData} from "../../src/lib/clientData.js";

it("leads from a client's months to what changed from each to the next, in the client's currency", () => {
  const month = {
    ...{is_closed: "true", underbilled_monthly: "0.00", overbilled_monthly: "0.00", net_monthly: "0.00"},
    ...{discrepancy_count: "0", coverage_amount: "1.000000", currency: "EUR"},
  };
  const of = {client_id: "C&1", currencies: [{currency: "EUR"}], changes: []};
  const months = [
    {...month, period: "2026-10"},
    {...month, period: "2026-11", is_closed: "false"},
  ];
  const section = clientHistory({...of, months} as unknown as ClientData) as HTMLElement;
  const link = section.querySelector("a");
  expect(link?.textContent).toBe("What changed from month to month");
  expect(link?.getAttribute("href")).toBe("./history?client=C%261&currency=EUR");
});

it("has the workspace's own currency first, and leads to what changed in one that the client is billed in now", () => {
  document.documentElement.dataset.currency = "USD";
  const months = ["CAD", "EUR", "USD"].map((currency) => ({
    ...{period: "2026-10", is_closed: "true", currency, underbilled_monthly: "0.00", overbilled_monthly: "0.00"},
    ...{net_monthly: "0.00", discrepancy_count: "0", coverage_amount: "1.000000"},
  }));
  const of = {client_id: "C1", currencies: [{currency: "EUR"}], changes: []};
  const section = clientHistory({...of, months} as unknown as ClientData) as HTMLElement;
  delete document.documentElement.dataset.currency;
  expect([...section.querySelectorAll("h3")].map(({textContent}) => textContent)).toEqual(["USD", "CAD", "EUR"]);
  expect(section.querySelector("a")?.getAttribute("href")).toBe("./history?client=C1&currency=EUR");
});

it("says of a month in which nothing was compared, or nothing found has a price, that its sums are unknown", () => {
  const month = {
    ...{period: "2026-10", currency: "USD", is_closed: "true", underbilled_monthly: "0.00", overbilled_monthly: "0.00"},
    ...{net_monthly: "0.00", discrepancy_count: "0", unpriced_under: "0", unpriced_over: "0"},
  };
  const amountsOf = (coverage_amount: string | null, given: Readonly<Record<string, string>> = {}) => {
    const months = [{...month, coverage_amount, ...given}];
    const section = clientHistory({currencies: [], months, changes: []} as unknown as ClientData) as HTMLElement;
    return [...section.querySelectorAll("td")].slice(0, 3).map(({textContent}) => textContent);
  };
  expect(amountsOf("0.000000")).toEqual(["unknown", "unknown", "unknown"]);
  expect(amountsOf("1.000000")).toEqual(["$0.00", "$0.00", "$0.00"]);
  expect(amountsOf(null)).toEqual(["$0.00", "$0.00", "$0.00"]);
  const unpriced = (given: Readonly<Record<string, string>>) => amountsOf("1", {discrepancy_count: "1", ...given});
  expect(unpriced({unpriced_under: "1"})).toEqual(["unknown", "$0.00", "unknown"]);
  expect(unpriced({unpriced_over: "1"})).toEqual(["$0.00", "unknown", "unknown"]);
});
