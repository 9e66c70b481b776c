import {describe, expect, it} from "vitest";
import {freshSync, reconcileRows} from "./harness.js";
import {type Given, invoiced, link, ordinaryWorld, pick, rule, seats, withRmm} from "./ordinary.js";

/** The suggestion for one unlinked account among the given client names. */
async function suggested(
  account: {account_name: string; domain?: string},
  clients: readonly string[],
  given: Given = {},
) {
  const marts = await reconcileRows(
    ordinaryWorld({
      clients: clients.map((client_name, index) => ({client_id: `c${index}`, client_name})),
      agreements: [],
      agreement_lines: [],
      accounts: [{account_id: "x", ...account}, ...(given.accounts ?? [])],
      mappingClients: given.mappingClients ?? [],
    }),
  );
  const work = (marts.mapping_work ?? []).find((row) => row.account_id === "x");
  return {client: work?.suggested_client_id ?? null, score: Number(work?.score ?? 0)};
}

describe("a suggestion for an unlinked account", () => {
  it.each([
    ["ACME Limited", "Acme Ltd"],
    ["The Acme Co., Inc.", "acme"],
    ["Silverlake", "Silverlake L.L.C."],
    ["Hawthorn Engineering", "Hawthorn Engineering & Co"],
    ["Weber GmbH", "Weber G.m.b.H. & Co. KG"],
    ["Oresund Strasse", "Øresund Straße A/S"],
    ["St Marys OBriens", "St. Mary’s O'Brien's"],
    ["US Freight LLC", "U.S. Freight"],
    ["Lodz", "Łódź Sp. z o.o."],
    ["Müller & Söhne GmbH", "Muller and Sohne"],
    ["株式会社 東京", "株式会社　東京"],
  ])("takes %s and %s for the same name", async (account, client) => {
    expect(await suggested({account_name: account}, [client])).toEqual({client: "c0", score: 1});
  });

  it("takes a misspelt name for nearly the same", async () => {
    const {client, score} = await suggested({account_name: "Contosso Pharma"}, ["Fabrikam", "Contoso Pharma"]);
    expect(client).toBe("c1");
    expect(score).toBeGreaterThanOrEqual(0.88);
  });

  it.each([
    ["Acme Corp", "Acme Capital"],
    ["Acme", "Acme Capital Partners"],
    ["Contoso Health", "Contoso Health Partners"],
    ["Harbour Dental", "Kestrel Dental"],
  ])("keeps %s and %s apart", async (account, client) => {
    expect((await suggested({account_name: account}, [client])).score).toBeLessThan(0.88);
  });

  it("believes a domain that is known for the client, but not one that anybody can have", async () => {
    const known = (domain: string): Given => ({
      accounts: [{account_id: "y", account_name: "Northwind", domain}],
      mappingClients: [link("y", "c0")],
    });
    const own = await suggested(
      {account_name: "NW Traders", domain: "northwind.example"},
      ["Northwind"],
      known("Northwind.Example"),
    );
    expect(own.client).toBe("c0");
    expect(own.score).toBeGreaterThanOrEqual(0.95);
    const free = await suggested({account_name: "NW Traders", domain: "gmail.com"}, ["Northwind"], known("gmail.com"));
    expect(free.client).toBeNull();
  });

  it("says in words what speaks for each of several clients, the best first", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        clients: ["Müller Söhne GmbH", "Muller, Sohne!", "Mueller Sohne Partners", "Müllersöhne", "Northwind"].map(
          (client_name, index) => ({client_id: `c${index}`, client_name}),
        ),
        agreements: [],
        agreement_lines: [],
        accounts: [
          {account_id: "x", account_name: "Müller Söhne", domain: "northwind.example"},
          {account_id: "y", account_name: "Fabrikam", domain: "northwind.example"},
        ],
        mappingClients: [link("y", "c4")],
      }),
    );
    const rows = (marts.account_suggestions ?? []).toSorted((a, b) => Number(a.place) - Number(b.place));
    expect(rows.map(({account_id, reason, client_id, evidence}) => [account_id, reason, client_id, evidence])).toEqual([
      ["x", "unlinked", "c0", "same name but for the legal form"],
      ["x", "unlinked", "c1", "same name but for accents or punctuation"],
      ["x", "unlinked", "c3", "same name but for spaces"],
      ["x", "unlinked", "c4", "same domain northwind.example"],
      ["x", "unlinked", "c2", "2 of 3 words agree: muller, sohne"],
    ]);
  });

  it("does not call a name the same whose words stand in another order", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        clients: [{client_id: "c0", client_name: "Söhne Müller GmbH"}],
        agreements: [],
        agreement_lines: [],
        accounts: [{account_id: "x", account_name: "Müller Söhne"}],
        mappingClients: [],
      }),
    );
    expect(pick(marts, "account_suggestions", "score", "evidence")).toEqual([
      {score: "1.0000", evidence: "2 of 2 words agree: muller, sohne"},
    ]);
  });

  it("names five clients at most, from half of the words on", async () => {
    const clients = ["A", "B", "C", "D", "E", "F"].map((name) => ({client_id: name, client_name: `Acme ${name}`}));
    const marts = await reconcileRows(
      ordinaryWorld({
        clients: [...clients, {client_id: "0", client_name: "Acme Capital Partners"}],
        agreements: [],
        agreement_lines: [],
        mappingClients: [],
      }),
    );
    expect(pick(marts, "account_suggestions", "client_id", "score").map((row) => Object.values(row).join(" "))).toEqual(
      ["A", "B", "C", "D", "E"].map((id) => `${id} 0.5000`),
    );
    expect(pick(marts, "mapping_work", "suggested_client_id")).toEqual([{suggested_client_id: "A"}]);
    expect(await suggested({account_name: "Acme"}, ["Acme Capital Partners"])).toEqual({client: null, score: 0});
  });

  it("is made for a linked account only where another client fits and its own does not", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        clients: ["Fabrikam", "Contoso Pharma"].map((client_name, index) => ({client_id: `c${index}`, client_name})),
        agreements: [],
        agreement_lines: [],
        accounts: [
          {account_id: "wrong", account_name: "Contoso Pharma"},
          {account_id: "right", account_name: "Fabrikam Branch"},
        ],
        mappingClients: [link("wrong", "c0"), link("right", "c0")],
      }),
    );
    expect(pick(marts, "account_suggestions", "account_id", "reason", "client_id")).toEqual([
      {account_id: "wrong", reason: "doubtful", client_id: "c1"},
    ]);
  });

  it("never moves money", async () => {
    const marts = await reconcileRows(ordinaryWorld({mappingClients: []}));
    expect(pick(marts, "reconciliation", "status", "impact_amount")).toEqual([
      {status: "no_data", impact_amount: null},
    ]);
    expect(pick(marts, "mapping_work", "suggested_client_id", "score", "seat_count")).toEqual([
      {suggested_client_id: "acme", score: "1.0000", seat_count: "24.0000"},
    ]);
  });
});

