// @vitest-environment jsdom
import {expect, it} from "vitest";
import {amount, amounts} from "../../src/components/amount.js";
import {healthMark, rateMark, typeMark, worstHealth} from "../../src/components/marks.js";

it("shows what has no price as that, never as 0", () => {
  expect(amount(null, "USD").textContent).toBe("no price");
  expect(amount("0.00", "USD").textContent).toBe("$0.00");
});

it("gives the direction by sign and by colour", () => {
  expect(amount("3.00", "USD")).toMatchObject({textContent: "+$3.00", className: "under"});
  expect(amount("-3.00", "USD")).toMatchObject({textContent: "−$3.00", className: "over"});
});

it("lists amounts of several currencies one below the other", () => {
  const lines = amounts([
    {amount: "3.00", currency: "USD"},
    {amount: "4.00", currency: "EUR"},
  ]).querySelectorAll(".line");
  expect([...lines].map(({textContent}) => textContent)).toEqual(["+$3.00", "+€4.00"]);
});

it.each([
  ["invoice_line", "PSA price", "hard"],
  ["agreement_line", "PSA price", "hard"],
  ["peer_median", "Estimate", "estimate"],
  ["none", "No price", "missing"],
])("marks a rate of %s as %s and says why to everybody", (basis, label, className) => {
  const mark = rateMark(basis);
  const button = mark.querySelector("button");
  expect(button?.textContent).toBe(label);
  expect(button?.classList.contains(className)).toBe(true);
  const explanation = mark.querySelector(`#${button?.getAttribute("aria-describedby")}`);
  expect(explanation?.textContent?.length).toBeGreaterThan(20);
});

it("says of what was not compared that it is not clean", () => {
  expect(typeMark("no_data", null).textContent).toContain("It was not compared and is not clean.");
  expect(typeMark("discrepancy", "unmapped").querySelector("button")?.textContent).toBe("Unmapped");
});

it("says of types and statuses all that they can mean", () => {
  expect(typeMark("discrepancy", "estimated").textContent).toContain("or the price is an estimate or missing");
  expect(typeMark("not_reconciled", null).textContent).toContain("or its use is compared in another currency");
});

it("does not call paid what was only invoiced", () => {
  expect(rateMark("last_invoiced").textContent).toContain("the price on the client’s last invoice");
});

it("shows health by a shape and a word besides its colour", () => {
  expect(healthMark("red").textContent).toBe("■ Red");
});

it("says which connections are not well and why, the worst first", () => {
  const mark = worstHealth([
    {connection_id: "m365", health: "green", health_reason: "The last sync succeeded."},
    {connection_id: "edr", health: "yellow", health_reason: "Never synced."},
    {connection_id: "rmm", health: "red", health_reason: "The last sync failed."},
  ]);
  const button = mark.querySelector("button");
  expect(button?.textContent).toBe("■ Red");
  expect(mark.querySelector(`#${button?.getAttribute("aria-describedby")}`)?.textContent?.trim()).toBe(
    "rmm: The last sync failed. edr: Never synced.",
  );
  expect(worstHealth([]).textContent).toBe("● Green");
});

it("shows a name as text, whatever is in it", () => {
  const mark = typeMark("<img src=x onerror=alert(1)>", null);
  expect(mark.querySelector("img")).toBeNull();
});
