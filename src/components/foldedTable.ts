import {html} from "htl";

/** A table that is folded away, made when somebody opens it: that of all clients has thousands of rows. */
export function foldedTable(summary: string, table: () => Node): HTMLElement {
  const details = html`<details><summary>${summary}</summary></details>` as HTMLElement;
  details.addEventListener("toggle", () => details.append(table()), {once: true});
  return details;
}
