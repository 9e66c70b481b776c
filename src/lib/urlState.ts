/** The state of a page. It lives in the query of its address, so that it can be sent to somebody. */
export interface UrlState {
  /** Empty where it is not set. */
  get(name: string): string;
  /** `?type=a,b` → `["a", "b"]`. */
  list(name: string): string[];
  /** Replaces values; empty ones are removed. */
  set(values: Readonly<Record<string, string | readonly string[]>>): void;
}

export function urlState({location, history}: Pick<Window, "location" | "history"> = window): UrlState {
  let search = "";
  let query = new URLSearchParams();
  const read = (name: string): string => {
    // Filters ask for every row, and there may be two hundred thousand.
    if (location.search !== search) {
      search = location.search;
      query = new URLSearchParams(search);
    }
    return query.get(name) ?? "";
  };
  return {
    get: read,
    list: (name) =>
      read(name)
        .split(",")
        .filter((value) => value !== ""),
    set(values) {
      const changed = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(values)) {
        const given = typeof value === "string" ? value : value.join(",");
        if (given === "") changed.delete(name);
        else changed.set(name, given);
      }
      const text = changed.toString().replaceAll("%2C", ",");
      const next = text === "" ? "" : `?${text}`;
      // Telling the browser costs milliseconds, and a change of a filter sets the page as well, which mostly is none.
      if (next !== location.search) history.replaceState(null, "", `${location.pathname}${next}${location.hash}`);
    },
  };
}
