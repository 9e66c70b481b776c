import {html} from "htl";
import {currencyOrder} from "../lib/currencyOrder.js";
import {workspaceCurrency} from "../lib/data.js";
import type {UrlState} from "../lib/urlState.js";
import {onPaper} from "./onPaper.js";
import {say} from "./say.js";

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** A filter: the name of its place in the address, and how it is shown. */
export type Filter =
  | {readonly kind: "search" | "minimum" | "toggle"; readonly name: string; readonly label: string}
  | {
      readonly kind: "several" | "one";
      readonly name: string;
      readonly label: string;
      readonly options: readonly Option[];
      /** What none chosen means: all of them, unless said otherwise. */
      readonly all?: string;
      /** What is no option counts as none chosen. */
      readonly isKnown?: boolean;
    }
  /** Set by links from elsewhere; here it can only be taken off. */
  | {readonly kind: "chip"; readonly name: string; readonly label: (value: string) => string};

/** The choice of a currency, where there are several or the address asks for one that there is not. */
export function currencyFilter(options: readonly Option[], state: UrlState): Filter[] {
  const asked = state.get("currency");
  const isUnknown = asked !== "" && options.every(({value}) => value !== asked);
  if (options.length < 2 && !isUnknown) return [];
  const order = currencyOrder(workspaceCurrency());
  const ordered = [...options].sort((a, b) => order(a.value, b.value));
  return [{kind: "one", name: "currency", label: "Currency", options: ordered}];
}

/** The amount that a filter `minimum` stands at; empty where what the address has is none. */
export function minimumOf(value: string): string {
  return /^(\d+\.?\d*|\.\d+)$/.test(value) ? value : "";
}

/**
 * Controls that keep the filters in the address. Where the page is narrow all but the search are folded away, so that the
 * first rows are in sight. `found` says what passes them where nothing else on the page does.
 */
export function filterBar(
  filters: readonly Filter[],
  state: UrlState,
  onChange: () => void,
  found?: () => string,
): HTMLElement {
  const said = html`<p class="visually-hidden" role="status"></p>` as HTMLElement;
  const bar =
    html`<form class="filters" role="search" aria-label="Filters" ${{onsubmit: (event: Event) => event.preventDefault()}}>${found === undefined ? "" : said}</form>` as HTMLElement;
  let drawn: readonly Node[] = [];
  const clear = html`<button type="button" class="clear" ${{
    onclick: () => {
      state.set(Object.fromEntries(filters.map(({name}) => [name, ""])));
      draw();
      change();
      bar.querySelector<HTMLElement>("input, select, summary")?.focus();
    },
  }}>Clear filters</button>` as HTMLElement;
  const others = filters.filter(({kind}) => kind !== "search" && kind !== "chip");
  const folded = others.length > 1 ? others : [];
  const fold = html`<button type="button" class="fold" aria-expanded="false" ${{
    onclick: () => fold.setAttribute("aria-expanded", String(bar.classList.toggle("unfolded"))),
  }}></button>` as HTMLElement;
  const told = html`<p class="filters-set"></p>` as HTMLElement;
  onPaper(told, () => {
    const set = filters.flatMap((filter) => describeFilter(filter, state));
    return set.length === 0 ? [] : [document.createTextNode(set.join(" · "))];
  });
  const change = (): void => {
    onChange();
    if (found !== undefined) say(said, found());
  };
  const showSet = (): void => {
    clear.hidden = filters.every((filter) => given(filter, state) === "");
    const set = folded.filter((filter) => given(filter, state) !== "").length;
    fold.textContent = set === 0 ? "More filters" : `More filters (${set} set)`;
  };
  const set = (name: string, value: string | readonly string[]): void => {
    state.set({[name]: value});
    showSet();
    change();
  };
  const draw = (): void => {
    showSet();
    const remove = (name: string): void => {
      set(name, "");
      draw();
      bar.querySelector<HTMLElement>("input, select, summary")?.focus();
    };
    const controls = filters.map((filter) => {
      const made = control(filter, state, set, remove);
      if (made instanceof Element && folded.includes(filter)) made.classList.add("folded");
      return made;
    });
    const [first] = folded;
    if (first !== undefined) controls.splice(filters.indexOf(first), 0, fold);
    for (const node of drawn) bar.removeChild(node);
    drawn = [...controls, clear, told];
    bar.prepend(...drawn);
  };
  draw();
  return bar;
}

function given({kind, name}: Filter, state: UrlState): string {
  return kind === "minimum" ? minimumOf(state.get(name)) : state.get(name);
}

