import {expect, it} from "vitest";
import {pageOf, urlState} from "../../src/lib/urlState.js";

function given(search: string) {
  const location = {search, pathname: "/billing", hash: "#top"};
  const told: string[] = [];
  let isBack: () => void = () => {};
  const tell =
    (how: string) =>
    (_data: unknown, _title: string, address: string): void => {
      told.push(`${how} ${address}`);
      location.search = /\?[^#]*/.exec(address)?.[0] ?? "";
    };
  const history = {replaceState: tell("replace"), pushState: tell("push")};
  const addEventListener = (_type: string, listener: () => void): void => {
    isBack = listener;
  };
  const state = urlState({location, history, addEventListener} as unknown as Window);
  const goBackTo = (earlier: string): void => {
    location.search = earlier;
    isBack();
  };
  return {location, told, state, goBackTo};
}

it("reads the address as it stands, also after somebody else changed it", () => {
  const {location, state} = given("?type=a,b&page=2");
  expect(state.list("type")).toEqual(["a", "b"]);
  location.search = "?type=c";
  expect(state.list("type")).toEqual(["c"]);
  expect(state.get("page")).toBe("");
});

it("keeps a value with a comma whole, as the name of an owner may have one", () => {
  const {location, state} = given("");
  const owners = ["Reyes, Dana", "Sam", "100% Ltd, 50%2C"];
  state.set({owner: owners});
  expect(state.list("owner")).toEqual(owners);
  expect(new URLSearchParams(location.search).get("owner")?.split(",")).toHaveLength(3);
});

it("reads what it set, and tells the browser only what changes", () => {
  const {told, state} = given("?page=2");
  state.set({search: "acme", page: ""});
  state.set({page: ""});
  expect(state.get("search")).toBe("acme");
  state.set({search: ""});
  expect(told).toEqual(["replace /billing?search=acme#top", "replace /billing#top"]);
});

it("makes an entry of the history of another view, and none where nothing changes", () => {
  const {told, state} = given("?search=acme");
  state.push({section: "flagged", page: ""});
  state.push({section: "flagged"});
  expect(told).toEqual(["push /billing?search=acme&section=flagged#top"]);
});

it("tells of going back to another state, and not of a link to a place on the page", () => {
  const {state, goBackTo} = given("");
  const shown: string[] = [];
  state.onReturn(() => shown.push(state.get("section")));
  state.push({section: "flagged"});
  goBackTo("?section=flagged");
  goBackTo("");
  goBackTo("?section=flagged");
  expect(shown).toEqual(["", "flagged"]);
});

it.each([
  ["", 0],
  ["1", 0],
  ["12", 11],
  ["0", 0],
  ["-3", 0],
  ["1.5", 0],
  ["1e3", 0],
  ["abc", 0],
])("reads the page of a table, the first where the address asks for none: %j", (asked, page) => {
  expect(pageOf(given(`?page=${asked}`).state)).toBe(page);
});
