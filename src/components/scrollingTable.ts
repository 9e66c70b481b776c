import {html} from "htl";

/**
 * A table that scrolls within its own place where it is wider than that: a region with a name, which the keyboard reaches.
 * `rows` are its head, body and foot; `label` is the region's name, the table's own unless given.
 */
export function scrollingTable(caption: string, rows: DocumentFragment, label = caption): HTMLElement {
  return html`<div class="table-scroll" role="region" aria-label=${label} tabindex="0"><table>
    <caption class="visually-hidden">${caption}</caption>
    ${rows}
  </table></div>`;
}
