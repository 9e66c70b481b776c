import {html} from "htl";
import {cut, plural} from "../lib/format.js";
import {mentions} from "../lib/matches.js";
import {rowsOf, type Table} from "../lib/rows.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {filterBar} from "./filters.js";
import {inPortions, linePortion} from "./inPortions.js";
import {nothingCompared} from "./nothingCompared.js";

interface Client {
  readonly slug: string;
  readonly client_name: string;
  readonly discrepancies: string;
}

export interface MemoChoiceData {
  readonly clients: Table;
  /** How many clients anything was compared of. */
  readonly compared: Table;
}

/** The longest part of an address that a text repeats. */
export const longestAsked = 60;

/** The clients that a memo can be written to; `unknown` is a client that the address names and nobody knows. */
export function memoChoice(data: MemoChoiceData, unknown = "", state: UrlState = urlState()): HTMLElement {
  return html`<div>
    ${unknown === "" ? "" : html`<p class="memo-unknown" role="status">No client of this site has the address “<bdi>${cut(unknown, longestAsked)}</bdi>”. It may have left the PSA since the link was made, or the link is of another workspace.</p>`}
    ${list(data, state)}
  </div>`;
}

function list(data: MemoChoiceData, state: UrlState): HTMLElement {
  const clients = rowsOf<Client>(data.clients).sort((a, b) => a.client_name.localeCompare(b.client_name, "en"));
  const [compared] = rowsOf<{clients: string}>(data.compared);
  if (compared?.clients === "0") return nothingCompared("billed or credited");
  if (clients.length === 0)
    return html`<p class="empty">Of what could be compared, no client has anything to be billed or credited.</p>`;
  const place = html`<div></div>` as HTMLElement;
  const found = () => clients.filter(({client_name}) => mentions(state.get("search"), client_name));
  const item = ({slug, client_name, discrepancies}: Client): Node =>
    html`<li><a href=${`./memo?client=${slug}`}><bdi>${client_name}</bdi></a> <span class="quiet whole">${plural(discrepancies, "discrepancy")}</span></li>`;
  const draw = (): void => {
    const rows = found();
    const names = html`<ul class="memo-clients plain"></ul>` as HTMLElement;
    const none = html`<p class="empty">No client has such a name.</p>`;
    place.replaceChildren(...(rows.length === 0 ? [none] : inPortions(names, rows, item, {size: linePortion})));
  };
  draw();
  const search = {kind: "search", name: "search", label: "Search client"} as const;
  return html`<div>
    <p class="lead">One printable page for a client: what is billed or credited, how it was counted, and who or what was counted. These clients have something to bill or credit:</p>
    ${clients.length <= linePortion ? "" : filterBar([search], state, draw, () => plural(found().length, "client"))}
    ${place}
  </div>`;
}
