// @vitest-environment jsdom
import {beforeEach, expect, it} from "vitest";
import {clientMapping} from "../../src/components/clientMapping.js";
import type {Preview} from "../../src/lib/preview.js";
import {fakePreview, files, press, settle, table} from "./mappingData.js";

const hostile = "<img src=x onerror=alert(1)>";

function account(id: string, name: string, seats: string | null = "4") {
  return {connection_id: "rmm", account_id: id, account_name: name, domain: null, seats};
}

const suggestion = (id: string, client: string, name: string, score: string, reason = "unlinked") => ({
  ...{connection_id: "rmm", account_id: id, reason, place: "1", client_id: client, client_name: name},
  ...{score, evidence: "same name but for the legal form"},
});

const data = {
  accounts: table(
    account("new", "Foxglove Foods"),
    account("stranger", hostile, "9"),
    account("linked", "Harbour Dental"),
    account("wrong", "Foxglove Branch"),
    account("own", "Internal"),
  ),
  products: table({
    ...{connection_id: "rmm", account_id: "new", product_id: "agent", product_name: "Managed agent", seats: "4"},
  }),
  suggestions: table(
    suggestion("new", "C2", "Foxglove Foods Inc.", "1.0000"),
    suggestion("new", "C1", "Harbour Dental", "0.6000"),
    suggestion("wrong", "C2", "Foxglove Foods Inc.", "0.9500", "doubtful"),
  ),
  clients: table(
    {client_id: "C1", client_name: "Harbour Dental", status: "active", slug: "~c1"},
    {client_id: "C2", client_name: "Foxglove Foods Inc.", status: "active", slug: "~c2"},
  ),
  services: table({service_id: "S1", service_name: "Managed Endpoint"}, {service_id: "S2", service_name: "Backup"}),
  client_services: table(
    {client_id: "C2", service_id: "S1", connection_ids: "rmm", invoiced: "4.0000", expected: "0.0000"},
    {client_id: "C2", service_id: "S2", connection_ids: "backup", invoiced: "2.0000", expected: null},
  ),
};

function open(openPreview?: () => Promise<Preview>, given: Partial<typeof data> = {}, mappings = files) {
  const {preview, asked} = fakePreview();
  let opened = 0;
  const page = clientMapping(
    {...data, ...given},
    {
      files: mappings,
      workspace: "Test",
      openPreview:
        openPreview ??
        (async () => {
          opened += 1;
          return preview;
        }),
      delay: 0,
    },
  );
  document.body.replaceChildren(page);
  const card = (name: string): HTMLElement => {
    const found = [...document.querySelectorAll<HTMLElement>("article.account")].find(
      (one) => one.querySelector("h2")?.textContent === name,
    );
    if (found === undefined) throw new Error(`There is no account ${name}.`);
    return found;
  };
  return {page, card, asked, opened: () => opened, draft: () => localStorage.getItem("trueup draft mapping Test")};
}

beforeEach(() => {
  localStorage.clear();
  history.replaceState(null, "", "/mapping/clients");
});

it("lists what nobody decided, what looks wrong, and what is decided apart", () => {
  const {page} = open();
  expect([...page.querySelectorAll("[role=tab]")].map(({textContent}) => textContent)).toEqual([
    "Unlinked (2)",
    "Look wrong (1)",
    "Linked (1)",
    "Excluded (1)",
  ]);
});

it("does not say that nothing was read where no account is known", () => {
  const {page} = open(undefined, {accounts: table(), products: table(), suggestions: table()});
  expect(page.querySelector(".empty")?.textContent).toBe(
    "No account is known: no integration has been read yet, or none that was has one.",
  );
});

it("shows a candidate's services beside what the account has, those of the same integration first", () => {
  const text = open().card("Foxglove Foods").textContent?.replace(/\s+/g, " ");
  expect(text).toContain("Managed agent 4");
  expect(text).toContain("100.0% same name but for the legal form");
  expect(text).toContain("Managed Endpoint: billed 4, used 0");
  expect(text).toContain("1 other billed service");
});

it("loads and changes nothing before somebody decides", async () => {
  const {opened, draft} = open();
  await settle();
  expect(opened()).toBe(0);
  expect(draft()).toBeNull();
});

