import {expect, it} from "vitest";
import {urlState} from "../../src/lib/urlState.js";

function given(search: string) {
  const location = {search, pathname: "/billing", hash: "#top"};
  const told: string[] = [];
  const replaceState = (_data: unknown, _title: string, address: string): void => {
    told.push(address);
    location.search = /\?[^#]*/.exec(address)?.[0] ?? "";
  };
  const state = urlState({location, history: {replaceState}} as unknown as Pick<Window, "location" | "history">);
  return {location, told, state};
}

it("reads the address as it stands, also after somebody else changed it", () => {
  const {location, state} = given("?type=a,b&page=2");
  expect(state.list("type")).toEqual(["a", "b"]);
  location.search = "?type=c";
  expect(state.list("type")).toEqual(["c"]);
  expect(state.get("page")).toBe("");
});

it("reads what it set, and tells the browser only what changes", () => {
  const {told, state} = given("?page=2");
  state.set({search: "acme", page: ""});
  state.set({page: ""});
  expect(state.get("search")).toBe("acme");
  state.set({search: ""});
  expect(told).toEqual(["/billing?search=acme#top", "/billing#top"]);
});
