// @vitest-environment jsdom
import {expect, it} from "vitest";
import {margin} from "../../src/components/margin.js";
import {table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

const none = {columns: [], rows: []};
const summary = {
  ...{currency: "EUR", clients_total: "1", revenue_monthly: "100.00", costed_revenue_monthly: null, cost_monthly: null},
  ...{margin_monthly: null, margin_share: null, uncosted_revenue_monthly: "100.00", uncosted_share: "1.000000"},
  ...{not_billed_monthly: "0.00", below_cost_count: "0", below_cost_monthly: "0.00", unassigned_monthly: null},
  ...{unbilled_monthly: null, committed_monthly: null},
};

function figure(name: string, over: Partial<Record<keyof typeof summary, string>>): string | null | undefined {
  const page = margin(
    {
      ...{summary: table({...summary, ...over}), costs_in: table({currency: "USD"}), clients: none, services: none},
      ...{products: none, unused: none},
    },
    {rows: () => new Promise(() => {}), unused: () => new Promise(() => {})},
    stateOf(),
  );
  const found = [...page.querySelectorAll(".figure")].find(({textContent}) => textContent?.trim().startsWith(name));
  return [...(found?.children ?? [])]
    .map(({textContent}) => textContent?.trim())
    .slice(1)
    .join(": ");
}

it("never says that costs are covered where none is known", () => {
  expect(figure("Below cost", {})).toBe("unknown: no cost is known");
  expect(figure("Not billed at all", {})).toBe("unknown: no cost is known");
  const costs = {cost_monthly: "60.00", margin_monthly: "40.00", margin_share: "0.400000"};
  expect(figure("Below cost", costs)).toBe("€0.00: every known cost is covered");
  expect(figure("Not billed at all", costs)).toBe("€0.00: no known cost without revenue");
});
