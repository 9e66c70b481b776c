// @vitest-environment jsdom
import {expect, it} from "vitest";
import {amount, amounts, impactInWords} from "../../src/components/amount.js";
import {
  creditWord,
  deletedSeats,
  healthMark,
  integrationNames,
  numberOrUnknown,
  rateMark,
  severityRank,
  typeMark,
  worstHealth,
} from "../../src/components/marks.js";

it("shows what has no price as that, never as 0", () => {
  expect(amount(null, "USD")).toMatchObject({textContent: "no price", className: "no-price"});
  expect(amount(null, "USD", "not compared").textContent).toBe("not compared");
  expect(amount("0.00", "USD").textContent).toBe("$0.00");
});

it("gives the direction by sign and by colour", () => {
  expect(amount("3.00", "USD")).toMatchObject({textContent: "+$3.00", className: "under"});
  expect(amount("-3.00", "USD")).toMatchObject({textContent: "−$3.00", className: "over"});
});

it("calls a line credit that takes off the amount of another, and adjustment where it adds to it", () => {
  expect(["-3.00", "0.00", null, "3.00"].map((amount) => creditWord({amount}))).toEqual([
    ...["credit", "credit", "credit", "adjustment"],
  ]);
});

it("lists amounts of several currencies one below the other", () => {
  const lines = amounts([
    {amount: "3.00", currency: "USD"},
    {amount: "4.00", currency: "EUR"},
  ]).querySelectorAll(".line");
  expect([...lines].map(({textContent}) => textContent)).toEqual(["+$3.00", "+€4.00"]);
});

it("says both directions in words without a sign, and nothing of one that is 0", () => {
  expect(impactInWords({under: "12.00", over: "3.00"}, "USD")).toBe("underbilled $12.00, overbilled $3.00");
  expect(impactInWords({under: "0.00", over: "3.00"}, "USD")).toBe("overbilled $3.00");
});

it("tells a number that nobody knows from 0, and counts deleted seats where there are some", () => {
  const shown = (made: Node | string) => (typeof made === "string" ? made : made.textContent);
  expect([null, "0", "1234.0000"].map((value) => shown(numberOrUnknown(value)))).toEqual(["unknown", "0", "1,234"]);
  expect([null, "0", "7"].map((value) => shown(deletedSeats(value)))).toEqual(["", "", "7 deleted"]);
});

it("names several integrations one by one, and sorts errors before warnings", () => {
  const names = (ids: string | null) => integrationNames(ids) as Element;
  expect([...names("m365;mail-security").querySelectorAll(".id")].map(({textContent}) => textContent)).toEqual([
    ...["m365", "mail-security"],
  ]);
  expect([names(null).textContent, names("").textContent]).toEqual(["none", "none"]);
  const severities = ["info", "error", "warning"].sort((a, b) => severityRank(a) - severityRank(b));
  expect(severities).toEqual(["error", "warning", "info"]);
});

it.each([
  ["invoice_line", "PSA price", "hard"],
  ["agreement_line", "PSA price", "hard"],
  ...["last_invoiced", "price_book", "list_price", "peer_median", "product_list_price"].map((basis) => [
    ...([basis, "Estimate", "estimate"] as const),
  ]),
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
  const unmapped = typeMark("discrepancy", "unmapped");
  expect(unmapped.querySelector("button")?.textContent).toBe("Unmapped");
  expect(unmapped.textContent).toContain("It is used and a rule counts it, but no line bills it.");
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
    {connection_id: "m365", kind: "usage", health: "green", health_reason: "The last sync succeeded."},
    {connection_id: "edr", kind: "usage", health: "yellow", health_reason: "Never synced."},
    {connection_id: "rmm", kind: "usage", health: "red", health_reason: "The last sync failed."},
  ]);
  const button = mark.querySelector("button");
  expect(button?.textContent).toBe("■ Red");
  expect(mark.querySelector(`#${button?.getAttribute("aria-describedby")}`)?.textContent?.trim()).toBe(
    "rmm: The last sync failed. edr: Never synced.",
  );
  expect(worstHealth([]).textContent).toBe("● Green");
});

it("does not let the health of the PSA alone pass for that of what is used", () => {
  const one = (kind: string, health: string) => ({connection_id: kind, kind, health, health_reason: "Never synced."});
  const shown = (...kinds: string[]) => worstHealth(kinds.map((kind) => one(kind, "green"))).textContent;
  expect(shown("psa")).toBe("● Green of the PSA alone");
  expect(shown("psa", "usage")).toBe("● Green");
  expect(worstHealth([one("psa", "yellow")]).textContent).toContain("of the PSA alone");
});

it("shows a name as text, whatever is in it", () => {
  const mark = typeMark("<img src=x onerror=alert(1)>", null);
  expect(mark.querySelector("img")).toBeNull();
});
