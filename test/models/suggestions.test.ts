import {describe, expect, it} from "vitest";
import {reconcileRows, type World} from "./harness.js";
import {type Given, link, ordinaryWorld, pick} from "./ordinary.js";

const reconcile = (world: World) => reconcileRows(world, ["account_suggestions", "mapping_work", "reconciliation"]);

/** The suggestion for one unlinked account among the given client names. */
async function suggested(
  account: {account_name: string; domain?: string},
  clients: readonly string[],
  given: Given = {},
) {
  const marts = await reconcile(
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
    const marts = await reconcile(
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
    const marts = await reconcile(
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
    const marts = await reconcile(
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
    const marts = await reconcile(
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
    const marts = await reconcile(ordinaryWorld({mappingClients: []}));
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
    const marts = await reconcile(ordinaryWorld({...sold, mappingClients: linked, ...given}));
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
