import {html} from "htl";

/** After so many milliseconds somebody wants to know whether anything is coming. */
const patience = 10_000;

/** Shows that something is loading, then what it became, or in plain words why it did not and how to try again. */
export function guard(load: () => Promise<Node>): HTMLElement {
  const place = html`<div class="loaded"></div>` as HTMLElement;
  const attempt = (): void => {
    place.setAttribute("aria-busy", "true");
    const loading = html`<p class="loading" role="status">Loading…</p>`;
    place.replaceChildren(loading);
    const late = setTimeout(() => {
      loading.textContent = "Still loading: the server has not answered. Wait, or reload the page to ask again.";
    }, patience);
    load()
      .catch(
        (error: Error) => html`<div class="error" role="alert">
          <p>${error.message}</p>
          <button type="button" ${{onclick: again}}>Try again</button>
        </div>`,
      )
      .then((node: Node) => {
        clearTimeout(late);
        place.replaceChildren(node);
        place.removeAttribute("aria-busy");
      });
  };
  const again = (): void => {
    // The button goes, and with it the focus.
    place.tabIndex = -1;
    place.focus();
    attempt();
  };
  attempt();
  return place;
}
