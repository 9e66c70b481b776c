import {html} from "htl";
import {plural} from "../lib/format.js";
import {groupBy} from "../lib/groupBy.js";
import {rowsOf, type Table} from "../lib/rows.js";

interface Row {
  readonly client_name: string;
  readonly slug: string;
}

/** The clients that a memo can be written to. */
export function memoChoice({rows}: {readonly rows: Table}): HTMLElement {
  const clients = [...groupBy(rowsOf<Row>(rows), ({slug}) => slug)]
    .map(([slug, own]) => ({slug, name: own[0]?.client_name ?? "", count: own.length}))
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
  if (clients.length === 0) return html`<p class="empty">No client has anything to be billed or credited.</p>`;
  return html`<div>
    <p class="lead">One printable page for a client: what is billed or credited, how it was counted, and who or what was counted.</p>
    <ul class="memo-clients plain">${clients.map(
      ({slug, name, count}) =>
        html`<li><a href=${`./memo?client=${slug}`}><bdi>${name}</bdi></a> <span class="quiet">${plural(count, "discrepancy").replace("discrepancys", "discrepancies")}</span></li>`,
    )}</ul>
  </div>`;
}
