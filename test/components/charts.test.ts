// @vitest-environment jsdom
import {expect, it} from "vitest";
import {rowHeight, shortNames} from "../../src/components/chartFrame.js";
import {charts} from "../../src/components/charts.js";
import {heatMap} from "../../src/components/heatMap.js";
import {impactChart} from "../../src/components/impactChart.js";
import {axisEnds, shareOfBars} from "../../src/components/labelRoom.js";
import {cumulate, paretoChart} from "../../src/components/paretoChart.js";
import {quantityChart} from "../../src/components/quantityChart.js";
import {stateOf} from "./stateOf.js";

const client = (id: string, under: string, over: string) => ({id, label: `Client ${id}`, under, over});
const cell = (client_id: string, service: string, under: string, over: string) => ({
  client_id,
  service_id: `service:${service}`,
  label: `Service ${service}`,
  under,
  over,
});
const texts = (parent: Element, selector: string) =>
  [...parent.querySelectorAll(selector)].map(({textContent}) => textContent);
const unfold = (parent: Element) =>
  new Promise<void>((unfolded) => {
    const details = parent.querySelector("details") as HTMLDetailsElement;
    details.addEventListener("toggle", () => unfolded());
    details.open = true;
  });

it("adds up the shares of clients by absolute impact, under and over together", () => {
  const bars = cumulate([client("a", "50.00", "10.00"), client("b", "0.00", "30.00"), client("c", "10.00", "0.00")]);
  expect(bars.map(({cents, share}) => [cents, share])).toEqual([
    [6000, 0.6],
    [3000, 0.9],
    [1000, 1],
  ]);
});

it("says which clients make up four fifths, and has all of them as a table once it is opened", async () => {
  const bars = [client("a", "50.00", "10.00"), client("b", "0.00", "30.00"), client("c", "10.00", "0.00")];
  const chart = paretoChart({bars, currency: "USD", href: ({id}) => `./billing?client=${id}`, limit: 2});
  expect(chart.querySelector("h2")?.textContent).toBe("Clients by absolute impact, USD per month");
  expect(chart.querySelector("p")?.textContent).toBe(
    "2 clients of 3 make up 90.0% of $100.00, underbilled and overbilled together. The table has the smallest as well.",
  );
  const links = [...chart.querySelectorAll(".plot a")];
  expect(links.map((link) => link.getAttribute("aria-label"))).toEqual([
    "Client a: underbilled $50.00, overbilled $10.00, with those above 60.0% of all",
    "Client b: overbilled $30.00, with those above 90.0% of all",
  ]);
  expect(texts(chart, ".plot title")).toEqual([]);
  links[1]?.dispatchEvent(new Event("pointerenter"));
  expect(texts(chart, ".plot title")).toEqual(["Client b: overbilled $30.00, with those above 90.0% of all"]);
  expect(texts(chart, "tbody tr")).toEqual([]);
  expect(texts(chart, "summary")).toEqual(["All 3 as a table"]);
  const whole = paretoChart({bars: bars.slice(2), currency: "USD", href: () => ""});
  expect(texts(whole, "summary")).toEqual(["As a table"]);
  await unfold(chart);
  expect(texts(chart, "tbody tr:last-child > *")).toEqual(["Client c", "+$10.00", "$0.00", "$10.00", "100.0%"]);
});

