import {describe, expect, it} from "vitest";
import {closeRows, reconcileRows, type World} from "./harness.js";
import {type Given, invoiced, link, ordinaryWorld, pick, rule, seats, withRmm} from "./ordinary.js";

/** What the months before and this one come to. */
const history = (world: World) => reconcileRows(world, ["history", "history_changes", "history_services"]);

const effects = ["appeared", "resolved", "uncompared", "quantity", "price", "settled"];

/** What November changed of October's discrepancies: kind, reason and evidence, money before and after, and its steps. */
async function changes(october: Given, november: Given) {
  const settings = {as_of: "2026-10-31T12:00:00Z", as_of_date: "2026-10-31"};
  const closed = {"2026-10": await closeRows({...ordinaryWorld(october), settings})};
  const {history_changes = []} = await history({...ordinaryWorld(november), closed});
  return history_changes.map((row) => [
    `${row.service_id ?? row.product_id} ${row.change_kind} ${row.reason}`,
    row.evidence,
    `${row.previous_impact_monthly} → ${row.impact_monthly}`,
    effects
      .flatMap((name) => (Number(row[`${name}_monthly`]) === 0 ? [] : [`${name} ${row[`${name}_monthly`]}`]))
      .join(", "),
  ]);
}

const line = {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 20};
const priced = (unit_price: string | null, given = {}): Given => ({agreement_lines: [{...line, unit_price}], ...given});
const quarterly = (lines: Parameters<typeof invoiced>[0]) =>
  invoiced(lines, {period_start: "2026-10-01", period_end: "2027-01-01"});
const annual = {
  agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", billing_cycle: "annual"}],
};
const two = {
  accounts: ["tenant", "second"].map((id) => ({account_id: id, account_name: "Acme"})),
  seats: [...seats(24), ...seats(2, {account_id: "second"})],
};
const inRmm = {
  ...withRmm,
  accounts: [
    {account_id: "tenant", account_name: "Acme"},
    {connection_id: "rmm", account_id: "site", account_name: "Acme"},
  ],
  products: [
    {product_id: "p1", product_name: "Exchange Online"},
    {connection_id: "rmm", product_id: "agent", product_name: "Agent"},
  ],
  seats: [...seats(24), ...seats(2, {connection_id: "rmm", account_id: "site", product_id: "agent"})],
  mappingClients: [link("tenant", "acme"), link("site", "acme", {connection_id: "rmm"})],
};
const bothLinked = {mappingClients: [link("tenant", "acme"), link("second", "acme")]};
const doubled = {mappingServices: [rule("r1", {multiplier: 2})]};

