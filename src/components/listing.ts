import {html} from "htl";
import {type CsvColumn, toCsv} from "../lib/csv.js";
import {workspaceCurrency} from "../lib/data.js";
import {exportName} from "../lib/exportName.js";
import {count, plural, pluralOf} from "../lib/format.js";
import {sortRows} from "../lib/sortRows.js";
import type {UrlState} from "../lib/urlState.js";
import {drawAddressed, orderOf} from "./addressedTable.js";
import type {TableColumn} from "./dataTable.js";
import {download} from "./download.js";
import {type Filter, filterBar} from "./filters.js";
import {say} from "./say.js";

export interface ListingOptions<T> {
  readonly caption: string;
  /** What is counted, in the singular. */
  readonly noun: string;
  readonly filters: readonly Filter[];
  /** The rows that pass the filters as they stand in the address. */
  readonly select: () => readonly T[];
  /** How many there are without any filter. */
  readonly total: number;
  /** How many of them rows are, where that is not their number. */
  readonly count?: (rows: readonly T[]) => number;
  readonly columns: (rows: readonly T[]) => readonly TableColumn<T>[];
  readonly csv: readonly CsvColumn<T>[];
  /** What the exported file is called before workspace and day: `flagged-services`. */
  readonly file: string;
  /** Until somebody sorts otherwise. */
  readonly sort: string;
  readonly empty: string;
  readonly state: UrlState;
  /** What can be done with all rows that pass the filters. */
  readonly action?: Node;
}

/** A table with its filters, the number of rows that pass them, paging and export. All of its state is in the address. */
export function listing<T>(options: ListingOptions<T>): HTMLElement {
  const {caption, noun, filters, select, total, columns, csv, file, sort: usualSort, empty, state} = options;
  const place = html`<div></div>` as HTMLElement;
  const announce = html`<p class="count" role="status" aria-live="polite"></p>` as HTMLElement;
  let rows: readonly T[] = [];
  const update = (): void => {
    rows = select();
    const number = options.count?.(rows) ?? rows.length;
    say(announce, `${count(number)} of ${plural(total, noun)}`);
    const none = total === 0 ? empty : `No ${pluralOf(noun)} pass these filters.`;
    drawAddressed(place, {caption, columns: columns(rows), rows, usualSort, state, empty: none});
  };
  const bar = filterBar(filters, state, () => {
    state.set({page: ""});
    update();
  });
  const save = (): void => {
    const shown = columns(rows);
    const ordered = sortRows(rows, shown, orderOf({usualSort, state, columns: shown}), workspaceCurrency());
    download(exportName(file), toCsv(csv, ordered));
  };
  update();
  return html`<div class="listing">
    ${total === 0 || filters.length === 0 ? "" : bar}
    <div class="listing-head">${announce}${options.action ?? ""}<button type="button" ${{onclick: save}} hidden=${total === 0}>Export CSV</button></div>
    ${place}
  </div>`;
}