it("shows what a link changes before it is saved, and nothing of it after it is taken back", async () => {
  const {page, card, asked} = open();
  press("Link Foxglove Foods to Foxglove Foods Inc.", card("Foxglove Foods"));
  await settle();
  expect(card("Foxglove Foods").textContent).toContain("Linked to Foxglove Foods Inc.");
  expect(asked.at(-1)?.clients.at(-1)).toMatchObject({account_id: "new", client_id: "C2", status: "confirmed"});
  const row = [...page.querySelectorAll(".before-after tr")].find(({textContent}) =>
    textContent?.includes("Overbilled"),
  );
  expect([...(row?.querySelectorAll("td") ?? [])].map(({textContent}) => textContent)).toEqual([
    "−$48.00",
    "$0.00",
    "$48.00 less",
  ]);
  expect(document.activeElement?.textContent).toContain("Undo");
  press(/^Undo/, card("Foxglove Foods"));
  await settle();
  expect(page.querySelector(".before-after")).toBeNull();
  expect(page.textContent).toContain("No unsaved edits");
});

it("shows an account as undecided again where its edit is taken back in the review", async () => {
  const {page, card} = open();
  press("Link Foxglove Foods to Foxglove Foods Inc.", card("Foxglove Foods"));
  press("Review and save");
  press(/^Take back/);
  expect(card("Foxglove Foods").textContent).toContain("Whose is it?");
  expect(page.textContent).toContain("No unsaved edits");
});

it("does not show figures of earlier edits as those of the last one", async () => {
  const {page, card} = open();
  press("Link Foxglove Foods to Foxglove Foods Inc.", card("Foxglove Foods"));
  await settle();
  press(/^Undo/, card("Foxglove Foods"));
  press("Link Foxglove Foods to Harbour Dental", card("Foxglove Foods"));
  expect(page.querySelector(".preview-body")?.getAttribute("aria-busy")).toBe("true");
  await settle();
  expect(page.querySelector(".preview-body")?.hasAttribute("aria-busy")).toBe(false);
});

it("does not exclude an account without a reason", () => {
  const {card, draft} = open();
  press(/^Exclude/, card(hostile));
  expect(card(hostile).querySelector(".problem")?.textContent).toBe("Say why this account is excluded.");
  expect(draft()).toBeNull();
  const why = card(hostile).querySelector<HTMLInputElement>(".why input") as HTMLInputElement;
  why.value = "left us";
  press(/^Exclude/, card(hostile));
  expect(JSON.parse(draft() ?? "[]")[0].after).toMatchObject({
    ...{account_id: "stranger", client_id: "", status: "excluded", note: "left us"},
  });
});

it("shows names of vendors as text", () => {
  expect(open().page.querySelector("img")).toBeNull();
});

it("points at a link that looks wrong and moves it to the better client", async () => {
  const {page, card, draft} = open();
  (page.querySelectorAll("[role=tab]")[1] as HTMLElement).click();
  expect(card("Foxglove Branch").textContent).toContain("as decided: Branch?");
  press("Link Foxglove Branch to Foxglove Foods Inc.", card("Foxglove Branch"));
  expect(JSON.parse(draft() ?? "[]")[0]).toMatchObject({before: {client_id: "C1"}, after: {client_id: "C2"}});
});

it("says who linked an account that looks wrong, and that the client it resembles is gone, as after a merger", () => {
  const [header, ...rows] = files.clients.trimEnd().split("\n");
  const decided = rows.map((row) =>
    row.startsWith("rmm,wrong") ? "rmm,wrong,C1,confirmed,merged,Ada,2026-11-01" : row,
  );
  const clients = table(
    {client_id: "C1", client_name: "Harbour Dental", status: "active", slug: "~c1"},
    {client_id: "C2", client_name: "Foxglove Foods Inc.", status: "inactive", slug: null},
  );
  const {page, card} = open(undefined, {clients}, {...files, clients: [header, ...decided, ""].join("\n")});
  (page.querySelectorAll("[role=tab]")[1] as HTMLElement).click();
  const [own, other] = [...card("Foxglove Branch").querySelectorAll(".candidate")].map((one) =>
    [...one.querySelectorAll(".name, .evidence")].map(({textContent}) => textContent?.replace(/\s+/g, " ").trim()),
  );
  expect(own).toEqual(["Harbour Dental C1", "as decided by Ada, 1 Nov 2026: merged"]);
  expect(other?.[0]).toBe("Foxglove Foods Inc. C2, inactive in the PSA");
});

it("links many at once only after showing them, and only those that are ticked", async () => {
  const {page, draft} = open();
  press("Show the list");
  const dialog = page.querySelector("dialog") as HTMLElement;
  expect(dialog.textContent).toContain("1 account to link");
  expect(draft()).toBeNull();
  press("Link those that are ticked", dialog);
  const [edit] = JSON.parse(draft() ?? "[]");
  expect(edit.after).toMatchObject({account_id: "new", client_id: "C2"});
  expect(edit.after.note).toBe("100.0%: same name but for the legal form");
});

