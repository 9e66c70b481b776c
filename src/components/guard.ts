import {html} from "htl";

/** Shows that something is loading, then what it became, or in plain words why it did not. */
export function guard(content: Promise<Node>): HTMLElement {
  const place = html`<div aria-busy="true"><p class="loading">Loading…</p></div>` as HTMLElement;
  content.then(
    (node) => {
      place.replaceChildren(node);
      place.removeAttribute("aria-busy");
    },
    (error: Error) => {
      place.replaceChildren(html`<p class="error" role="alert">${error.message}</p>`);
      place.removeAttribute("aria-busy");
    },
  );
  return place;
}
