// @vitest-environment jsdom
import {expect, it} from "vitest";
import {schemaBrowser} from "../../src/components/schemaBrowser.js";
import {documentedTables} from "../lib/documentedTables.js";

it("finds columns by what their description says, and hands over the name that is picked", () => {
  const picked: string[] = [];
  const node = schemaBrowser(documentedTables, (name) => picked.push(name));
  const search = node.querySelector("input") as HTMLInputElement;
  search.value = "client's name";
  search.dispatchEvent(new Event("input"));
  const shown = [...node.querySelectorAll<HTMLDetailsElement>("details")].filter(({hidden}) => !hidden);
  expect(shown.map(({open, textContent}) => [open, textContent?.includes("client_name")])).toEqual([[true, true]]);
  shown[0]?.querySelectorAll<HTMLButtonElement>("dt button")[1]?.click();
  expect(picked).toEqual(["client_name"]);
});
