import type {UrlState} from "../../src/lib/urlState.js";

/** The state of a page without an address: nothing is ever gone back to. */
export function stateOf(values: Record<string, string> = {}): UrlState & {readonly values: Record<string, string>} {
  const set: UrlState["set"] = (next) => {
    for (const [name, value] of Object.entries(next)) values[name] = String(value);
  };
  return {
    values,
    get: (name) => values[name] ?? "",
    list: (name) => (values[name] ?? "").split(",").filter((value) => value !== ""),
    set,
    push: set,
    link: (next) => `?${new URLSearchParams({...values, ...(next as Record<string, string>)})}`,
    onReturn: () => {},
  };
}
