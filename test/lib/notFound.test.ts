// @vitest-environment jsdom
import {expect, it} from "vitest";
import {slugOf} from "../../loaders/site/data/slug.js";
import {clientOf, foldersAbove, notFound} from "../../src/lib/notFound.js";

it.each(["C9999", "c 1/ä", "100%_20", "~x", "Ünï-Ж", "a?b#c"])(
  "reads the id of client %s back from its address",
  (id) => {
    expect(clientOf(`/clients/${slugOf(id)}`)).toBe(id);
    expect(clientOf(`/site/clients/${slugOf(id)}.html`)).toBe(id);
  },
);

it.each(["con", "nul", "com1", "NUL", "aux.csv", "trailing."])(
  "names no page of client %s as Windows names a device",
  (id) => {
    const slug = slugOf(id);
    expect(slug).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/);
    expect(slug).toMatch(/[^.]$/);
    expect(clientOf(`/clients/${slug}`)).toBe(id);
  },
);

it("takes what is typed in place of a slug as it is", () => {
  expect(clientOf("/clients/Acme%20Ltd")).toBe("Acme Ltd");
  expect(clientOf("/clients/50%")).toBe("50%");
  expect(clientOf("/clients/_ff")).toBe("_ff");
  expect(clientOf("/clients/")).toBeNull();
  expect(clientOf("/nowhere/else")).toBeNull();
});

it("names the folders that the site may be in, the outermost first", () => {
  expect(foldersAbove("/trueup/clients/x")).toEqual(["/trueup", "/trueup/clients"]);
  expect(foldersAbove("/x")).toEqual([]);
});

it.each([
  ["nothing", null, "/figures/guide"],
  ["an empty one", {cssRules: []}, "/figures/guide"],
  ["a full one", {cssRules: [{}]}, "/guide"],
])(
  "looks for the site’s folder unless its style sheet has come: the browser made %s of it",
  async (_, sheet, expected) => {
    history.replaceState(null, "", "/figures/nowhere");
    document.head.innerHTML = '<link rel="stylesheet" href="/_import/style.css">';
    document.body.innerHTML = '<a href="/guide">Guide</a>';
    Object.defineProperty(document.querySelector("link"), "sheet", {value: sheet});
    await notFound(document, async (address) => ({ok: address === "/figures/_import/style.css"}) as Response);
    expect(document.querySelector("a")?.getAttribute("href")).toBe(expected);
  },
);
