import {describe, expect, it} from "vitest";
import {counted} from "./counted.js";
import {freshSync, reconcileRows} from "./harness.js";
import {type Given, invoiced, link, ordinaryWorld, rule, seats, withRmm} from "./ordinary.js";

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

describe("the evidence of what two integrations count under one name", () => {
  it("says of what is underbilled that each may count twice, unless people are told apart", async () => {
    const words = async (name: string, count: string, used = 24) => {
      const marts = await reconcileRows(
        ordinaryWorld({
          ...withRmm,
          used,
          products: [
            {product_id: "p1", product_name: "Exchange Online"},
            {connection_id: "rmm", product_id: "sku", product_name: name},
          ],
          accounts: [acme, {connection_id: "rmm", account_id: "s", account_name: "Acme"}],
          counts: [{connection_id: "rmm", account_id: "s", product_id: "sku", metric: "purchased", quantity: 5}],
          seats: [...seats(used), {connection_id: "rmm", account_id: "s", product_id: "sku", seat_id: "x"}],
          mappingClients: [link("tenant", "acme"), link("s", "acme", {connection_id: "rmm"})],
          mappingServices: [
            rule("r1", {count: count === "identities" ? count : "seats"}),
            rule("r2", {connection_id: "rmm", product_ids: "sku", count}),
          ],
        }),
      );
      return (marts.reconciliation ?? []).find(({service_id}) => service_id === "mail")?.cause_evidence;
    };
    const under = "Everything is linked and current: more is used than is billed.";
    const twice = `${under} "Exchange Online" is counted in m365 and in rmm: each of it may count twice.`;
    expect(await words("EXCHANGE online", "purchased")).toBe(twice);
    expect(await words("Exchange Server", "purchased")).toBe(under);
    expect(await words("EXCHANGE online", "identities")).toBe(under);
    expect(await words("EXCHANGE online", "purchased", 3)).not.toContain("twice");
  });
});

describe("the likely cause", () => {
  const causes = (given: Given) => counted(given, "client_id", "service_id", "delta_quantity", "likely_cause");

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

  const evidence = (given: Given) => counted(given, "count_state", "likely_cause", "cause_evidence");

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
    const rows = await counted(given, "client_id", "service_id", "likely_cause", "cause_evidence");
    const own = rows.filter(({service_id, client_id}) => service_id === "mail" && client_id === "acme");
    expect(own).toMatchObject([{likely_cause, cause_evidence}]);
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

  it("says of what is overbilled which of it an invoice bills for a line that has ended", async () => {
    const old = {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 20, unit_price: "12.00"};
    const billedUntil = async (end_date: string, agreementEnd: string | null) => {
      const agreements = [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", end_date: agreementEnd}];
      const next = {...old, agreement_line_id: "l2", quantity: 24, start_date: "2026-11-16"};
      const lines = {agreements, agreement_lines: [{...old, end_date}, next], ...invoiced([{agreement_line_id: "l1"}])};
      return (await evidence(lines))[0]?.cause_evidence;
    };
    const over = "Everything is linked and current: more is billed than is used.";
    const ended = `${over} Since 2026-11-16 INV-1 bills 20 for an agreement line that has ended.`;
    expect(await billedUntil("2026-11-16", null)).toBe(ended);
    expect(await billedUntil("2026-12-01", "2026-11-16")).toBe(
      "Everything is linked and current: more is used than is billed.",
    );
    expect(await billedUntil("2026-11-24", null)).toBe(over);
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
