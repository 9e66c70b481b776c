// @vitest-environment jsdom
import {describe, expect, it, vi} from "vitest";
import {changeLists} from "../../src/components/changeLists.js";
import {history} from "../../src/components/history.js";
import {waterfallChart} from "../../src/components/waterfallChart.js";
import {figuresOf, type HistoryFigure, stepsOf, sumOf} from "../../src/lib/historyFigures.js";
import {queryOf} from "../../src/lib/queryAddress.js";
import {exported} from "./exported.js";
import {changes, data} from "./historyData.js";
import {stateOf} from "./stateOf.js";

const months = {from: "Oct 2026", to: "Nov 2026", period: "2026-11"};

describe("a waterfall", () => {
  const list = changes(
    {change_kind: "new", impact_monthly: "10.00", appeared_monthly: "10.00"},
    {change_kind: "resolved", previous_impact_monthly: "-7.00", resolved_monthly: "7.00"},
    {
      change_kind: "changed",
      previous_impact_monthly: "20.00",
      impact_monthly: "33.00",
      quantity_monthly: "10.00",
      price_monthly: "3.00",
    },
    {change_kind: "changed", previous_impact_monthly: "-20.00", impact_monthly: "-5.00", quantity_monthly: "15.00"},
    {
      change_kind: "turned",
      previous_impact_monthly: "-4.00",
      impact_monthly: "6.00",
      resolved_monthly: "4.00",
      appeared_monthly: "6.00",
    },
    {change_kind: "not_compared", previous_impact_monthly: "8.00", uncompared_monthly: "-8.00"},
    {change_kind: "changed", previous_impact_monthly: "0.00", impact_monthly: "9.00", price_monthly: "9.00"},
  );

  it.each([
    ["under", ["28.00", "16.00", "10.00", "12.00", "0.00", "-8.00", "58.00"]],
    ["over", ["31.00", "0.00", "-15.00", "0.00", "-11.00", "0.00", "5.00"]],
  ] as const)("leads from last month's %sbilled amount to this one's", (side, amounts) => {
    expect(stepsOf(side, months).map((step) => sumOf(step, list))).toEqual(amounts);
    const cents = amounts.map((amount) => Math.round(Number(amount) * 100));
    expect(cents.slice(0, -1).reduce((sum, one) => sum + one, 0)).toBe(cents.at(-1));
  });

  it("is drawn with every step in words, and as a table", () => {
    const node = waterfallChart(
      "Underbilled, USD per month",
      stepsOf("under", months).map(({id, step, isTotal, ...figure}) => ({
        ...{label: step, isTotal},
        amount: sumOf({id, isTotal, ...figure}, list),
        href: `?list=${id}`,
      })),
      "under",
      "USD",
    );
    expect(node.querySelector("h3")?.textContent).toBe("Underbilled, USD per month");
    expect(node.querySelector("svg")?.textContent).toContain("+$16");
    const rows = [...node.querySelectorAll("tbody tr")].map((row) => row.textContent);
    expect(rows).toContain("Not compared now−$8.00");
    expect(rows).toHaveLength(7);
  });
});

