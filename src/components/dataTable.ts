import {html} from "htl";

export interface TableColumn<T> {
  readonly key: string;
  readonly label: string;
  /** Numbers stand right-aligned. */
  readonly isNumber?: boolean;
  readonly render: (row: T) => Node | string;
  /** What sorting compares; the rendered text unless given. Null sorts last. */
  readonly sortValue?: (row: T) => number | string | null;
  readonly foot?: Node | string;
}

export interface TableOptions<T> {
  readonly caption: string;
  readonly columns: readonly TableColumn<T>[];
  readonly rows: readonly T[];
  /** Column key, with a minus before it for descending. */
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly page?: number;
  readonly onPage?: (page: number) => void;
  readonly pageSize?: number;
  readonly empty: string;
}

/** A plain table: sort buttons in its header, totals in its foot, one page of rows at a time. */
export function dataTable<T>(options: TableOptions<T>): HTMLElement {
  const {caption, columns, rows, sort, onSort, page = 0, onPage, pageSize = 100, empty} = options;
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const ordered = sortRows(rows, columns, sort);
  const pages = Math.ceil(ordered.length / pageSize);
  const current = Math.min(page, pages - 1);
  const shown = ordered.slice(current * pageSize, (current + 1) * pageSize);
  const hasFoot = columns.some((column) => column.foot !== undefined);
  return html`<div>
    <div class="table-scroll" role="region" aria-label=${caption} tabindex="0">
      <table>
        <caption class="visually-hidden">${caption}</caption>
        <thead><tr>${columns.map((column) => header(column, sort, onSort))}</tr></thead>
        <tbody>${shown.map(
          (row) =>
            html`<tr>${columns.map((column, index) =>
              index === 0
                ? html`<th scope="row" class=${column.isNumber ? "number" : ""}>${column.render(row)}</th>`
                : html`<td class=${column.isNumber ? "number" : ""}>${column.render(row)}</td>`,
            )}</tr>`,
        )}</tbody>
        ${
          hasFoot
            ? html`<tfoot><tr>${columns.map((column, index) =>
                index === 0
                  ? html`<th scope="row">${column.foot ?? ""}</th>`
                  : html`<td class=${column.isNumber ? "number" : ""}>${column.foot ?? ""}</td>`,
              )}</tr></tfoot>`
            : ""
        }
      </table>
    </div>
    ${pages > 1 && onPage !== undefined ? pager(current, pages, onPage) : ""}
  </div>`;
}

function header<T>(column: TableColumn<T>, sort: string, onSort: (sort: string) => void): HTMLElement {
  const isSorted = sort === column.key || sort === `-${column.key}`;
  const isDescending = sort.startsWith("-");
  const order = isSorted ? (isDescending ? "descending" : "ascending") : "none";
  const next =
    isSorted && isDescending
      ? column.key
      : isSorted
        ? `-${column.key}`
        : column.isNumber
          ? `-${column.key}`
          : column.key;
  return html`<th scope="col" aria-sort=${order} class=${column.isNumber ? "number" : ""}>
    <button type="button" data-sort=${column.key} onclick=${() => onSort(next)}>${column.label}<span aria-hidden="true" class="arrow">${
      isSorted ? (isDescending ? "↓" : "↑") : ""
    }</span></button>
  </th>`;
}

function pager(page: number, pages: number, onPage: (page: number) => void): HTMLElement {
  return html`<nav class="pager" aria-label="Pages of the table">
    <button type="button" disabled=${page === 0} onclick=${() => onPage(page - 1)}>Previous</button>
    <span>Page ${page + 1} of ${pages}</span>
    <button type="button" disabled=${page === pages - 1} onclick=${() => onPage(page + 1)}>Next</button>
  </nav>`;
}

/** The rows in the order that a table shows and exports them. */
export function sortRows<T>(rows: readonly T[], columns: readonly TableColumn<T>[], sort: string): T[] {
  const isDescending = sort.startsWith("-");
  const column = columns.find(({key}) => key === sort.replace("-", ""));
  if (column === undefined) return [...rows];
  const value = column.sortValue ?? ((row: T) => String(column.render(row)));
  return rows
    .map((row, index) => ({row, index, value: value(row)}))
    .sort((a, b) => {
      if (a.value === b.value) return a.index - b.index;
      if (a.value === null) return 1;
      if (b.value === null) return -1;
      const order = a.value < b.value ? -1 : 1;
      return isDescending ? -order : order;
    })
    .map(({row}) => row);
}
