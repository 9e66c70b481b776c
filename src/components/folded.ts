import {html} from "htl";

/** What is folded away, made when somebody opens it: a table of all clients, say, which has thousands of rows. */
export function folded(summary: string, content: () => Node): HTMLElement {
  const details = html`<details><summary>${summary}</summary></details>` as HTMLElement;
  details.addEventListener("toggle", () => details.append(content()), {once: true});
  return details;
}
