// @vitest-environment jsdom
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {dataTable, type TableColumn} from "../../src/components/dataTable.js";
import {type Filter, filterBar} from "../../src/components/filters.js";
import {urlState} from "../../src/lib/urlState.js";

const filters: readonly Filter[] = [
  {kind: "search", name: "search", label: "Search"},
  {kind: "one", name: "direction", label: "Direction", options: [{value: "under", label: "Underbilled"}]},
  {kind: "toggle", name: "flagged", label: "Only flagged"},
];
const fold = (bar: HTMLElement) => bar.querySelector<HTMLButtonElement>(".fold");

beforeEach(() => history.replaceState(null, "", "/billing"));
afterEach(() => vi.unstubAllGlobals());

it("folds every filter but the search, and opens them when asked to", () => {
  const bar = filterBar(filters, urlState(), () => {});
  expect([...bar.querySelectorAll(".folded")].map(({textContent}) => textContent?.trim())).toEqual([
    "DirectionAllUnderbilled",
    "Only flagged",
  ]);
  expect([...bar.children].map(({className}) => className)).toEqual([
    ...["field", "fold", "field folded", "check folded", "clear", "filters-set"],
  ]);
  expect(fold(bar)?.getAttribute("aria-expanded")).toBe("false");
  fold(bar)?.click();
  expect(bar.classList.contains("unfolded")).toBe(true);
  expect(fold(bar)?.getAttribute("aria-expanded")).toBe("true");
});

it("says how many of the folded filters are set, the search not among them", () => {
  history.replaceState(null, "", "/billing?search=acme&flagged=1");
  const bar = filterBar(filters, urlState(), () => {});
  expect(fold(bar)?.textContent).toBe("More filters (1 set)");
  expect(bar.querySelector<HTMLElement>(".clear")?.hidden).toBe(false);
  const select = bar.querySelector("select") as HTMLSelectElement;
  select.value = "under";
  select.dispatchEvent(new Event("change"));
  expect(fold(bar)?.textContent).toBe("More filters (2 set)");
  bar.querySelector<HTMLButtonElement>(".clear")?.click();
  expect(fold(bar)?.textContent).toBe("More filters");
});

it("counts no filter as set whose value is none", () => {
  history.replaceState(null, "", "/billing?minimum=abc&flagged=1");
  const minimum: Filter = {kind: "minimum", name: "minimum", label: "Minimum"};
  expect(fold(filterBar([...filters, minimum], urlState(), () => {}))?.textContent).toBe("More filters (1 set)");
});

it("is off again, and no more in the address, once its box is no longer ticked", () => {
  const state = urlState();
  const bar = filterBar(filters, state, () => {});
  document.body.replaceChildren(bar);
  const box = bar.querySelector<HTMLInputElement>("input[type=checkbox]");
  box?.click();
  expect([state.get("flagged"), location.search]).toEqual(["1", "?flagged=1"]);
  box?.click();
  expect([state.get("flagged"), location.search]).toEqual(["", ""]);
});

it("stays on the page when Enter is pressed in the search", () => {
  const enter = new Event("submit", {cancelable: true});
  filterBar(filters, urlState(), () => {}).dispatchEvent(enter);
  expect(enter.defaultPrevented).toBe(true);
});

it("takes every filter off at once, also the search, and says what is found", () => {
  history.replaceState(null, "", "/billing?search=acme&direction=under&flagged=1&sort=name");
  const state = urlState();
  const changed = vi.fn();
  const bar = filterBar(filters, state, changed, () => "12 clients");
  const clear = bar.querySelector<HTMLButtonElement>(".clear");
  expect(clear?.hidden).toBe(false);
  clear?.click();
  expect(filters.map(({name}) => state.get(name))).toEqual(["", "", ""]);
  expect(state.get("sort")).toBe("name");
  expect(bar.querySelector<HTMLInputElement>("input[type=search]")?.value).toBe("");
  expect(bar.querySelector<HTMLButtonElement>(".clear")?.hidden).toBe(true);
  expect(changed).toHaveBeenCalledOnce();
  expect(bar.querySelector("[role=status]")?.textContent).toBe("12 clients");
});

it("keeps several values of a filter, and lets go of one that is taken off", () => {
  const options = ["red", "yellow", "green"].map((value) => ({value, label: value.toUpperCase()}));
  const state = urlState();
  const bar = filterBar([{kind: "several", name: "health", label: "Health", options}], state, () => {});
  document.body.replaceChildren(bar);
  const box = (value: string) => bar.querySelector(`input[value=${value}]`) as HTMLInputElement;
  expect(bar.querySelector("summary .value")?.textContent).toBe("All");
  for (const value of ["red", "green"]) box(value).click();
  expect(state.list("health")).toEqual(["red", "green"]);
  expect(bar.querySelector("summary .value")?.textContent).toBe("RED, GREEN");
  box("red").click();
  expect(state.list("health")).toEqual(["green"]);
  box("green").click();
  expect(bar.querySelector("summary .value")?.textContent).toBe("All");
});

