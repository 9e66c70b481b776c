// @vitest-environment jsdom
import {expect, it} from "vitest";
import {waterfallChart} from "../../src/components/waterfallChart.js";

it("says in words that there is nothing to draw, but not of what has rows without a price", () => {
  const step = (label: string, href: string | null = null) => ({label, amount: "0.00", isTotal: false, href});
  const drawn = (...steps: ReturnType<typeof step>[]) => waterfallChart("Overbilled", steps, "over", "USD");
  expect(drawn(step("Before"), step("Now")).textContent).toBe(
    "OverbilledNothing with a price was found overbilled in either month.",
  );
  expect(drawn(step("Before"), step("New", "?list=new")).querySelector("svg")).not.toBeNull();
});

it("begins each step where the one before ends, hatches what is overbilled and no step, and leads to rows where there are some", () => {
  const step = (label: string, amount: string, isTotal = false) => ({label, amount, isTotal, href: null});
  const node = waterfallChart(
    "Overbilled, USD per month",
    [
      ...[
        step("Before", "100.00", true),
        step("New", "30.00"),
        {...step("Resolved", "-50.00"), href: "?list=resolved"},
      ],
      step("Now", "80.00", true),
    ],
    "over",
    "USD",
  );
  const bars = [...node.querySelectorAll("svg rect")].filter((bar) => bar.closest("defs, a") === null);
  const number = (bar: Element | undefined, name: string) => Number(bar?.getAttribute(name));
  const before = bars.find((bar) => bar.parentElement?.getAttribute("fill")?.startsWith("url("));
  const [zero, dollar] = [number(before, "x"), number(before, "width") / 100];
  expect(
    bars
      .toSorted((a, b) => number(a, "y") - number(b, "y"))
      .map((bar) => [
        Math.round((number(bar, "x") - zero) / dollar),
        Math.round((number(bar, "x") + number(bar, "width") - zero) / dollar),
        bar.parentElement?.getAttribute("fill")?.replace(/#.*\)/, "#hatch)"),
      ]),
  ).toEqual([
    [0, 100, "url(#hatch)"],
    [100, 130, "var(--over-soft)"],
    [80, 130, "var(--surface)"],
    [0, 80, "url(#hatch)"],
  ]);
  expect([...node.querySelectorAll("svg a")].map((link) => link.getAttribute("aria-label"))).toEqual([
    "Resolved: −$50.00, its rows",
  ]);
  const hatched = waterfallChart("Underbilled", [step("Before", "9.00", true), step("Gone", "-9.00")], "under", "USD");
  expect(hatched.querySelector('[fill^="url("]')).toBeNull();
});
