import {html} from "htl";
import {workspaceCurrency} from "../lib/data.js";
import {count} from "../lib/format.js";
import {currenciesApart, type SortColumn, sortRows} from "../lib/sortRows.js";
import {cutOff, mostOnPaper, onPaper} from "./onPaper.js";

export interface TableColumn<T> extends SortColumn<T> {
  readonly label: string;
  /** What to know of its figures, below the label. */
  readonly note?: string;
  /** Numbers stand right-aligned, and sort from the largest first. */
  readonly isNumber?: boolean;
  /** Text that may break into several lines. */
  readonly isLong?: boolean;
  /** Where the page is narrow, it stands next to the first column. */
  readonly comesFirst?: boolean;
  /** Something to do about a row: nothing to sort by. */
  readonly isAction?: boolean;
  readonly render: (row: T) => Node | string;
  readonly foot?: Node | string;
}

export interface TableOptions<T> {
  readonly caption: string;
  readonly columns: readonly TableColumn<T>[];
  readonly rows: readonly T[];
  /** Column key, with a minus before it for descending. */
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly page: number;
  readonly onPage: (page: number) => void;
  readonly pageSize?: number;
  readonly empty: string;
}

/** A plain table: sort buttons in its header, totals in its foot, one page of rows at a time, but all of them on paper. */
export function dataTable<T>(options: TableOptions<T>): HTMLElement {
  const {rows, empty, pageSize = 50} = options;
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const element = html`<div>${pageOf({...options, pageSize})}</div>` as HTMLElement;
  onPaper(element, () => [
    ...cutOff(
      rows.length,
      `${hasFoot(options.columns) ? "Totals are of all of them. " : ""}The file of Export CSV has all.`,
    ),
    ...pageOf({...options, page: 0, pageSize: mostOnPaper, isOnPaper: true}),
  ]);
  return element;
}

function pageOf<T>(options: TableOptions<T> & {readonly pageSize: number; readonly isOnPaper?: boolean}): Node[] {
  const {caption, rows, sort, onSort, page, onPage, pageSize, isOnPaper = false} = options;
  const columns = isNarrow() ? inOrder(options.columns) : options.columns;
  const pages = Math.ceil(rows.length / pageSize);
  const current = Math.max(0, Math.min(page, pages - 1));
  const mainCurrency = workspaceCurrency();
  const apart = currenciesApart(rows, columns, sort, mainCurrency);
  const shown = sortRows(rows, columns, sort, mainCurrency).slice(current * pageSize, (current + 1) * pageSize);
  // Below one page of several, a total would be taken for that page's.
  const reach = pages > 1 && !isOnPaper ? html`<small>of all ${count(rows.length)} rows</small>` : "";
  const table = html`<table>
    <caption class="visually-hidden">${caption}</caption>
    <thead><tr>${columns.map((column) => header(column, sort, isOnPaper ? null : onSort))}</tr></thead>
    <tbody>${shown.map((row) => html`<tr>${columns.map((column, index) => cell(column, index, column.render(row)))}</tr>`)}</tbody>
    ${hasFoot(columns) ? html`<tfoot><tr>${columns.map((column, index) => cell(column, index, html`${footOf(column)}${index === 0 ? reach : ""}`))}</tr></tfoot>` : ""}
  </table>` as HTMLTableElement;
  explainOnce(table);
  const region =
    html`<div class="table-scroll" role="region" aria-label=${caption} tabindex="0">${table}</div>` as HTMLElement;
  // What scrolls sideways cannot keep its head in sight: a style for what fits, and only a measure tells.
  if (typeof ResizeObserver === "function") {
    new ResizeObserver(() => region.classList.toggle("fits", table.offsetWidth <= region.clientWidth)).observe(region);
  }
  return [
    ...(apart.length === 0
      ? []
      : [html`<p class="sort-note">Amounts are sorted within each currency: ${apart.join(", then ")}.</p>`]),
    region,
    ...(pages > 1 && !isOnPaper ? [pager({current, pages, pageSize, total: rows.length, onPage})] : []),
  ];
}

