/** The state of a page lives in the query of its address, so that it can be sent to somebody. */

export function readState(): URLSearchParams {
  return new URLSearchParams(location.search);
}

/** Replaces one value; empty removes it. */
export function writeState(values: Readonly<Record<string, string>>): void {
  const state = readState();
  for (const [name, value] of Object.entries(values)) {
    if (value === "") state.delete(name);
    else state.set(name, value);
  }
  const query = state.toString();
  history.replaceState(null, "", `${location.pathname}${query === "" ? "" : `?${query}`}${location.hash}`);
}