it("prints signed amounts into the heat map, under and over apart, and says in words what it leaves out", () => {
  const map = heatMap({
    clients: [client("a", "50.00", "10.00"), client("b", "0.00", "30.00"), client("c", "10.00", "2.00")],
    cells: [
      cell("a", "x", "50.00", "10.00"),
      cell("b", "y", "0.00", "30.00"),
      cell("c", "z", "10.00", "0.00"),
      cell("c", "x", "0.00", "2.00"),
    ],
    currency: "USD",
    href: ({client_id, service_id}) => `./billing?client=${client_id}&service=${service_id}`,
    rows: 2,
    columns: 2,
  });
  expect(texts(map, "thead th")).toEqual(["Client", "Service x", "Service y"]);
  expect(texts(map, "tbody tr:first-child .line")).toEqual(["+$50.00", "−$10.00"]);
  expect(map.querySelector("tbody a")?.getAttribute("aria-label")).toBe(
    "Client a, Service x: underbilled $50.00, overbilled $10.00",
  );
  expect([...map.querySelectorAll("td.heat")].map(({className}) => className)).toEqual([
    "heat heat-under heat-5",
    "heat heat-over heat-3",
  ]);
  expect(map.querySelector("p")?.textContent).toBe(
    "Not shown: 1 smaller client and 1 smaller service, underbilled $10.00 and overbilled $2.00 in all.",
  );
});

it("makes the cells of the heat map the deeper the more they are about, whichever way it goes", () => {
  const map = heatMap({
    clients: [client("a", "10.00", "0.00"), client("b", "0.00", "50.00")],
    cells: [cell("a", "x", "10.00", "0.00"), cell("b", "x", "0.00", "50.00")],
    currency: "USD",
    href: () => "./billing",
  });
  expect([...map.querySelectorAll("td.heat")].map(({className}) => className)).toEqual([
    "heat heat-under heat-1",
    "heat heat-over heat-5",
  ]);
});

it("rounds the quantities of its axis, so that large ones do not lie over each other", () => {
  const service = {id: "x", label: "Storage", client_count: "1", missing: "0.0000", surplus: "12000000.0000"};
  const chart = quantityChart({
    services: [{...service, billed: "20000000.0000", used: "8000000.0000"}],
    href: () => "#",
  });
  expect(texts(chart, ".plot text")).toContain("−10M");
});

it("shows both directions of a service whose quantities agree in sum", () => {
  const chart = quantityChart({
    services: [
      {
        id: "x",
        label: "Mail",
        client_count: "2",
        billed: "10.0000",
        used: "10.0000",
        missing: "3.0000",
        surplus: "3.0000",
      },
      {
        id: "y",
        label: "Backup",
        client_count: "1",
        billed: "4.0000",
        used: "4.0000",
        missing: "0.0000",
        surplus: "0.0000",
      },
    ],
    href: ({id}) => `./billing?service=${id}`,
  });
  expect(chart.querySelector("p")?.textContent).toContain("1 of 2 services differs for at least one client.");
  expect([...chart.querySelectorAll(".plot a")].map((link) => link.getAttribute("aria-label"))).toEqual([
    "Mail: 10 used, 10 billed, 3 not billed, 3 not used",
    "Backup: 4 used, 4 billed, no difference",
  ]);
});

it("draws the forty services that differ most, and has all of them as a table when somebody opens it", () => {
  const chart = (length: number): HTMLElement =>
    quantityChart({
      services: Array.from({length}, (_, index) => ({
        ...{id: String(index), label: `Service ${index}`, client_count: "1", billed: "1.0000", used: "2.0000"},
        ...{missing: "1.0000", surplus: "0.0000"},
      })),
      href: ({id}) => `#${id}`,
    });
  const many = chart(1200);
  expect(many.querySelectorAll(".plot a").length).toBe(40);
  expect(many.querySelector("p")?.textContent).toMatch(/^1,200 of 1,200 services differ for at least one client\. /);
  expect(many.querySelector("p")?.textContent).toMatch(/ The table has the 1,160 that differ least as well\.$/);
  const details = many.querySelector("details");
  expect(details?.textContent).toBe("All 1,200 as a table");
  details?.dispatchEvent(new Event("toggle"));
  expect(details?.querySelectorAll("tbody tr").length).toBe(1200);
  expect(chart(41).querySelector("p")?.textContent).toMatch(/ The table has the one that differs least as well\.$/);
  expect(chart(40).querySelector("p")?.textContent).toMatch(/ is counted\.$/);
  expect(chart(40).querySelector("details")?.textContent).toBe("As a table");
});