/** By keyboard the same word with the same explanation is one stop: of a work list it would be four in every row. */
function explainOnce(table: HTMLTableElement): void {
  const explained = new Set<string>();
  for (const mark of table.querySelectorAll<HTMLElement>("tbody .tip > .mark")) {
    const said = mark.parentElement?.textContent ?? "";
    if (explained.has(said)) mark.tabIndex = -1;
    explained.add(said);
  }
}

function hasFoot<T>(columns: readonly TableColumn<T>[]): boolean {
  return columns.some(({foot}) => foot !== undefined);
}

/** A copy: the table of the screen keeps its own while another is on paper. */
function footOf<T>({foot = ""}: TableColumn<T>): Node | string {
  return typeof foot === "string" ? foot : foot.cloneNode(true);
}

/** As wide as a phone. */
function isNarrow(): boolean {
  return typeof matchMedia === "function" && matchMedia("(max-width: 520px)").matches;
}

function inOrder<T>(columns: readonly TableColumn<T>[]): TableColumn<T>[] {
  const place = (column: TableColumn<T>, index: number): number => (index === 0 ? 0 : column.comesFirst ? 1 : 2);
  return columns
    .map((column, index) => ({column, place: place(column, index)}))
    .sort((a, b) => a.place - b.place)
    .map(({column}) => column);
}

function cell<T>({isNumber, isLong, isAction}: TableColumn<T>, index: number, content: Node | string): HTMLElement {
  const className = [isNumber ? "number" : "", isLong ? "long" : "", isAction ? "action" : ""].join(" ").trim();
  // Made directly: a template is parsed for every cell, which takes half of the time of a change of filters.
  const made = document.createElement(index === 0 ? "th" : "td");
  if (index === 0) made.setAttribute("scope", "row");
  made.className = className;
  made.append(content);
  return made;
}

/** Without something to sort by it has no button: of those, Chromium leaves empty what it repeats on every sheet of paper. */
function header<T>(column: TableColumn<T>, sort: string, onSort: ((sort: string) => void) | null): HTMLElement {
  const {key, label, note, isNumber, isAction} = column;
  if (isAction) return html`<th scope="col" class="action">${label}</th>`;
  const isSorted = sort === key || sort === `-${key}`;
  const isDescending = sort.startsWith("-");
  const isNext = isSorted ? !isDescending : isNumber;
  const order = isSorted ? (isDescending ? "descending" : "ascending") : null;
  const arrow = order === null ? "" : isDescending ? "↓" : "↑";
  return html`<th scope="col" aria-sort=${order} class=${isNumber ? "number" : ""}>${
    onSort === null
      ? `${label} ${arrow}`
      : html`<button type="button" data-sort=${key} ${{onclick: () => onSort(isNext ? `-${key}` : key)}}>${label}<span aria-hidden="true" class="arrow">${arrow}</span></button>`
  }${note === undefined ? "" : html`<small>${note}</small>`}</th>`;
}

/** After the rows were sorted: on the button that sorted them. */
export function focusSort(place: HTMLElement, sort: string): void {
  place.querySelector<HTMLElement>(`[data-sort="${sort.replace(/^-/, "")}"]`)?.focus();
}

/** After a page was turned: on the button that turned it, or on the other one where there is no further page. */
export function focusPager(place: HTMLElement, isForward: boolean): void {
  const button = (selector: string): HTMLElement | null => place.querySelector(`${selector}:not([disabled])`);
  (button(`[data-page="${isForward ? "next" : "previous"}"]`) ?? button("[data-page]"))?.focus();
}

let made = 0;

function pager(options: {
  current: number;
  pages: number;
  pageSize: number;
  total: number;
  onPage: (page: number) => void;
}): HTMLElement {
  const {current, pages, pageSize, total, onPage} = options;
  made += 1;
  const id = `rows-shown-${made}`;
  return html`<nav class="pager" aria-label="Pages of the table">
    <button type="button" data-page="previous" aria-describedby=${id} disabled=${current === 0} ${{onclick: () => onPage(current - 1)}}>Previous</button>
    <span id=${id}>${count(current * pageSize + 1)}–${count(Math.min(total, (current + 1) * pageSize))} of ${count(total)} rows</span>
    <button type="button" data-page="next" aria-describedby=${id} disabled=${current === pages - 1} ${{onclick: () => onPage(current + 1)}}>Next</button>
  </nav>`;
}
