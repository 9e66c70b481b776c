import {html} from "htl";
import {count, cut, plural, quantity} from "../lib/format.js";
import {groupBy} from "../lib/groupBy.js";
import {exploreUrl} from "../lib/queryAddress.js";
import {literal} from "../lib/sqlText.js";
import {scrollingTable} from "./scrollingTable.js";

/** What the sync in use of a connection set aside. */
export interface Quarantine {
  readonly connection_id: string;
  readonly health: string;
  readonly sync_id: string;
  readonly rows_quarantined: string;
  /** How many of them are told row by row, and for how many reasons; null where none is. */
  readonly row_count: string | null;
  readonly reason_count: string | null;
}

/** One of the first rows with a reason. */
export interface QuarantinedRow {
  readonly connection_id: string;
  readonly reason_place: string;
  readonly table_name: string;
  readonly column_name: string | null;
  readonly reason: string;
  /** Rows with the same reason. */
  readonly reason_rows: string;
  readonly file: string;
  readonly line: string | null;
  readonly record_id: string | null;
  readonly value: string | null;
}

/** The longest value, and the longest name of a place, that is shown. */
const longest = 80;
/** With so many reasons a connection is unfolded from the start. */
const fewReasons = 5;

/** Which rows the syncs in use set aside and why, connection by connection. */
export function quarantinedRows(quarantines: readonly Quarantine[], rows: readonly QuarantinedRow[]): HTMLElement {
  const byConnection = groupBy(rows, ({connection_id}) => connection_id);
  return html`<section class="quarantines">
    <h2>Quarantined rows</h2>
    <p>They did not fit and are in no figure. Put them right where the data comes from, and the next sync takes them in.</p>
    ${quarantines.map((quarantine) => ofConnection(quarantine, byConnection.get(quarantine.connection_id) ?? []))}
  </section>`;
}

function ofConnection(quarantine: Quarantine, rows: readonly QuarantinedRow[]): HTMLElement {
  const {connection_id, health, sync_id, rows_quarantined} = quarantine;
  const reasons = [...groupBy(rows, ({reason_place}) => reason_place).values()];
  const told = Number(quarantine.row_count);
  const file = html`<code>${connection_id}/${sync_id}/quarantine.parquet</code>`;
  return html`<details class="document" open=${reasons.length <= fewReasons}>
    <summary><strong>${connection_id}</strong> <span class="quiet">${plural(rows_quarantined, "row")}${told === 0 ? "" : `, ${plural(quarantine.reason_count ?? 0, "reason")}`}</span></summary>
    ${health === "red" ? html`<p>The last sync failed. These are of the earlier one that is still in use.</p>` : ""}
    ${
      told === 0
        ? html`<p>Which ones is not known any more: the lake has no ${file}.</p>`
        : html`<div>${reasonTable(connection_id, reasons)}
            ${rest(quarantine, reasons)}
            <p class="quiet"><a href=${exploreUrl(`select * from quarantined_rows where connection_id = ${literal(connection_id)} order by row_number`)}>${told === 1 ? "This row in SQL" : `All ${count(told)} in SQL`}</a>. In full length, with whole lines and records, ${told === 1 ? "it is" : "they are"} in the lake: ${file}.</p>
          </div>`
    }
  </details>`;
}

function reasonTable(connectionId: string, reasons: readonly (readonly QuarantinedRow[])[]): HTMLElement {
  const label = `Quarantined rows of ${connectionId} by reason`;
  return scrollingTable(
    label,
    html.fragment`<thead><tr><th scope="col">Column and reason</th><th scope="col" class="number">Rows</th>
      <th scope="col">The first of them</th><th scope="col">What stands there</th></tr></thead>
    ${reasons.map(ofReason)}`,
  );
}

function ofReason(rows: readonly QuarantinedRow[]): HTMLElement {
  const [{table_name, column_name, line, reason, reason_rows}] = rows as [QuarantinedRow];
  const more = Number(reason_rows) - rows.length;
  const span = rows.length + (more === 0 ? 0 : 1);
  const column = column_name === null ? null : html`<bdi>${cut(column_name, longest)}</bdi>`;
  return html`<tbody>${rows.map(
    (row, index) =>
      html`<tr>${
        index > 0
          ? ""
          : [
              html`<th scope="rowgroup" class="long" rowspan=${span}>${column ?? (line === null ? "whole record" : "whole line")} <span class="quiet">in ${table_name}</span><small>${reason}</small></th>`,
              html`<td class="number" rowspan=${span}>${quantity(reason_rows)}</td>`,
            ]
      }<td>${placeOf(row)}</td><td class="long">${valueIn(row)}</td></tr>`,
  )}${more === 0 ? "" : html`<tr><td class="quiet" colspan="2">and ${plural(more, "more row")}</td></tr>`}</tbody>`;
}

function placeOf({file, line, record_id}: QuarantinedRow): Node {
  const place = html`<bdi>${cut(file, longest)}</bdi>`;
  if (line !== null) return html`<code>${place}:${line}</code>`;
  if (record_id === null) return place;
  return html`<span><code><bdi>${cut(record_id, longest)}</bdi></code><small>${place}</small></span>`;
}

function valueIn({column_name, value}: QuarantinedRow): Node | string {
  if (column_name === null) return "";
  return value === null ? html`<span class="quiet">empty</span>` : html`<code><bdi>${cut(value, longest)}</bdi></code>`;
}

/** What is not in the table: further reasons, and rows that the sync only counted. */
function rest(
  {rows_quarantined, row_count, reason_count}: Quarantine,
  reasons: readonly (readonly QuarantinedRow[])[],
): Node[] {
  const shown = reasons.reduce((sum, [row]) => sum + Number(row?.reason_rows), 0);
  const others = Number(row_count) - shown;
  const counted = Number(rows_quarantined) - Number(row_count);
  const otherReasons = plural(Number(reason_count) - reasons.length, "other reason");
  return [
    ...(others > 0 ? [html`<p>And ${plural(others, "more row")} for ${otherReasons}.</p>`] : []),
    ...(counted > 0
      ? [
          html`<p>${count(counted)} more ${counted === 1 ? "was" : "were"} only counted: a sync writes down the first 10,000 rows of a file with the same kind of fault, and a record that takes up several lines once.</p>`,
        ]
      : []),
  ];
}