describe("what a month changed of a discrepancy", () => {
  it.each<[string, Given, Given, string[]]>([
    [
      "more billed than was missing",
      {},
      {billed: 30},
      [
        "mail turned billed",
        "More is billed. Expected 24, billed 20 → 30.",
        "48.00 → -72.00",
        "appeared -72.00, resolved -48.00, settled 48.00",
      ],
    ],
    [
      "more missing at a rate that negative lines turned into a negative one",
      {},
      invoiced([{agreement_line_id: "l1"}, {quantity: -15, unit_price: "20.00"}]),
      [
        "mail turned billed",
        "Less is billed. Expected 24, billed 20 → 5.",
        "48.00 → -228.00",
        "appeared -228.00, resolved -48.00",
      ],
    ],
    [
      "more taken off than was too much",
      {used: 16},
      {used: 16, billed: 14},
      [
        "mail turned billed",
        "Less is billed. Expected 16, billed 20 → 14.",
        "-48.00 → 24.00",
        "appeared 24.00, resolved 48.00, settled 48.00",
      ],
    ],
    [
      "as much by billing as by usage",
      {},
      {billed: 18, used: 26},
      ["mail changed billed", "Less is billed. Expected 24 → 26, billed 20 → 18.", "48.00 → 96.00", "quantity 48.00"],
    ],
    [
      "less used, and a part of it taken off",
      {used: 16},
      {used: 13, billed: 18},
      [
        "mail changed usage",
        "Less is used. Expected 16 → 13, billed 20 → 18.",
        "-48.00 → -60.00",
        "quantity -12.00, settled 24.00",
      ],
    ],
    [
      "nothing of the quantity, and the price is not known any more",
      {},
      priced(null),
      ["mail changed price", "The price changed. Expected 24, billed 20.", "48.00 → null", "price -48.00"],
    ],
    [
      "a price that came to be known, and the quantity",
      priced(null),
      {used: 25},
      ["mail changed usage", "More is used. Expected 24 → 25, billed 20.", "null → 60.00", "price 60.00"],
    ],
    [
      "the same price for another cycle, and the quantity",
      {},
      {...annual, used: 25},
      [
        "mail changed usage",
        "More is used. Expected 24 → 25, billed 20.",
        "48.00 → 5.00",
        "quantity 12.00, price -55.00",
      ],
    ],
    [
      "its count is known now",
      {mappingClients: []},
      {},
      ["mail new compared", "It was not compared the month before. Billed 20.", "null → 48.00", "appeared 48.00"],
    ],
    [
      "a rule counts it now",
      {mappingServices: []},
      {},
      ["mail new compared", "It was not compared the month before. Billed 20.", "null → 48.00", "appeared 48.00"],
    ],
    [
      "its count is not known any more",
      {},
      {mappingClients: []},
      [
        "mail not_compared not_compared",
        "Its count is unknown now, so nothing is settled. Billed 20.",
        "48.00 → null",
        "uncompared -48.00",
      ],
    ],
    [
      "no rule counts it any more",
      {},
      {mappingServices: []},
      [
        "mail not_compared not_compared",
        "No rule counts it any more, so nothing is settled. Billed 20.",
        "48.00 → null",
        "uncompared -48.00",
      ],
    ],
    [
      "another account was linked",
      two,
      {...two, ...bothLinked},
      [
        "mail changed mapping",
        "Its linked accounts were changed. Expected 24 → 26, billed 20.",
        "48.00 → 72.00",
        "quantity 24.00",
      ],
    ],
    [
      "its rule was changed",
      two,
      {...two, ...doubled},
      [
        "mail changed mapping",
        "Its rules were changed. Expected 24 → 48, billed 20.",
        "48.00 → 336.00",
        "quantity 288.00",
      ],
    ],
    [
      "its rule counts a minimum now",
      {},
      {mappingServices: [rule("r1", {minimum: 30})]},
      [
        "mail changed mapping",
        "Its rules were changed. Expected 24 → 30, billed 20.",
        "48.00 → 120.00",
        "quantity 72.00",
      ],
    ],
    [
      "a rule of another connection, where the client has had an account before, counts it too",
      inRmm,
      {...inRmm, mappingServices: [rule("r1"), rule("r2", {connection_id: "rmm", product_ids: "agent"})]},
      [
        "mail changed mapping",
        "Its rules were changed. Expected 24 → 26, billed 20.",
        "48.00 → 72.00",
        "quantity 24.00",
      ],
    ],
    [
      "both were changed",
      two,
      {...two, ...bothLinked, ...doubled},
      [
        "mail changed mapping",
        "Its rules and linked accounts were changed. Expected 24 → 52, billed 20.",
        "48.00 → 384.00",
        "quantity 336.00",
      ],
    ],
    [
      "a rule of another client and of another service was changed",
      {},
      {
        used: 25,
        mappingServices: [
          rule("r1"),
          rule("r2", {client_id: "other"}),
          rule("r3", {service_id: "else", product_ids: "p9"}),
        ],
      },
      ["mail changed usage", "More is used. Expected 24 → 25, billed 20.", "48.00 → 60.00", "quantity 12.00"],
    ],
    [
      "accounts were linked of another client, and of a connection that no rule of the service reads",
      {...withRmm, accounts: two.accounts},
      {
        ...{...withRmm, used: 25},
        clients: ["acme", "other"].map((client_id) => ({client_id, client_name: client_id})),
        accounts: [...two.accounts, {connection_id: "rmm", account_id: "site", account_name: "Acme"}],
        mappingClients: [link("tenant", "acme"), link("second", "other"), link("site", "acme", {connection_id: "rmm"})],
      },
      ["mail changed usage", "More is used. Expected 24 → 25, billed 20.", "48.00 → 60.00", "quantity 12.00"],
    ],
    [
      "a rule that is not in force any more is there still",
      {mappingServices: [rule("r1"), rule("r2", {valid_to: "2026-10-01"})]},
      {used: 25, mappingServices: [rule("r1"), rule("r2", {valid_to: "2026-10-01"})]},
      ["mail changed usage", "More is used. Expected 24 → 25, billed 20.", "48.00 → 60.00", "quantity 12.00"],
    ],
    [
      "the same price for another cycle",
      {},
      annual,
      ["mail changed price", "The price changed. Expected 24, billed 20.", "48.00 → 4.00", "price -44.00"],
    ],
    [
      "more of both at another price",
      {},
      priced("13.00", {agreement_lines: [{...line, quantity: 22, unit_price: "13.00"}], used: 26}),
      [
        "mail changed price",
        "The price changed. Expected 24 → 26, billed 20 → 22.",
        "48.00 → 52.00",
        "price 4.00, settled 24.00",
      ],
    ],
    [
      "more, at a price that is not known any more",
      {},
      priced(null, {used: 25}),
      ["mail changed usage", "More is used. Expected 24 → 25, billed 20.", "48.00 → null", "price -48.00"],
    ],
    [
      "more, and not a cent of it by the price",
      priced("0.333"),
      priced("0.333", {used: 25}),
      ["mail changed usage", "More is used. Expected 24 → 25, billed 20.", "1.33 → 1.67", "quantity 0.34"],
    ],
    [
      "as much less used as was taken off",
      {used: 16},
      {used: 12, billed: 16},
      [
        "mail repeated null",
        "The difference is the same. Expected 16 → 12, billed 20 → 16.",
        "-48.00 → -48.00",
        "settled 48.00",
      ],
    ],
    [
      "nothing, where no price is known",
      priced(null),
      priced(null),
      ["mail repeated null", "Nothing changed. Expected 24, billed 20.", "null → null", ""],
    ],
    [
      "a credit while more was billed",
      {used: 16},
      {
        used: 16,
        ...invoiced([
          {agreement_line_id: "l1", quantity: 22},
          {quantity: -2, parent_line_id: "il1"},
        ]),
      },
      [
        "mail changed billed",
        "More is billed. Expected 16, billed 20 → 22. Credited 24.00 USD.",
        "-48.00 → -72.00",
        "quantity -24.00",
      ],
    ],
    [
      "a credit that the month before had too",
      {used: 16, ...quarterly([{agreement_line_id: "l1"}, {quantity: -2, parent_line_id: "il1"}])},
      {used: 17, ...quarterly([{agreement_line_id: "l1"}, {quantity: -2, parent_line_id: "il1"}])},
      ["mail changed usage", "More is used. Expected 16 → 17, billed 20.", "-48.00 → -36.00", "quantity 12.00"],
    ],
    [
      "less billed by a negative line that credits nothing",
      {used: 16},
      {used: 16, ...invoiced([{agreement_line_id: "l1"}, {quantity: -2}])},
      [
        "mail changed billed",
        "Less is billed. Expected 16, billed 20 → 18.",
        "-48.00 → -24.00",
        "quantity 24.00, settled 24.00",
      ],
    ],
    [
      "a credit for it while less was billed",
      {used: 16},
      {
        used: 16,
        ...invoiced([
          {agreement_line_id: "l1", quantity: 18},
          {quantity: -2, parent_line_id: "il1"},
        ]),
      },
      [
        "mail changed credited",
        "Less is billed. Expected 16, billed 20 → 18. Credited 24.00 USD.",
        "-48.00 → -24.00",
        "quantity 24.00, settled 24.00",
      ],
    ],
    [
      "a credit while less was billed than before of what was billed too little",
      {},
      invoiced([
        {agreement_line_id: "l1", quantity: 18},
        {quantity: -2, parent_line_id: "il1"},
      ]),
      [
        "mail changed billed",
        "Less is billed. Expected 24, billed 20 → 18. Credited 24.00 USD.",
        "48.00 → 72.00",
        "quantity 24.00",
      ],
    ],
    [
      "a credit for it while more was used",
      {used: 16},
      {used: 17, ...invoiced([{agreement_line_id: "l1"}, {quantity: -2, parent_line_id: "il1"}])},
      [
        "mail changed usage",
        "More is used. Expected 16 → 17, billed 20. Credited 24.00 USD.",
        "-48.00 → -36.00",
        "quantity 12.00",
      ],
    ],
  ])("is told with its steps: %s", async (_, october, november, expected) => {
    expect((await changes(october, november)).filter(([what]) => String(what).startsWith("mail"))).toEqual([expected]);
  });
});