describe("the history page", () => {
  it("says how to get history while no month is closed", () => {
    const page = history({...data, months: {...data.months, rows: []}}, () => Promise.reject(new Error()), stateOf());
    expect(page.textContent).toContain("trueup close --period 2026-10");
  });

  it("lists what became of each discrepancy, names of clients harmless, months in words", () => {
    const list = changes(
      {
        change_kind: "repeated",
        months_open: "3",
        first_period: "2026-09",
        earliest_period: "2026-07",
        impact_monthly: "12.00",
        previous_impact_monthly: "12.00",
      },
      {change_kind: "resolved", previous_impact_monthly: "-12.00", settled_monthly: "12.00", credited_amount: "24.00"},
    );
    const where = stateOf({list: "repeated", sort: "-size", page: "2"});
    const lists = changeLists(list, months, where);
    expect([...lists.querySelectorAll("[role=tab]")].map(({textContent}) => textContent)).toEqual([
      ...["Resolved (1)", "New (0)", "Changed (0)", "Repeated (1)", "Not compared now (0)"],
    ]);
    expect(lists.querySelector(".count")?.textContent).toBe("1 of 1 discrepancy");
    expect(lists.querySelector("img")).toBeNull();
    expect(lists.querySelector("tbody")?.textContent).toContain("third monthsince Sep 2026; before that in Jul 2026");
    lists.querySelector<HTMLElement>("#tab-resolved")?.click();
    expect(lists.querySelector("tbody")?.textContent).toContain("$12.00$24.00 credited once");
    const proof = lists.querySelector<HTMLAnchorElement>("tbody small a");
    expect(proof?.textContent).toBe("$24.00 credited once");
    expect(queryOf(proof as HTMLAnchorElement)).toContain("from lake_invoice_lines");
    expect(where.values).toEqual({list: "", sort: "", page: ""});
  });

  it("calls nothing gone or new of what passes the filters alone, where some are set", () => {
    const said = (values: Record<string, string>) =>
      changeLists([], months, stateOf(values)).querySelector(".empty")?.textContent;
    expect(said({})).toBe("Nothing that was found the month before is gone.");
    expect(said({month: "2026-11", list: "new"})).toBe("Nothing new was found.");
    for (const name of ["client", "service", "integration", "type", "search"]) {
      expect(said({[name]: "x"}), name).toBe(
        "Of what passes the filters, nothing that was found the month before is gone.",
      );
    }
  });

  it("leads from a figure to its rows, what each has in it, and their sum with the sign that the page gives it", () => {
    const list = changes(
      {change_kind: "resolved", months_open: "2", previous_impact_monthly: "-12.00", resolved_monthly: "12.00"},
      {change_kind: "changed", previous_impact_monthly: "-30.00", impact_monthly: "-36.50", quantity_monthly: "-6.50"},
      {change_kind: "new", impact_monthly: "5.00", appeared_monthly: "5.00"},
    );
    const traced = (id: string) => {
      const lists = changeLists(list, months, stateOf({list: id}));
      const cellsOf = (row: Element) => [...row.children].map(({textContent}) => textContent?.trim());
      const numbers = (rows: string) => [...lists.querySelectorAll(rows)].map((row) => cellsOf(row).slice(3));
      return {
        heads: [...lists.querySelectorAll("thead th")].slice(3).map(({textContent}) => textContent?.replace("↓", "")),
        ...{rows: numbers("tbody tr"), foot: numbers("tfoot tr").flat()},
      };
    };
    const [first, gone] = ["first monthsince Nov 2026", "for 2 monthssince Nov 2026"];
    expect(traced("over-before")).toEqual({
      heads: ["Found", `Overbilled, ${months.from}`, months.to],
      rows: [
        [first, "−$30.00", "−$36.50"],
        [gone, "−$12.00", "—"],
      ],
      foot: ["", "−$42.00", ""],
    });
    expect(traced("over")).toMatchObject({rows: [[first, "−$30.00", "−$36.50"]], foot: ["", "", "−$36.50"]});
    expect(traced("over-quantity")).toMatchObject({
      rows: [[first, "−$30.00", "−$36.50", "+$6.50"]],
      foot: ["", "", "", "+$6.50"],
    });
    expect(traced("over-resolved")).toMatchObject({foot: ["", "", "", "−$12.00"]});
    expect(traced("under-new")).toMatchObject({rows: [[first, "—", "+$5.00", "+$5.00"]]});
    expect(traced("net")).toMatchObject({foot: ["", "", "−$31.50"]});
  });

  it("exports the list that is open, with what billing settled of either direction by itself", async () => {
    const gone = {change_kind: "resolved", months_open: "2", first_period: "2026-09", earliest_period: "2026-07"};
    const list = changes(
      {...gone, reason: "billed", previous_impact_monthly: "24.00", settled_monthly: "20.00"},
      {
        ...gone,
        reason: "credited",
        previous_impact_monthly: "-12.00",
        settled_monthly: "6.00",
        credited_amount: "18.00",
      },
      {...gone, previous_impact_monthly: null},
      {change_kind: "new", impact_monthly: "-5.00"},
    );
    expect(await exported(changeLists(list, months, stateOf()))).toEqual([
      "client_id,client_name,service,label,currency,discrepancy_type,change_kind,reason,evidence,months_open,first_period,earliest_period,direction,previous_impact_monthly,impact_monthly,recovered_monthly,taken_off_monthly,credited_once",
      'acme,"<img src=x onerror=""alert(1)"">",service:EP,Endpoint,USD,calculated,resolved,billed,,2,2026-09,2026-07,underbilled,24.00,,20.00,,0.00',
      "bolt,Bolt,service:BK,Backup,USD,calculated,resolved,credited,,2,2026-09,2026-07,overbilled,-12.00,,,6.00,18.00",
      'acme,"<img src=x onerror=""alert(1)"">",service:EP,Endpoint,USD,calculated,resolved,,,2,2026-09,2026-07,,,,,,0.00',
    ]);
    expect((await exported(changeLists(list, months, stateOf({list: "new"}))))[1]).toContain(
      ",overbilled,,-5.00,,,0.00",
    );
  });

  it.each([
    ["resolved", "resolved", [months.from, "Settled by billing"]],
    ["new", "new", [months.to]],
    ["changed", "turned", [months.from, months.to]],
    ["not-compared", "not_compared", [months.from]],
  ])("has of %s only the months in which it was found", (id, change_kind, heads) => {
    const list = changes({change_kind, previous_impact_monthly: "12.00", impact_monthly: "12.00"});
    const shown = changeLists(list, months, stateOf({list: id})).querySelectorAll("thead th");
    expect([...shown].slice(4).map(({textContent}) => textContent?.replace("↓", ""))).toEqual(heads);
  });

  it("has the largest first, one without a price by what it was worth before", () => {
    const list = changes(
      {change_kind: "changed", previous_impact_monthly: "-30.00", impact_monthly: "-36.50"},
      {change_kind: "changed", previous_impact_monthly: "50.00"},
    );
    const rows = changeLists(list, months, stateOf({list: "changed"})).querySelectorAll("tbody tr");
    expect([...rows].map(({children}) => [children[1], children[4]].map((cell) => cell?.textContent))).toEqual([
      ["Backup", "+$50.00"],
      ["Endpoint", "−$30.00"],
    ]);
  });

  it("adds up what billing settled, under- and overbilled apart from credits", () => {
    const list = changes(
      {previous_impact_monthly: "24.00", settled_monthly: "24.00"},
      {previous_impact_monthly: "-12.00", settled_monthly: "6.00", credited_amount: "18.00"},
    );
    const figure = figuresOf(months);
    const sums = ["recovered", "taken-off", "credited"].map((id) => sumOf(figure.get(id) as HistoryFigure, list));
    expect(sums).toEqual(["24.00", "6.00", "18.00"]);
  });
});