it("draws what differs, not the thousand units that agree, over- and underbilled as everywhere", () => {
  const service = {label: "Sign-in", client_count: "64", billed: "1065.0000", used: "1069.0000"};
  const chart = quantityChart({
    services: [
      {...service, id: "x", missing: "17.0000", surplus: "13.0000"},
      {...service, id: "y", missing: "0.0000", surplus: "0.0000"},
    ],
    href: () => "#",
  });
  const bars = [...chart.querySelectorAll(".plot rect")].filter((bar) => bar.closest("defs, a") === null);
  const drawn = bars
    .map((bar) => ({
      fill: bar.parentElement?.getAttribute("fill")?.replace(/#.*\)/, "#hatch)"),
      width: Number(bar.getAttribute("width")),
    }))
    .filter(({width}) => width > 0);
  expect(drawn.map(({fill}) => fill)).toEqual(["var(--under)", "url(#hatch)"]);
  expect((drawn[0]?.width ?? 0) / (drawn[1]?.width ?? 1)).toBeCloseTo(17 / 13, 5);
  // Of the 900 pixels that names and texts leave, bars take most.
  expect((drawn[0]?.width ?? 0) + (drawn[1]?.width ?? 0)).toBeGreaterThan(300);
  expect(texts(chart, ".plot text")).toEqual(expect.arrayContaining(["+17", "−13", "1,069 used, 1,065 billed"]));
  expect(texts(chart, ".legend .whole").map((text) => text?.trim())).toEqual(["billed, not used", "used, not billed"]);
  const none = quantityChart({
    services: [{...service, id: "z", missing: "0.0000", surplus: "0.0000"}],
    href: () => "#",
  });
  expect(none.querySelector(".plot")?.innerHTML).not.toContain("NaN");
});

it("says so where there is nothing to draw, and shows a hostile name as text", () => {
  const none = {columns: [], rows: []};
  const state = stateOf();
  expect(charts({currencies: none, clients: none, cells: none, quantities: none}, state).textContent).toContain(
    "Nothing was reconciled yet.",
  );
  const of = (is_compared: string) => {
    const currencies = {columns: ["currency", "clients", "is_compared"], rows: [["USD", "1", is_compared]]};
    return charts({currencies, clients: none, cells: none, quantities: none}, state);
  };
  expect(texts(of("false"), ".empty")).toEqual([
    expect.stringMatching(
      /^Nothing could be compared, so nothing is known to be under- or overbilled\. See Integrations /,
    ),
  ]);
  const empty = of("true");
  expect(texts(empty, ".empty")).toEqual([
    "Of what could be compared and has a price in USD, no client is under- or overbilled.",
    "Of what could be compared and has a price in USD, no service is under- or overbilled.",
    "No service was compared.",
  ]);
  const bars = [{...client("a", "1.00", "0.00"), label: "<img src=x onerror=alert(1)>"}];
  expect(paretoChart({bars, currency: "USD", href: () => "#"}).querySelector("img")).toBeNull();
});

it("draws the largest of two hundred thousand cells, as ten thousand clients have them", () => {
  const clients = Array.from({length: 10_000}, (_, index) => client(`${index}`, "20.00", "0.00"));
  const cells = clients.flatMap(({id}) => Array.from({length: 20}, (_, index) => cell(id, `${index}`, "1.00", "0.00")));
  const map = heatMap({clients, cells, currency: "USD", href: () => "./billing"});
  expect(map.querySelectorAll("tbody td a")).toHaveLength(15 * 8);
});

it("leaves room for the labels of bars, however long, and rounds them where they would leave too little for the bars", () => {
  const bars = [
    {left: -5_845_680, right: 16_335_788, leftLabel: "−$5,845,680", rightLabel: "+$16,335,788"},
    {left: 0, right: 12, leftLabel: "", rightLabel: "+$12"},
  ];
  const space = 440;
  const [least, most] = axisEnds(bars, space);
  const at = (value: number) => ((value - least) / (most - least)) * space;
  // 12 px digits are at most 7.2 px wide.
  expect(at(-5_845_680)).toBeGreaterThan(11 * 7.2);
  expect(space - at(16_335_788)).toBeGreaterThan(12 * 7.2);
  expect(at(16_335_788) - at(-5_845_680)).toBeCloseTo(shareOfBars(bars, space) * space, 5);

  const labels = (width: number) =>
    texts(
      impactChart({
        title: "By service",
        bars: [{id: "a", label: "Backup", href: "./billing", under: "2453255.00", over: "388452.10"}],
        currency: "USD",
        width,
      }),
      ".plot text",
    ).filter((text) => text?.includes("$"));
  expect(labels(620)).toEqual(["+$2,453,255.00", "−$388,452.10"]);
  expect(labels(330)).toEqual(["+$2.5M", "−$388K"]);
});

it("has cents at all bars of a chart or at none, as they are compared", () => {
  const labels = (...bars: (readonly [under: string, over: string])[]) =>
    texts(
      impactChart({
        title: "By service",
        bars: bars.map(([under, over], index) => ({id: `${index}`, label: "Backup", href: "./billing", under, over})),
        currency: "USD",
      }),
      ".plot text",
    ).filter((text) => text?.includes("$"));
  expect(labels(["84.00", "0.00"], ["18.00", "52.00"])).toEqual(["+$84", "+$18", "−$52"]);
  expect(labels(["84.00", "0.00"], ["18.80", "52.00"])).toEqual(["+$84.00", "+$18.80", "−$52.00"]);
});

it("writes names that are too long for one line on two, as services of one vendor begin alike", () => {
  const names = shortNames(
    [
      {id: "a", label: "Microsoft 365 Business Premium"},
      {id: "b", label: "Microsoft 365 Business Basic"},
      {id: "c", label: "Backup\nStorage"},
      {id: "d", label: "A name of very many words, far more than two lines"},
      {id: "e", label: "株式会社株式会社株式会社株式会社株式会社"},
      {id: "f", label: "MERIDIAN ENGINEERING HOLDING"},
      {id: "g", label: "W".repeat(40)},
      {id: "h", label: "👩‍👩‍👧‍👦🏳️‍🌈🇳🇱".repeat(6)},
    ],
    115,
  );
  expect([...names.values()]).toEqual([
    "Microsoft 365\nBusiness Premium",
    "Microsoft 365\nBusiness Basic",
    "Backup Storage",
    "A name of very\nmany words, far …",
    "株式会社株式会社株\n式会社株式会社株…",
    "MERIDIAN\nENGINEERING H…",
    "WWWWWWWWW\nWWWWWWWW…",
    "👩‍👩‍👧‍👦🏳️‍🌈🇳🇱👩‍👩‍👧‍👦🏳️‍🌈🇳🇱👩‍👩‍👧‍👦\n🏳️‍🌈🇳🇱👩‍👩‍👧‍👦🏳️‍🌈🇳🇱👩‍👩‍👧‍👦…",
  ]);
  expect(rowHeight(names, 330)).toBeGreaterThan(rowHeight(new Map([["c", "Backup"]]), 330));
});

it("labels the units of its axis as its rows do, while they are few, and the share that the text speaks of", () => {
  const service = {id: "x", label: "Seats", client_count: "1", missing: "4.0000", surplus: "0.0000"};
  const units = quantityChart({
    services: [{...service, missing: "1069.0000", billed: "0.0000", used: "1069.0000"}],
    href: () => "#",
  });
  expect(texts(units, ".plot text")).toContain("1,000");
  const pareto = paretoChart({bars: [client("a", "1.00", "0.00")], currency: "USD", href: () => "#"});
  expect(texts(pareto, ".plot text")).toContain("80%");
});
