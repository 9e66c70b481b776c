// @vitest-environment jsdom
import {expect, it} from "vitest";
import {monthNames, monthsChart} from "../../src/components/monthsChart.js";

/** So many months from a first one on; the last one is open. */
function monthsFrom(first: string, count: number) {
  const [year = 0, month = 0] = first.split("-").map(Number);
  return Array.from({length: count}, (_, index) => ({
    period: new Date(Date.UTC(year, month - 1 + index)).toISOString().slice(0, 7),
    isClosed: index < count - 1,
  }));
}

it.each([
  [100, "2026-10", 2, ["Oct 2026", "Nov 2026, open"]],
  [40, "2025-11", 4, ["Nov\n2025", "Dec", "Jan\n2026", "Feb"]],
  [20, "2025-10", 4, ["O\n2025", "N", "D", "J\n2026"]],
  [20, "2025-12", 3, ["D", "J\n2026", "F"]],
  [10, "2025-12", 3, ["", "2026", ""]],
  [10, "2025-08", 6, ["2025", "", "", "", "", "2026"]],
  [10, "2026-01", 2, ["2026", ""]],
])("names months and their years as far as there is room: %i pixels for one", (room, first, count, expected) => {
  expect(monthNames(monthsFrom(first, count), room)).toEqual(expected);
});

it.each([
  [3, true],
  [36, false],
])("shows %i months with their amounts, or with an axis where these have no room", (count, hasAmounts) => {
  const totals = monthsFrom("2024-01", count).map((one) => ({
    ...one,
    ...{count: 2, underbilled: "1200.00", overbilled: "300.00", net: "900.00", coverage: null},
  }));
  const texts = [...monthsChart(totals, "USD").querySelectorAll("svg text")].map((one) => one.textContent);
  expect(texts.includes("+$1,200")).toBe(hasAmounts);
  expect(texts.includes("1K")).toBe(!hasAmounts);
});

it.each([
  ["0.00", "Nothing was found under- or overbilled in these months."],
  [null, "Nothing was compared in these months."],
])(
  "draws nothing of months in which nothing was found, and says whether anything was compared: net %s",
  (net, said) => {
    const totals = monthsFrom("2026-10", 2).map((one) => ({
      ...one,
      ...{count: 0, underbilled: net, overbilled: net, net, coverage: null},
    }));
    const chart = monthsChart(totals, "USD");
    expect(chart.querySelector(".empty")?.textContent).toBe(said);
    expect(chart.querySelector("svg")).toBeNull();
  },
);

it("keeps the place of a month without figures, as where nobody closed it", () => {
  const totals = monthsFrom("2026-11", 4)
    .filter(({period}) => period !== "2026-12")
    .map((one) => ({
      ...one,
      ...{count: 2, underbilled: "1200.00", overbilled: "300.00", net: "900.00", coverage: null},
    }));
  const chart = monthsChart(totals, "USD");
  const texts = [...chart.querySelectorAll("svg text")].map((one) => one.textContent ?? "");
  expect(texts.filter((text) => /^(Nov|Dec|Jan|Feb)/.test(text)).map((text) => text.slice(0, 3))).toEqual([
    "Nov",
    "Dec",
    "Jan",
    "Feb",
  ]);
  expect(texts.filter((text) => text === "nofigures")).toHaveLength(1);
  const rows = [...chart.querySelectorAll("tbody tr")].map((one) => one.textContent?.replace(/\s+/g, " "));
  expect(rows).toHaveLength(4);
  expect(rows[2]).toBe("Dec 2026no figures");
});