const octoberRows = [
  ["0", "2026-10", "calculated", "24.10", null],
  ["1", "2026-10", "calculated", "-30.00", null],
];

/** What the table of months says of one. */
function cellsOf(page: HTMLElement, month: string): (string | null)[] {
  const rows = [...page.querySelectorAll('[aria-labelledby="months"] tbody tr')];
  const row = rows.find(({textContent}) => textContent?.trim().startsWith(month));
  return [...(row?.querySelectorAll("td") ?? [])].map(({textContent}) => textContent);
}

it("says of a month in which nothing was compared that it is unknown, in figures and table", async () => {
  const uncompared = {
    ...data,
    months: {
      columns: data.months.columns,
      rows: [
        ["2026-10", "USD", "true", null, "0.950000", "0.900000", "0", "2"],
        ["2026-11", "USD", "false", "2026-10", "0.000000", "0.000000", "0", "0"],
      ],
    },
    found: {columns: data.found.columns, rows: octoberRows},
  };
  const page = history(uncompared, async () => ({changes: {columns: [], rows: []}}), stateOf());
  await vi.waitFor(() => expect(page.querySelector(".figures")).not.toBeNull());
  expect(cellsOf(page, "Nov")).toEqual(["unknown", "unknown", "unknown", "0.0%", "0"]);
  expect(cellsOf(page, "Oct")).toEqual(["+$24.10", "−$30.00", "−$5.90", "95.0%", "2"]);
  const figures = page.querySelector(".figures")?.textContent;
  expect(figures).toMatch(/Underbilled, Nov 2026.*unknown.*Overbilled, Nov 2026.*unknown.*Net, Nov 2026.*unknown/s);
});

