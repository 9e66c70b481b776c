// @vitest-environment jsdom
import {expect, it} from "vitest";
import {schemaBrowser} from "../../src/components/schemaBrowser.js";

const tables = [
  {
    name: "clients",
    kind: "mart",
    description: "One row per client.",
    columns: [
      {name: "client_id", type: "VARCHAR", description: "The PSA's id."},
      {name: "client_name", type: "VARCHAR", description: "The client's name."},
    ],
  },
  {
    name: "seats",
    kind: "mart",
    description: "Every seat.",
    columns: [{name: "seat_id", type: "VARCHAR", description: "The vendor's id."}],
  },
];

it("finds columns by what their description says, and hands over the name that is picked", () => {
  const picked: string[] = [];
  const node = schemaBrowser(tables, (name) => picked.push(name));
  const search = node.querySelector("input") as HTMLInputElement;
  search.value = "client's name";
  search.dispatchEvent(new Event("input"));
  const shown = [...node.querySelectorAll<HTMLDetailsElement>("details")].filter(({hidden}) => !hidden);
  expect(shown.map(({open, textContent}) => [open, textContent?.includes("client_name")])).toEqual([[true, true]]);
  shown[0]?.querySelectorAll<HTMLButtonElement>("dt button")[1]?.click();
  expect(picked).toEqual(["client_name"]);
});