it("shows a hundred of many to link at once, and leaves those alone that it did not show", () => {
  const many = Array.from({length: 105}, (_, index) => account(`a${index}`, "Foxglove Foods"));
  const alike = many.map(({account_id}) => suggestion(account_id, "C2", "Foxglove Foods Inc.", "1.0000"));
  const {page, draft} = open(undefined, {accounts: table(...many), suggestions: table(...alike)});
  press("Show the list");
  const dialog = page.querySelector("dialog") as HTMLElement;
  expect(dialog.textContent).toContain("105 accounts to link");
  expect(dialog.textContent).toContain("Those that are not shown yet are left for later.");
  expect(dialog.querySelectorAll("tbody tr")).toHaveLength(100);
  press("Link those that are ticked", dialog);
  expect(JSON.parse(draft() ?? "[]")).toHaveLength(100);
});

it("says in words why there is no preview, and keeps the edits", async () => {
  const {page, card, draft} = open(() => Promise.reject(new Error("This workspace is too large for a browser.")));
  press("Link Foxglove Foods to Foxglove Foods Inc.", card("Foxglove Foods"));
  await settle();
  expect(page.querySelector(".preview [role=alert]")?.textContent).toContain("too large for a browser");
  expect(draft()).not.toBeNull();
});

it("opens with the accounts of one client where a link asks for them", () => {
  history.replaceState(null, "", "/mapping/clients?client=C2");
  const {page} = open();
  expect([...page.querySelectorAll("[role=tab]")].map(({textContent}) => textContent)).toEqual([
    "Unlinked (1)",
    "Look wrong (1)",
    "Linked (0)",
    "Excluded (0)",
  ]);
  expect(page.textContent).toContain("Client: Foxglove Foods Inc.");
});

it("finds accounts by the clients that are suggested for them too", () => {
  history.replaceState(null, "", "/mapping/clients?search=harbour");
  expect([...open().page.querySelectorAll("[role=tab]")].map(({textContent}) => textContent)).toEqual([
    ...["Unlinked (1)", "Look wrong (1)", "Linked (1)", "Excluded (0)"],
  ]);
});

it("does not show as nothing what was never read of an account", () => {
  const accounts = table(account("new", "Foxglove Foods", null));
  const {card} = open(undefined, {accounts, products: table(), suggestions: table()});
  expect(card("Foxglove Foods").querySelector(".facts")?.textContent).toBe("rmmseats not read yetnew");
});

it("asks about the accounts with most seats first, twenty at a time", () => {
  const many = Array.from({length: 45}, (_, index) => account(`a${index}`, `Account ${index}`, String(index)));
  const {page} = open(undefined, {accounts: table(...many), suggestions: {columns: [], rows: []}});
  const names = () => [...page.querySelectorAll("article.account h2")].map(({textContent}) => textContent);
  const more = () => [...page.querySelectorAll("button")].find(({textContent}) => textContent === "Show more");
  const from = (count: number) =>
    many
      .toReversed()
      .slice(0, count)
      .map(({account_name}) => account_name);
  expect(names()).toEqual(from(20));
  more()?.click();
  expect(names()).toEqual(from(40));
  expect(more()?.hidden).toBe(false);
  more()?.click();
  expect(names()).toEqual(from(45));
  expect(more()?.hidden).toBe(true);
});

it("says of decided accounts who decided and when, where that is known", () => {
  const {page} = open();
  const decided = (tab: number) => {
    (page.querySelectorAll("[role=tab]")[tab] as HTMLElement).click();
    return [...page.querySelectorAll("[role=tabpanel]:not([hidden]) tbody td:nth-child(4)")].map(
      ({textContent}) => textContent,
    );
  };
  expect(decided(2)).toEqual(["—"]);
  expect(decided(3)).toEqual(["1 Nov 2026Ada"]);
});

it("says of an edit in the review which account goes where, and tells clients that are inactive", () => {
  const clients = table({client_id: "C2", client_name: "Foxglove Foods Inc.", status: "inactive", slug: null});
  const {page, card} = open(undefined, {clients});
  const search = card("Foxglove Foods").querySelector("[role=combobox]") as HTMLInputElement;
  search.click();
  expect(card("Foxglove Foods").querySelector("[role=option] small")?.textContent).toBe("C2, inactive");
  press("Link Foxglove Foods to Foxglove Foods Inc.", card("Foxglove Foods"));
  press("Review and save");
  expect(page.textContent).toContain("Foxglove Foods (rmm) → Foxglove Foods Inc.");
});

it("calls an account undecided again in the review whose decision is removed", () => {
  const {page} = open();
  (page.querySelectorAll("[role=tab]")[1] as HTMLElement).click();
  press("Remove the decision about Foxglove Branch");
  press("Review and save");
  expect(page.querySelector(".edits")?.textContent).toContain("Foxglove Branch (rmm): undecided again");
});
