import {html} from "htl";

/** In the place of findings where no bill was compared with any use: none of them is clean, and what to do. */
export function nothingCompared(unknown: string): HTMLElement {
  return html`<p class="empty">Nothing could be compared, so nothing is known to be ${unknown}. See <a href="./integrations">Integrations</a> for what could not be read, and link accounts to clients and products to services on the page <a href="./mapping">Mapping</a>.</p>`;
}