it("shows a value that the address asks for and nothing has, and lets go of it", () => {
  history.replaceState(null, "", "/billing?direction=sideways&health=blue,red");
  const health = {kind: "several" as const, name: "health", label: "Health", options: [{value: "red", label: "Red"}]};
  const state = urlState();
  const bar = filterBar([...filters, health], state, () => {});
  document.body.replaceChildren(bar);
  const select = bar.querySelector("select") as HTMLSelectElement;
  expect(select.selectedOptions[0]?.textContent).toBe("sideways");
  expect([...select.options].map(({value}) => value)).toEqual(["", "under", "sideways"]);
  expect(bar.querySelector("summary .value")?.textContent).toBe("blue, Red");
  const boxes = [...bar.querySelectorAll<HTMLInputElement>("fieldset input")];
  expect(boxes.map(({value, checked}) => [value, checked])).toEqual([
    ["red", true],
    ["blue", true],
  ]);
  boxes[1]?.click();
  expect(state.list("health")).toEqual(["red"]);
  const month = {...(filters[1] as Filter & {kind: "one"}), isKnown: true, all: "Present"};
  expect(filterBar([month], state, () => {}).querySelector("select")?.selectedOptions[0]?.textContent).toBe("Present");
});

it("shows what a link has set only where it has, and takes it off", () => {
  history.replaceState(null, "", "/billing?client=C1&search=acme");
  const client: Filter = {kind: "chip", name: "client", label: (id) => `Client: ${id}`};
  const state = urlState();
  const changed = vi.fn();
  const bar = filterBar([client, ...filters], state, changed);
  document.body.replaceChildren(bar);
  expect(bar.querySelector(".chip")?.firstChild?.textContent).toBe("Client: C1 ");
  expect([bar.querySelector(".chip.folded"), fold(bar)?.textContent]).toEqual([null, "More filters"]);
  bar.querySelector<HTMLButtonElement>(".chip button")?.click();
  expect([state.get("client"), state.get("search")]).toEqual(["", "acme"]);
  expect(bar.querySelector(".chip")).toBeNull();
  expect(changed).toHaveBeenCalledOnce();
  expect(document.activeElement).toBe(bar.querySelector("input[type=search]"));
});

it("closes a list of values by Escape, and where one goes on or points elsewhere, but not within it", () => {
  const options = [{value: "red", label: "Red"}];
  const bar = filterBar([{kind: "several", name: "health", label: "Health", options}], urlState(), () => {});
  document.body.replaceChildren(bar, document.createElement("button"));
  const list = bar.querySelector("details") as HTMLDetailsElement;
  const [box, outside] = [bar.querySelector("input"), document.querySelector("body > button")];
  const isOpenAfter = (place: Element | null, event: Event): boolean => {
    list.open = true;
    place?.dispatchEvent(event);
    return list.open;
  };
  const key = (name: string) => new KeyboardEvent("keydown", {key: name, bubbles: true});
  const leave = (relatedTarget: Element | null) => new FocusEvent("focusout", {relatedTarget, bubbles: true});
  const point = () => new Event("pointerdown", {bubbles: true});
  expect([isOpenAfter(box, key("Escape")), isOpenAfter(box, key("Enter"))]).toEqual([false, true]);
  expect(document.activeElement).toBe(list.querySelector("summary"));
  expect([isOpenAfter(box, leave(outside)), isOpenAfter(box, leave(list)), isOpenAfter(box, leave(null))]).toEqual([
    ...[false, true, true],
  ]);
  expect([isOpenAfter(outside, point()), isOpenAfter(box, point())]).toEqual([false, true]);
});

it("folds no single filter", () => {
  const bar = filterBar(filters.slice(0, 2), urlState(), () => {});
  expect(fold(bar)).toBeNull();
  expect(bar.querySelector(".folded")).toBeNull();
});

it.each([
  ["on a wide page in their own order", false, ["Client", "Seats", "Underbilled", "Health"]],
  ["on a narrow page, those that come first beside the first", true, ["Client", "Underbilled", "Seats", "Health"]],
])("sets columns %s", (_, isNarrow, expected) => {
  vi.stubGlobal("matchMedia", () => ({matches: isNarrow}));
  const column = (label: string, also: Partial<TableColumn<string>> = {}): TableColumn<string> => ({
    ...{key: label, label, render: (row) => row + label, sortValue: (row) => row},
    ...also,
  });
  const table = dataTable({
    caption: "Clients",
    columns: [column("Client"), column("Seats"), column("Underbilled", {comesFirst: true}), column("Health")],
    rows: ["a"],
    ...{sort: "Client", onSort: () => {}, page: 0, onPage: () => {}, empty: "none"},
  });
  const texts = (row: string) => [...table.querySelectorAll(`${row} > *`)].map(({textContent}) => textContent?.trim());
  expect(texts("thead tr").map((text) => text?.replace(/[↑↓]/, ""))).toEqual(expected);
  expect(texts("tbody tr")).toEqual(expected.map((label) => `a${label}`));
});
