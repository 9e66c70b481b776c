// @vitest-environment jsdom
import {beforeEach, expect, it} from "vitest";
import {serviceMapping} from "../../src/components/serviceMapping.js";
import {fakePreview, files, press, settle, table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

const product = (id: string, name: string, over: Readonly<Record<string, string | null>> = {}) => ({
  ...{connection_id: "rmm", product_id: id, product_name: name, unit: "device", is_trial: "false", seats: "30"},
  ...{
    unlinked: "0",
    unaccounted: null,
    unaccounted_clients: null,
    suggested_service_id: null,
    score: null,
    evidence: null,
  },
  ...over,
});

const preset = (id: string, name: string, rule: Readonly<Record<string, string>>, units = ["device"]) => ({
  ...{id, name, description: `${name}, described.`, connectors: ["datto-rmm"], rule},
  when: {product_units: ["device"], service_units: units},
});

const data = {
  connections: table({connection_id: "rmm", connector: "datto-rmm", last_success_at: "2026-11-23T02:00:00Z"}),
  products: table(
    product("agent", "Managed agent"),
    product("probe", "Network probe", {
      ...{unaccounted: "7.0000", unaccounted_clients: "2", suggested_service_id: "S2", score: "0.6667"},
      evidence: "1 of 2 words of its name agree",
    }),
    product("storage", "Cloud storage", {seats: "0"}),
  ),
  kinds: table(
    {connection_id: "rmm", product_id: "agent", kind: "workstation", status: "active", seats: "20"},
    {connection_id: "rmm", product_id: "agent", kind: "server", status: "active", seats: "6"},
    {connection_id: "rmm", product_id: "agent", kind: "server", status: "disabled", seats: "4"},
    {connection_id: "rmm", product_id: "probe", kind: "device", status: "active", seats: "30"},
  ),
  services: table(
    ...[
      {service_id: "S1", service_name: "Managed Endpoint", unit: "device", billed: "26", clients: "3"},
      {service_id: "S2", service_name: "Network Probe Care", unit: "device", billed: "5", clients: "1"},
      {service_id: "S3", service_name: "Mailbox", unit: "mailbox", billed: "0", clients: "0"},
    ],
  ),
  counts: table({rule_id: "R01", product_id: "agent", counted: "26.0000", clients: "3"}),
  rules: table(
    {rule_id: "R01", is_in_force: "true", clients: "3"},
    {rule_id: "R02", is_in_force: "false", clients: "0"},
  ),
  clients: table({client_id: "C1", client_name: "Harbour Dental", status: "active", slug: "~c1"}),
  presets: [
    preset("server", "Per managed server", {kinds: "server"}),
    preset("mail", "Per mailbox", {kinds: "mailbox"}, ["mailbox"]),
  ],
};

function open(over: Partial<typeof files> = {}, read: Partial<typeof data> = {}) {
  const {preview, asked} = fakePreview();
  const page = serviceMapping(
    {...data, ...read},
    {files: {...files, ...over}, workspace: "Test", openPreview: async () => preview, delay: 0},
  );
  document.body.replaceChildren(page);
  const editor = (): HTMLElement => {
    const found = page.querySelector<HTMLElement>(".rule-editor");
    if (found === null) throw new Error("No rule is edited.");
    return found;
  };
  const control = <T extends HTMLElement = HTMLInputElement>(label: string): T => {
    const labels = [...editor().querySelectorAll("label")];
    const found = labels.find(({textContent}) => textContent?.trim().startsWith(label));
    const target = found?.htmlFor ? document.getElementById(found.htmlFor) : found?.querySelector("input, select");
    if (target == null) throw new Error(`There is no field ${label}.`);
    return target as T;
  };
  const enter = (label: string, value: string): void => {
    const input = control(label);
    input.value = value;
    input.dispatchEvent(new Event("input", {bubbles: true}));
    input.dispatchEvent(new Event("change", {bubbles: true}));
  };
  return {
    ...{page, asked, editor, control, enter},
    reading: () => editor().querySelector(".reading")?.firstChild?.textContent,
    edits: () => JSON.parse(localStorage.getItem("trueup draft mapping Test") ?? "[]"),
  };
}

beforeEach(() => {
  localStorage.clear();
  history.replaceState(null, "", "/mapping/services");
});

it("says which rules cover a product, what they count today, and what no rule covers", () => {
  const text = open().page.textContent?.replace(/\s+/g, " ");
  expect(text).toContain("Counts active workstations and servers of Managed agent in rmm, at least 5.");
  expect(text).toContain("counts 26 today over 3 clients");
  expect(text).toContain("7 unaccounted over 2 clients");
  expect(text).toContain("Looks like Network Probe Care: 66.7%, 1 of 2 words of its name agree.");
  expect(text).toContain("1 rule not in force");
});

it("says which product is left out by decision as a whole, and why", () => {
  const head = "connection_id,account_id,product_id,seat_id,reason,expires_on,decided_by,decided_at\n";
  const rows = "rmm,,probe,,counted in m365,2026-12-31,,\nrmm,acme,agent,,a loan,,,\nshop,,storage,,other,,,\n";
  const page = open({exclusions: head + rows}).page;
  const facts = [...page.querySelectorAll(".product .facts")].map(({textContent}) => textContent ?? "");
  expect(facts.filter((text) => text.includes("left out"))).toEqual([
    expect.stringContaining("left out until 31 Dec 2026: counted in m365"),
  ]);
});

it("says per service what is billed over how many clients, and which service no rule counts", () => {
  history.replaceState(null, "", "/mapping/services?view=services");
  const text = open().page.textContent?.replace(/\s+/g, " ");
  expect(text).toContain("billed 26 over 3 clients");
  expect(text).toMatch(/Mailbox mailbox · S3\s*not billed now\s*no rule: not compared/);
});

it("makes a rule for a product that no rule covers, with the service that it looks like and what is usual for it", async () => {
  const {edits, editor, reading, asked} = open();
  press("Bill it for Network probe");
  expect(reading()).toBe("Counts active seats of Network probe in rmm.");
  const offered = [...editor().querySelectorAll("[data-preset]")].map(({firstChild}) => firstChild?.textContent);
  expect(offered).toEqual(["Per managed server"]);
  press(/^Per managed server/, editor());
  expect(reading()).toBe("Counts active servers of Network probe in rmm.");
  expect(edits()[0].after).toMatchObject({
    ...{
      rule_id: "R03",
      service_id: "S2",
      connection_id: "rmm",
      product_ids: "probe",
      kinds: "server",
      status: "active",
    },
  });
  await settle();
  expect(asked.at(-1)?.services.at(-1)).toMatchObject({rule_id: "R03", kinds: "server", count: null});
});

it("edits every field of a rule and reads it back in plain words", () => {
  const {control, enter, reading, edits, editor} = open();
  press("Edit rule R01");
  expect(editor().textContent).toContain("26 of 30 seats of these products pass");
  // It comes in totals, and is used all the same.
  expect(editor().textContent).toContain("Cloud storage no single seats");
  control("Workstation").click();
  control("Disabled").click();
  enter("Count", "identities");
  enter("Multiplier", "0.5");
  enter("At least", "");
  enter("At most", "40");
  enter("From", "2026-12-01");
  enter("Until", "2027-01-01");
  enter("Status", "off");
  enter("Why", "Contract of May");
  control("Network probe").click();
  expect(reading()).toBe(
    "Turned off. Would count each person once among the disabled servers of Managed agent and Network probe in rmm, times 0.5, rounded up, at most 40, from 1 Dec 2026, until 31 Dec 2026.",
  );
  expect(edits()).toHaveLength(1);
  expect(edits()[0]).toMatchObject({
    before: {rule_id: "R01", minimum: "5"},
    after: {
      ...{rule_id: "R01", product_ids: "agent;probe", kinds: "server", statuses: "disabled", count: "identities"},
      ...{multiplier: "0.5", minimum: "", maximum: "40", valid_from: "2026-12-01", valid_to: "2027-01-01"},
      ...{status: "off", note: "Contract of May"},
    },
  });
});

it("makes a rule of a client’s own, and keeps nothing that is not complete", () => {
  const {editor, edits, reading} = open();
  press("Add a rule for Managed agent");
  expect(edits()).toEqual([]);
  const [service, client] = [...editor().querySelectorAll<HTMLInputElement>("[role=combobox]")];
  for (const [input, text] of [
    [service, "Endpoint"],
    [client, "Harbour"],
  ] as const) {
    if (input === undefined) throw new Error("A field is missing.");
    input.value = text;
    input.dispatchEvent(new Event("input"));
    input.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", cancelable: true}));
  }
  expect(reading()).toContain("for Harbour Dental only");
  expect(edits()[0].after).toMatchObject({rule_id: "R03", service_id: "S1", client_id: "C1"});
});

it("has the products that a rule counts before the others, and leaves each in its place when one is ticked", () => {
  const {control, editor} = open();
  const ids = () => [...editor().querySelectorAll<HTMLInputElement>(".boxes:not(.row) input")].map(({value}) => value);
  press("Bill it for Network probe");
  expect(ids()).toEqual(["*", "probe", "agent", "storage"]);
  control("Cloud storage").click();
  expect(ids()).toEqual(["*", "probe", "agent", "storage"]);
});

it("takes `*` alone or single products", () => {
  const {control, edits} = open();
  press("Edit rule R01");
  control("Every product").click();
  expect(edits()[0].after.product_ids).toBe("*");
  expect(control("Managed agent").checked).toBe(false);
  control("Network probe").click();
  expect(edits()[0].after.product_ids).toBe("probe");
});

it("undoes what was edited and gives the focus back to where the editor was opened", () => {
  const {page, enter, edits} = open();
  press("Edit rule R01");
  enter("At least", "9");
  expect(edits()).toHaveLength(1);
  press("Undo these changes");
  expect(edits()).toEqual([]);
  expect(page.querySelector(".rule-editor")).toBeNull();
  expect(document.activeElement?.textContent).toBe("Edit rule R01");
});

it("removes a rule", () => {
  const {edits, page} = open();
  press("Edit rule R01");
  press("Remove the rule");
  expect(edits()[0]).toMatchObject({before: {rule_id: "R01"}, after: null});
  expect(page.textContent).not.toContain("Counts active workstations");
});

it("shows one product where a link asks for it", () => {
  history.replaceState(null, "", "/mapping/services?integration=rmm&product=probe");
  const {page} = open();
  expect([...page.querySelectorAll(".product strong")].map(({textContent}) => textContent)).toContain("Network probe");
  expect(page.textContent).not.toContain("Add a rule for Managed agent");
});

it("tells an integration that was never read from one that was and has no product", () => {
  const one = (connection_id: string, last_success_at: string | null) => ({
    ...{connection_id, connector: "csv-usage", last_success_at},
  });
  const [rmm, empty, unread] = [one("rmm", "2026-11-23"), one("empty", "2026-11-23"), one("unread", null)];
  const said = (connections: ReturnType<typeof one>[], products = data.products, query = {}) =>
    [
      ...serviceMapping(
        {...data, connections: table(...connections), products},
        {files, workspace: "Test", openPreview: async () => fakePreview().preview},
        stateOf(query),
      ).querySelectorAll(".unlisted, .empty"),
    ].map(({textContent}) => textContent);
  const none = {columns: [], rows: []};
  const [isEmpty, isUnread] = ["Read, without a product: empty.", "Never read, so no product is known: unread."];
  expect(said([rmm])).toEqual([]);
  expect(said([rmm, empty, unread])).toEqual([isEmpty, isUnread]);
  expect(said([rmm, empty, unread], data.products, {integration: "empty"})).toEqual([isEmpty]);
  expect(said([rmm, empty], data.products, {search: "agent"})).toEqual([]);
  expect(said([empty, unread], none)).toEqual([isEmpty, isUnread]);
  expect(said([unread], none)).toEqual(["No integration has been read yet, so no product is known."]);
});

it("draws twenty of many products at a time, and counts all", () => {
  const many = Array.from({length: 45}, (_, index) =>
    product(`p${index}`, `Product ${index}`, {unaccounted: String(index + 1), unaccounted_clients: "1"}),
  );
  const {page} = open({}, {products: table(...many)});
  const names = () => [...page.querySelectorAll(".product-head strong")].map(({textContent}) => textContent);
  const from = (count: number) => Array.from({length: count}, (_, index) => `Product ${44 - index}`);
  expect(names()).toEqual(from(20));
  press("Show more");
  expect(names()).toEqual(from(40));
  expect(document.activeElement?.textContent).toBe("Bill it for Product 24");
  const search = page.querySelector("input[type=search]") as HTMLInputElement;
  search.value = "product";
  search.dispatchEvent(new Event("input", {bubbles: true}));
  expect(page.querySelector(".filters [role=status]")?.textContent).toBe("45 products");
});

it("draws twenty of many rules at a time, those before the others that were edited", () => {
  const [head] = files.services.split("\n");
  const rules = Array.from({length: 45}, (_, index) => `X${index},S1,rmm,agent,C1,,,,,,,,,active,,,\n`);
  history.replaceState(null, "", "/mapping/services?product=agent");
  const {page, enter} = open({services: `${head}\n${rules.join("")}`});
  const ids = () => [...page.querySelectorAll(".rule-id")].map(({textContent}) => textContent);
  expect(ids()).toEqual(Array.from({length: 20}, (_, index) => `X${index}`));
  press("Show more");
  press("Edit rule X30");
  enter("At least", "2");
  press("Done");
  expect(ids()).toHaveLength(40);
  expect(ids()[0]).toBe("X30");
});

it("separates the thousands of products that no rule covers", () => {
  const many = Array.from({length: 1000}, (_, index) => product(`p${index}`, "Product", {unaccounted: "1"}));
  const options = {files, workspace: "Test", openPreview: async () => fakePreview().preview};
  const page = serviceMapping({...data, products: table(...many)}, options, stateOf());
  expect(page.querySelector("[role=tab]")?.textContent).toBe("By integration (1,000 unaccounted)");
});
