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
  expect(figure("Unassigned licences", {})).toBe("unknown: Unused licences");
  const costs = {cost_monthly: "60.00", margin_monthly: "40.00", margin_share: "0.400000"};
  expect(figure("Below cost", costs)).toBe("€0.00: every known cost is covered");
  expect(figure("Not billed at all", costs)).toBe("€0.00: no known cost without revenue");
});

it("shows of each currency its own, and unused licences in the one that they cost", () => {
  const client = (currency: string, label: string) => ({
    ...{currency, id: label, label, revenue: "100.00", costed_revenue: null, cost: null, margin: null},
    ...{uncosted_revenue: "100.00", below_cost_count: "0"},
  });
  const shown = (currency: string) => {
    const page = margin(
      {
        summary: table({...summary, clients_total: "2"}, {...summary, currency: "USD"}),
        ...{costs_in: table({currency: "USD"}), clients: table(client("EUR", "Acme"), client("USD", "Bolt"))},
        ...{services: none, products: none, unused: table({licences: "7"})},
      },
      {rows: () => new Promise(() => {}), unused: () => new Promise(() => {})},
      stateOf({currency}),
    );
    return {
      clients: [...page.querySelectorAll("tbody th, tbody td:first-child")].map(({textContent}) => textContent),
      lead: page.querySelector(".lead")?.textContent ?? null,
      unused: /Unused licences \(\d+\)/.exec(page.textContent ?? "")?.[0],
    };
  };
  expect(shown("EUR")).toEqual({
    clients: ["Acme"],
    lead: "Licences and services of the PSA cost USD. What is billed in EUR has a known cost only where an agreement line names one in EUR.",
    unused: "Unused licences (0)",
  });
  expect(shown("USD")).toEqual({clients: ["Bolt"], lead: null, unused: "Unused licences (7)"});
});
