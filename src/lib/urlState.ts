/** The state of a page. It lives in the query of its address, so that it can be sent to somebody. */
export interface UrlState {
  /** Empty where it is not set. */
  get(name: string): string;
  /** `?type=a,b` → `["a", "b"]`. */
  list(name: string): string[];
  /** Replaces values; empty ones are removed. */
  set(values: Values): void;
  /** The same for another view of the page, from which the browser’s Back leads to the one before. */
  push(values: Values): void;
  /** The query of the address that `set` would make. */
  link(values: Values): string;
  /** Calls back when Back or Forward has led to another state of the page. */
  onReturn(listener: () => void): void;
}

type Values = Readonly<Record<string, string | readonly string[]>>;

/** Values as one that `list` takes apart again. Names may have a comma in them: `Reyes, Dana` is one. */
export function joinedList(values: readonly string[]): string {
  return values.map((value) => value.replaceAll("%", "%25").replaceAll(",", "%2C")).join(",");
}

/** The page of a table that the address asks for, counted from 0: the first where it asks for none that there can be. */
export function pageOf({get}: Pick<UrlState, "get">): number {
  const asked = get("page");
  return /^[1-9]\d*$/.test(asked) ? Number(asked) - 1 : 0;
}

export function urlState(
  window: Pick<Window, "location" | "history" | "addEventListener"> = globalThis.window,
): UrlState {
  const {location, history} = window;
  let search = "";
  let query = new URLSearchParams();
  let shown = location.search;
  const read = (name: string): string => {
    // Filters ask for every row, and there may be two hundred thousand.
    if (location.search !== search) {
      search = location.search;
      query = new URLSearchParams(search);
    }
    return query.get(name) ?? "";
  };
  const queryWith = (values: Values): string => {
    const changed = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(values)) {
      const given = typeof value === "string" ? value : joinedList(value);
      if (given === "") changed.delete(name);
      else changed.set(name, given);
    }
    const text = changed.toString().replaceAll("%2C", ",");
    return text === "" ? "" : `?${text}`;
  };
  const change = (values: Values, how: "replaceState" | "pushState"): void => {
    const next = queryWith(values);
    // Telling the browser costs milliseconds, and a change of a filter sets the page as well, which mostly is none.
    if (next !== location.search) history[how](null, "", `${location.pathname}${next}${location.hash}`);
    shown = location.search;
  };
  return {
    get: read,
    list: (name) =>
      read(name)
        .split(",")
        .filter((value) => value !== "")
        .map((value) => value.replaceAll("%2C", ",").replaceAll("%25", "%")),
    set: (values) => change(values, "replaceState"),
    push: (values) => change(values, "pushState"),
    link: queryWith,
    onReturn: (listener) =>
      window.addEventListener("popstate", () => {
        // A link to a place on the page is told of in the same way, and changes nothing that is shown.
        if (location.search === shown) return;
        shown = location.search;
        listener();
      }),
  };
}