/** What a filter is set to, in words for paper, where there are no controls. */
function describeFilter(filter: Filter, state: UrlState): string[] {
  const value = given(filter, state);
  if (value === "") return [];
  switch (filter.kind) {
    case "chip":
      return [filter.label(value)];
    case "toggle":
      return [filter.label];
    case "search":
    case "minimum":
      return [`${filter.label}: ${value}`];
    default: {
      const chosen = filter.kind === "several" ? state.list(filter.name) : [value];
      const labels = chosen.map((one) => filter.options.find((option) => option.value === one)?.label ?? one);
      return [`${filter.label}: ${labels.join(", ")}`];
    }
  }
}

function control(
  filter: Filter,
  state: UrlState,
  set: (name: string, value: string | readonly string[]) => void,
  remove: (name: string) => void,
): Node {
  const {name} = filter;
  const value = given(filter, state);
  switch (filter.kind) {
    case "search":
      return html`<label class="field">${filter.label}<input type="search" value=${value} ${{oninput: (event: Event) => set(name, chosenValue(event))}}></label>`;
    case "minimum":
      return html`<label class="field">${filter.label}<input type="number" min="0" step="any" inputmode="decimal" value=${value} ${{oninput: (event: Event) => set(name, chosenValue(event))}}></label>`;
    case "toggle":
      return html`<label class="check"><input type="checkbox" checked=${value !== ""} ${{onchange: (event: Event) => set(name, (event.target as HTMLInputElement).checked ? "1" : "")}}> ${filter.label}</label>`;
    case "one":
      return html`<label class="field">${filter.label}<select ${{onchange: (event: Event) => set(name, chosenValue(event))}}>${[
        {value: "", label: filter.all ?? "All"},
        ...withUnknown(filter.options, value === "" || filter.isKnown ? [] : [value]),
      ].map(
        (option) => html`<option value=${option.value} selected=${option.value === value}>${option.label}</option>`,
      )}</select></label>`;
    case "several":
      return choices(filter.label, withUnknown(filter.options, state.list(name)), state.list(name), (chosen) =>
        set(name, chosen),
      );
    case "chip":
      return value === ""
        ? document.createTextNode("")
        : html`<span class="chip">${filter.label(value)} <button type="button" aria-label=${`Remove the filter ${filter.label(value)}`} ${{onclick: () => remove(name)}}><span aria-hidden="true">×</span></button></span>`;
  }
}

/** What the address asks for filters also where no row has it, so it can be seen and taken off. */
function withUnknown(options: readonly Option[], chosen: readonly string[]): readonly Option[] {
  const known = new Set(options.map(({value}) => value));
  return [...options, ...chosen.filter((value) => !known.has(value)).map((value) => ({value, label: value}))];
}

function chosenValue(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}

/** Several of a few values; none chosen means all. */
function choices(
  label: string,
  options: readonly Option[],
  chosen: readonly string[],
  onChange: (chosen: string[]) => void,
): HTMLElement {
  const selected = new Set(chosen);
  const labels = new Map(options.map((option) => [option.value, option.label]));
  const shown = html`<span class="value"></span>` as HTMLElement;
  const describe = (): void => {
    shown.textContent =
      selected.size === 0 ? "All" : [...selected].map((value) => labels.get(value) ?? value).join(", ");
  };
  describe();
  const boxes = options.map(
    (option) =>
      html`<label class="check"><input type="checkbox" value=${option.value} checked=${selected.has(option.value)} ${{
        onchange: (event: Event) => {
          if ((event.target as HTMLInputElement).checked) selected.add(option.value);
          else selected.delete(option.value);
          describe();
          onChange([...selected]);
        },
      }}> ${option.label}</label>`,
  );
  const summary = html`<summary><span class="visually-hidden">${label}: </span>${shown}</summary>` as HTMLElement;
  // Who presses a name, in Safari a box too, gives the focus to what is around it: were that the page, the list would close.
  const details =
    html`<details class="choices">${summary}<fieldset tabindex="-1"><legend class="visually-hidden">${label}</legend>${boxes}</fieldset></details>` as HTMLDetailsElement;
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && !details.contains(event.relatedTarget)) details.open = false;
  });
  return html`<div class="field"><span aria-hidden="true">${label}</span>${details}</div>`;
}

if (typeof document !== "undefined") {
  document.addEventListener("pointerdown", ({target}) => {
    for (const open of document.querySelectorAll<HTMLDetailsElement>("details.choices[open]")) {
      if (target instanceof Node && !open.contains(target)) open.open = false;
    }
  });
}