describe("a suggestion for an unaccounted product", () => {
  const sold = {
    connections: [
      {connection_id: "psa", connector: "csv-psa", side: "psa"},
      {connection_id: "m365", connector: "csv-usage", side: "usage"},
      {connection_id: "shop", connector: "csv-usage", side: "usage"},
    ],
    products: [
      {product_id: "p1", product_name: "Mail Protection"},
      {connection_id: "shop", product_id: "sku", product_name: "Mail protection"},
    ],
    accounts: [
      {account_id: "tenant", account_name: "Acme"},
      {connection_id: "shop", account_id: "s", account_name: "Acme"},
    ],
    counts: [{connection_id: "shop", account_id: "s", product_id: "sku", metric: "purchased", quantity: 24}],
  };
  const linked = [link("tenant", "acme"), link("s", "acme", {connection_id: "shop"})];

  async function evidence(given: Given) {
    const marts = await reconcileRows(ordinaryWorld({...sold, mappingClients: linked, ...given}));
    return pick(marts, "mapping_work", "product_id", "suggested_service_id", "evidence").filter(
      ({product_id}) => product_id === "sku",
    );
  }

  it("says where a rule counts the same licence already, as a second one would count it twice", async () => {
    const words = "2 of 2 words of its name agree";
    expect(await evidence({})).toEqual([
      {
        ...{product_id: "sku", suggested_service_id: "mail"},
        evidence: `${words}; but m365 has a product of that name that is counted as it already: with both, each licence counts twice`,
      },
    ]);
    const [, other] = sold.products;
    const unlike = [{product_id: "p1", product_name: "Exchange Online"}, other ?? {}];
    for (const given of [{products: unlike}, {mappingServices: []}])
      expect(await evidence(given)).toEqual([{product_id: "sku", suggested_service_id: "mail", evidence: words}]);
  });
});