it("says of a month in which all that was found has no price that the sum is unknown, and of the others what it is", async () => {
  const rows = [...octoberRows, ["0", "2026-11", "estimated", null, "1"]];
  const page = history(
    {...data, found: {columns: data.found.columns, rows}},
    async () => ({changes: {columns: [], rows: []}}),
    stateOf(),
  );
  await vi.waitFor(() => expect(page.querySelector(".figures")).not.toBeNull());
  expect(cellsOf(page, "Nov")).toEqual(["unknown", "$0.00", "unknown", "99.0%", "1"]);
  const shown = [...page.querySelectorAll(".figure")].slice(0, 3).map(({children}) => children[1]?.textContent?.trim());
  expect(shown).toEqual(["unknown", "$0.00", "unknown"]);
});

it("draws no months in which nothing was found, and has them as a table", () => {
  const page = (search: string) => history(data, () => new Promise(() => {}), stateOf({search}));
  expect(page("").querySelector('[aria-labelledby="months"] svg')).not.toBeNull();
  const nobody = page("nobody");
  expect(nobody.querySelector('[aria-labelledby="months"] svg')).toBeNull();
  expect(nobody.textContent).toContain("Nothing was found under- or overbilled in these months.");
  expect(cellsOf(nobody, "Nov").slice(0, 3)).toEqual(["$0.00", "$0.00", "$0.00"]);
});

it("keeps the coverage of the months where a search asks for nothing", () => {
  const coverage = (search: string) =>
    cellsOf(
      history(data, () => new Promise(() => {}), stateOf({search})),
      "Nov",
    )[3];
  expect(coverage("nobody")).not.toBe(coverage(""));
  expect(coverage(" ")).toBe(coverage(""));
});

it("says it of a service that was not compared in a month", () => {
  const services = {columns: data.services.columns, rows: [["2026-11", "service:BK", "USD", "0.000000"]]};
  const found = {columns: data.found.columns, rows: octoberRows};
  const pageOf = (service: string) =>
    history({...data, services, found}, () => new Promise(() => {}), stateOf({service}));
  expect(cellsOf(pageOf("service:BK"), "Nov")).toEqual(["unknown", "unknown", "unknown", "0.0%", "0"]);
  expect(cellsOf(pageOf("service:EP"), "Nov").slice(0, 3)).toEqual(["$0.00", "$0.00", "$0.00"]);
});

describe("products without a service", () => {
  const products = {
    ...data,
    names: {
      columns: data.names.columns,
      rows: [
        ["product:m365:COPILOT", "Copilot (no service)", "0"],
        ["product:m365:VISIO", "Visio (no service)", "1"],
        ["service:BK", "Backup", "2"],
        ["service:EP", "Endpoint", "3"],
      ],
    },
    subjects: {
      columns: data.subjects.columns,
      rows: [
        ["acme", "acme", "Acme", "3", "rmm;edr", "USD", "0"],
        ["bolt", "bolt", "Bolt", "2", "backup", "USD", "1"],
        ["acme", "acme", "Acme", "0", "m365", "USD", "2"],
        ["bolt", "bolt", "Bolt", "1", "m365", "USD", "3"],
      ],
    },
    found: {
      columns: data.found.columns,
      rows: ["0", "1", "2", "3"].map((subject) => [
        subject,
        "2026-11",
        "unaccounted",
        `${10 ** Number(subject)}.00`,
        null,
      ]),
    },
  };
  const pageOf = (values: Record<string, string> = {}): HTMLElement =>
    history(products, () => new Promise(() => {}), stateOf(values));
  const services = (page: HTMLElement): [string, string, boolean][] => {
    const [select] = page.querySelectorAll("select");
    return [...(select?.options ?? [])].map(({value, text, selected}) => [value, text, selected]);
  };
  const usual = [
    ["", "All", true],
    ["service:BK", "Backup", false],
    ["service:EP", "Endpoint", false],
    ["product", "Products without a service", false],
  ];

  it("are one choice beside the services, and none where there is none", () => {
    expect(services(pageOf())).toEqual(usual);
    expect(services(history(data, () => new Promise(() => {}), stateOf()))).toEqual(usual.slice(0, 3));
    expect(cellsOf(pageOf({service: "product"}), "Nov")[0]).toBe("+$1,100.00");
  });

  it("are found each by its name, and by an address that names one", () => {
    expect(cellsOf(pageOf({search: "visio"}), "Nov")[0]).toBe("+$1,000.00");
    const page = pageOf({service: "product:m365:COPILOT"});
    expect(cellsOf(page, "Nov")[0]).toBe("+$100.00");
    expect(services(page).find(([, , isSelected]) => isSelected)?.[1]).toBe("Copilot (no service)");
  });
});