it.each<[string, Given, string[]]>([
  [
    "a rule covers it now",
    {mappingServices: [rule("r1", {kinds: "device"})]},
    ["p1 resolved mapping", "Its rules were changed. Expected 24 → 0, billed 0."],
  ],
  [
    "a rule of another connection is new",
    {...withRmm, used: 25, mappingServices: [rule("r2", {connection_id: "rmm", product_ids: "*"})]},
    ["p1 changed usage", "More is used. Expected 24 → 25, billed 0."],
  ],
])(
  "what happened to usage that no rule counts is told by the rules of its connection: %s",
  async (_, november, expected) => {
    const found = await changes({...withRmm, mappingServices: []}, november);
    expect(found.filter(([what]) => String(what).startsWith("p1")).map((row) => row.slice(0, 2))).toEqual([expected]);
  },
);

describe("the services of each month", () => {
  it("show what was found in either direction, what was billed, and how much of that was compared", async () => {
    const on = async (day: string, given: Given) =>
      closeRows({...ordinaryWorld(given), settings: {as_of: `${day}T12:00:00Z`, as_of_date: day}});
    const labour = {...line, agreement_line_id: "l2", service_id: "labour", quantity: 1, unit_price: "60"};
    const services = [
      {service_id: "mail", service_name: "Mail", list_price: "10"},
      {service_id: "labour", service_name: "Labour"},
    ];
    const closed = {
      "2026-09": await on("2026-09-30", {services, agreement_lines: [labour]}),
      "2026-10": await on("2026-10-31", {services, agreement_lines: [labour, {...line, unit_price: "12"}]}),
    };
    const marts = await history({...ordinaryWorld({used: 16}), closed});
    const money = ["underbilled", "overbilled", "net", "billed"].map((name) => `${name}_monthly`);
    const columns = ["period", "service_name", ...money, "coverage_amount"];
    expect((marts.history_services ?? []).map((row) => columns.map((column) => row[column]).join(" ")).sort()).toEqual([
      "2026-09 Labour 0.00 0.00 0.00 60.00 0.000000",
      "2026-09 Mail 240.00 0.00 240.00 0.00 ",
      "2026-10 Labour 0.00 0.00 0.00 60.00 0.000000",
      "2026-10 Mail 48.00 0.00 48.00 240.00 1.000000",
      "2026-11 Mail protection 0.00 48.00 -48.00 240.00 1.000000",
    ]);
  });
});