const acme = {account_id: "tenant", account_name: "Acme"};
const products = {
  products: [
    {product_id: "p1", product_name: "Exchange Online"},
    {product_id: "p2", product_name: "Power BI"},
  ],
};

function failedAfterGood(connectionId: string) {
  const failed = {sync_id: "2", status: "failed", started_at: "2026-11-23T11:30:00Z", is_current: false};
  return [freshSync(connectionId), {...freshSync(connectionId), ...failed}];
}

/** A second account, called like one of two clients and linked to the given one. */
function linkedElsewhere(clientId: string, account_name = "ACME Inc."): Given {
  return {
    clients: [
      {client_id: "acme", client_name: "Acme"},
      {client_id: "other", client_name: "Fabrikam Foods"},
    ],
    accounts: [acme, {account_id: "second", account_name}],
    mappingClients: [link("tenant", "acme"), link("second", clientId)],
  };
}

describe("the likely cause", () => {
  async function causes(given: Given) {
    const marts = await reconcileRows(ordinaryWorld(given));
    return pick(marts, "reconciliation", "client_id", "service_id", "delta_quantity", "likely_cause");
  }

  it("of overbilling is client mapping where an unlinked account looks like the client", async () => {
    const accounts = [
      {account_id: "tenant", account_name: "Acme"},
      {account_id: "second", account_name: "ACME Inc."},
    ];
    expect(await causes({used: 15, accounts})).toEqual([
      {client_id: "acme", service_id: "mail", delta_quantity: "-5.0000", likely_cause: "client_mapping"},
    ]);
  });

  it("of underbilling is client mapping where a linked account looks like another client and not like this one", async () => {
    const given: Given = {
      clients: [
        {client_id: "acme", client_name: "Acme"},
        {client_id: "other", client_name: "Fabrikam Foods"},
      ],
      accounts: [
        {account_id: "tenant", account_name: "Acme"},
        {account_id: "second", account_name: "Fabrikam Foods LLC"},
      ],
      seats: [...seats(20), ...seats(3, {account_id: "second"})],
      mappingClients: [link("tenant", "acme"), link("second", "acme")],
    };
    expect(await causes(given)).toContainEqual({
      client_id: "acme",
      service_id: "mail",
      delta_quantity: "3.0000",
      likely_cause: "client_mapping",
    });
  });

  it("of overbilling is service mapping where the client uses a product of the same connection without a rule", async () => {
    const given: Given = {
      products: ["p1", "p2"].map((product_id) => ({product_id, product_name: product_id})),
      seats: [...seats(18), ...seats(2, {product_id: "p2"})],
    };
    expect(await causes(given)).toContainEqual({
      client_id: "acme",
      service_id: "mail",
      delta_quantity: "-2.0000",
      likely_cause: "service_mapping",
    });
  });

  it("is a billing gap where nothing else speaks", async () => {
    expect(await causes({used: 22})).toEqual([
      {client_id: "acme", service_id: "mail", delta_quantity: "2.0000", likely_cause: "billing_gap"},
    ]);
  });

  async function evidence(given: Given) {
    const marts = await reconcileRows(ordinaryWorld(given));
    return pick(marts, "reconciliation", "count_state", "likely_cause", "cause_evidence");
  }

  it.each<[string, string, Given]>([
    ["sync", "The count is not current: m365 is red.", {syncs: [freshSync("psa"), ...failedAfterGood("m365")]}],
    [
      "sync",
      "The count is not current: m365 is red.",
      {
        ...withRmm,
        syncs: [freshSync("psa"), freshSync("rmm"), ...failedAfterGood("m365")],
        seats: [...seats(24), ...seats(1, {connection_id: "rmm", product_id: "d"})],
        mappingClients: [link("tenant", "acme"), link("tenant", "acme", {connection_id: "rmm"})],
        mappingServices: [rule("r1"), rule("r2"), rule("r3", {connection_id: "rmm", product_ids: "d"})],
      },
    ],
    [
      "sync",
      "Part of the count is missing: not every connection of its rules has data for this client.",
      {mappingServices: [rule("r1"), rule("r2", {count: "assigned"})]},
    ],
    [
      "client_mapping",
      'Unlinked account "ACME Inc." in m365 looks like this client (same name but for the legal form).',
      {used: 15, accounts: [acme, {account_id: "second", account_name: "ACME Inc."}]},
    ],
    [
      "billing_gap",
      "Everything is linked and current: more is used than is billed.",
      {accounts: [acme, {account_id: "second", account_name: "ACME Inc."}]},
    ],
    [
      "billing_gap",
      "Everything is linked and current: more is billed than is used.",
      {...linkedElsewhere("other"), used: 15},
    ],
    [
      "client_mapping",
      'Account "Fabrikam Foods LLC" in m365 is linked to this client but looks like "Fabrikam Foods" (same name but for the legal form).',
      linkedElsewhere("acme", "Fabrikam Foods LLC"),
    ],
    [
      "client_mapping",
      'Account "Fabrikam Foods LLC" in rmm is linked to this client but looks like "Fabrikam Foods" (same name but for the legal form).',
      {
        ...linkedElsewhere("acme", "Fabrikam Foods LLC"),
        ...withRmm,
        accounts: [acme, {account_id: "second", account_name: "Fabrikam Foods LLC", connection_id: "rmm"}],
        mappingClients: [link("tenant", "acme"), link("second", "acme", {connection_id: "rmm"})],
      },
    ],
    [
      "billing_gap",
      "Everything is linked and current: more is billed than is used.",
      {...linkedElsewhere("acme", "Fabrikam Foods LLC"), used: 15},
    ],
    [
      "service_mapping",
      'No rule covers "Power BI" in m365, which this client uses.',
      {...products, seats: [...seats(18), ...seats(2, {product_id: "p2"})]},
    ],
    [
      "billing_gap",
      "Everything is linked and current: more is used than is billed.",
      {...products, seats: [...seats(22), ...seats(2, {product_id: "p2"})]},
    ],
  ])("says what speaks for %s: %s", async (likely_cause, cause_evidence, given) => {
    const marts = await reconcileRows(ordinaryWorld(given));
    const rows = (marts.reconciliation ?? []).filter(
      ({service_id, client_id}) => service_id === "mail" && client_id === "acme",
    );
    expect(rows).toMatchObject([{likely_cause, cause_evidence}]);
  });

  it("calls nothing current of which rows were quarantined, and is the same all the same", async () => {
    const quarantined = (psa: number, m365: number, given: Given) =>
      evidence({
        syncs: [
          {...freshSync("psa"), rows_quarantined: psa},
          {...freshSync("m365"), rows_quarantined: m365},
        ],
        ...given,
      });
    expect(await quarantined(0, 3, {used: 17})).toEqual([
      {
        count_state: "known",
        likely_cause: "billing_gap",
        cause_evidence: "More is billed than is used. 3 rows of m365 were quarantined, so the count may be too low.",
      },
    ]);
    expect((await quarantined(1, 0, {used: 22}))[0]?.cause_evidence).toBe(
      "More is used than is billed. 1 row of psa was quarantined, so part of what is billed may be missing.",
    );
    const unaccounted = await quarantined(1, 2, {
      products: ["p1", "p2"].map((product_id) => ({product_id, product_name: product_id})),
      seats: [...seats(20), ...seats(2, {product_id: "p2"})],
    });
    expect(unaccounted).toContainEqual({
      count_state: "known",
      likely_cause: "service_mapping",
      cause_evidence: "No rule covers this product. 2 rows of m365 were quarantined, so the count may be too low.",
    });
    expect((await quarantined(0, 0, {used: 22}))[0]?.cause_evidence).toBe(
      "Everything is linked and current: more is used than is billed.",
    );
  });

  it("says of what is overbilled what was credited already, which no quantity shows", async () => {
    const credited = (used: number, amount: string | null) => {
      const {invoices, invoice_lines} = invoiced([{agreement_line_id: "l1", amount: "240.00"}]);
      const note = {...invoices?.[0], invoice_id: "i2", invoice_number: "CR-2", agreement_id: null};
      const line = {
        invoice_line_id: "c1",
        invoice_id: "i2",
        service_id: "mail",
        parent_line_id: "il1",
        quantity: -2,
        amount,
      };
      return evidence({used, invoices: [...(invoices ?? []), note], invoice_lines: [...(invoice_lines ?? []), line]});
    };
    const over = "Everything is linked and current: more is billed than is used.";
    const words = async (used: number, amount: string | null) => (await credited(used, amount))[0]?.cause_evidence;
    expect(await words(18, "-24.00")).toBe(`${over} Credited for it already: 24.00 USD, by CR-2.`);
    expect(await words(18, null)).toBe(`${over} Credited for it already, by CR-2.`);
    expect(await words(22, "-24.00")).toBe("Everything is linked and current: more is used than is billed.");
  });

  describe("of an account whose use the vendor states otherwise than the rule counts it", () => {
    const stated = (given: Given) =>
      evidence({
        clients: [
          {client_id: "acme", client_name: "Acme"},
          {client_id: "other", client_name: "Other"},
        ],
        accounts: [
          {account_id: "tenant", account_name: "Acme"},
          {account_id: "tenant2", account_name: "Other"},
        ],
        mappingClients: [link("tenant", "acme"), link("tenant2", "other")],
        ...given,
      });
    const total = (account_id: string, metric: string, quantity: number) => ({
      ...{account_id, product_id: "p1", metric, quantity},
    });
    const byTotal = {mappingServices: [rule("r1", {count: "purchased"})]};

    it("says that the total is missing of which seats are listed", async () => {
      expect(await stated({...byTotal, counts: [total("tenant2", "purchased", 4)]})).toContainEqual({
        count_state: "known_zero",
        likely_cause: "billing_gap",
        cause_evidence:
          'More is billed than is used. m365 states no total of "Exchange Online" (purchased) for account "Acme", so the count may be too low.',
      });
    });

    it("says that the seats are missing of which a total is stated", async () => {
      const counts = [total("tenant", "purchased", 24)];
      expect(await stated({seats: seats(3, {account_id: "tenant2"}), counts})).toContainEqual({
        count_state: "known_zero",
        likely_cause: "billing_gap",
        cause_evidence:
          'More is billed than is used. m365 lists no seats of "Exchange Online" for account "Acme", only a total, so the count may be too low.',
      });
    });

    it.each([
      [
        "another rule of the service counts them",
        {mappingServices: [...byTotal.mappingServices, rule("r2")], used: 22},
      ],
      [
        "the total is nought",
        {...byTotal, counts: [total("tenant", "purchased", 0), total("tenant2", "purchased", 4)]},
      ],
      ["the seats are deleted", {...byTotal, seats: seats(20, {status: "deleted"})}],
      [
        "the total that is stated besides is nought",
        {seats: seats(3, {account_id: "tenant2"}), counts: [total("tenant", "active", 0)]},
      ],
    ] satisfies [string, Given][])("is silent where %s", async (_, given) => {
      const counts = [total("tenant2", "purchased", 4)];
      const found = (await stated({counts, ...given})).filter((row) => row.cause_evidence !== null);
      expect(found).toEqual(
        expect.arrayContaining([
          expect.objectContaining({cause_evidence: expect.stringMatching(/^Everything is linked and current/)}),
        ]),
      );
      expect(JSON.stringify(found)).not.toContain("too low");
    });
  });
});