it("is as old as the months in a row that found it, the first of all kept in mind", async () => {
  const on = async (day: string, given: Given) =>
    closeRows({...ordinaryWorld(given), settings: {as_of: `${day}T12:00:00Z`, as_of_date: day}});
  const closed = {
    "2026-07": await on("2026-07-31", {}),
    "2026-08": await on("2026-08-31", {used: 20}),
    "2026-09": await on("2026-09-30", {}),
    "2026-10": await on("2026-10-31", {used: 25}),
  };
  const ages = async (given: Given) => {
    const {history_changes = []} = await history({...ordinaryWorld(given), closed});
    const columns = ["period", "change_kind", "months_open", "first_period", "earliest_period"];
    return history_changes.map((row) => columns.map((column) => row[column]).join(" ")).sort();
  };
  const before = [
    "2026-08 resolved 1 2026-07 2026-07",
    "2026-09 new 1 2026-09 2026-07",
    "2026-10 changed 2 2026-09 2026-07",
  ];
  expect(await ages({})).toEqual([...before, "2026-11 changed 3 2026-09 2026-07"]);
  expect(await ages({used: 20})).toEqual([...before, "2026-11 resolved 2 2026-09 2026-07"]);
});

it("counts as credited what invoices of a month took off and those of the month before had not, and nothing that they added", async () => {
  const month = (day: string) => {
    const [from, to] = [`${day.slice(0, 7)}-01`, `${day.slice(0, 7)}-30`];
    const changes = [-2, 1].map((quantity) => ({
      quantity,
      parent_line_id: "own",
      invoice_line_id: `${day} ${quantity}`,
    }));
    return {
      ...ordinaryWorld({
        used: 16,
        ...invoiced([{agreement_line_id: "l1", invoice_line_id: `${day} own`}, ...changes], {
          ...{invoice_date: from, period_start: from, period_end: to},
        }),
      }),
      settings: {as_of: `${day}T12:00:00Z`, as_of_date: day},
    };
  };
  const closed = {
    "2026-09": await closeRows(month("2026-09-10")),
    "2026-10": await closeRows(month("2026-10-10")),
  };
  const {history_changes = []} = await history({...month("2026-11-10"), closed});
  expect(history_changes.map(({period, credited_amount}) => `${period} ${credited_amount}`).sort()).toEqual([
    "2026-10 24.00",
    "2026-11 24.00",
  ]);
});

it("has a month that is closed once, as it was closed, whatever is found in it now", async () => {
  const closed = {"2026-11": await closeRows(ordinaryWorld())};
  const marts = await history({...ordinaryWorld({used: 30}), closed});
  const row = {period: "2026-11", is_closed: true, previous_period: null, underbilled_monthly: "48.00"};
  expect(pick(marts, "history", ...Object.keys(row))).toEqual([row]);
  expect(marts.history_changes).toEqual([]);
});
