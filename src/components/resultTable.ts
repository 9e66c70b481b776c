import {html} from "htl";
import {count, plural} from "../lib/format.js";
import type {ResultSet} from "../lib/resultSet.js";

const rowHeight = 30;
/** Rows drawn above and below what is in sight. */
const spare = 10;

let made = 0;

/**
 * The rows of a query as a grid of which only what is in sight is drawn. It is one stop in the tab order; arrow keys, Page
 * Up and Down, Home and End move between cells (with Control: to the first and last row), Control-C copies one.
 */
export function resultTable(result: ResultSet): HTMLElement {
  made += 1;
  const prefix = `result-${made}`;
  const {columns, rowCount} = result;
  if (columns.length === 0) return html`<p class="empty">The statement gave no columns.</p>`;
  const tracks = `${String(rowCount).length + 3}ch ${columns.map((_, column) => `min(${widthOf(result, column)}ch, 50vw)`).join(" ")}`;
  const body =
    html`<div role="rowgroup" class="result-body" style=${`height: ${rowCount * rowHeight}px`}></div>` as HTMLElement;
  const grid =
    html`<div class="result-grid" role="grid" tabindex="0" aria-label=${`Rows of the query, ${plural(rowCount, "row")}`}
      aria-rowcount=${rowCount + 1} aria-colcount=${columns.length + 1} aria-readonly="true" style=${`--tracks: ${tracks}`}>
    <div role="rowgroup" class="result-head"><div role="row" aria-rowindex="1">
      <span role="columnheader" aria-colindex="1"><span class="visually-hidden">Row</span></span>
      ${columns.map(
        ({name, type, kind}, column) =>
          html`<span role="columnheader" aria-colindex=${column + 2} class=${kind} title=${`${name}, ${type}`}>${name}<small>${type}</small></span>`,
      )}
    </div></div>
    ${body}
  </div>` as HTMLElement;

  let active = {row: 0, column: 0};
  let drawn = {first: -1, last: -1};
  const inSight = (): number => Math.max(1, Math.floor((grid.clientHeight || 20 * rowHeight) / rowHeight) - 2);

  const draw = (isForced = false): void => {
    const first = Math.max(0, Math.floor(grid.scrollTop / rowHeight) - spare);
    const last = Math.min(rowCount - 1, first + inSight() + 2 * spare + 2);
    if (!isForced && first === drawn.first && last === drawn.last) return;
    drawn = {first, last};
    const rows = [];
    for (let row = first; row <= last; row++) rows.push(drawRow(row));
    body.replaceChildren(...rows);
    const cell = idOf(active.row, active.column);
    if (active.row >= first && active.row <= last) grid.setAttribute("aria-activedescendant", cell);
    else grid.removeAttribute("aria-activedescendant");
  };

  const idOf = (row: number, column: number): string => `${prefix}-${row}-${column}`;

  const drawRow = (row: number): HTMLElement => {
    const line = document.createElement("div");
    line.setAttribute("role", "row");
    line.setAttribute("aria-rowindex", String(row + 2));
    line.style.top = `${row * rowHeight}px`;
    const head = document.createElement("span");
    head.setAttribute("role", "rowheader");
    head.setAttribute("aria-colindex", "1");
    head.textContent = count(row + 1);
    line.append(head);
    for (const [column, {kind}] of columns.entries()) {
      const cell = document.createElement("span");
      const text = result.text(row, column);
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", String(column + 2));
      cell.id = idOf(row, column);
      cell.className = text === null ? `${kind} null` : kind;
      cell.textContent = text ?? "null";
      if (text !== null && text.length > 20) cell.title = text;
      cell.classList.toggle("active", row === active.row && column === active.column);
      line.append(cell);
    }
    return line;
  };

  const move = (row: number, column: number): void => {
    active = {
      row: Math.max(0, Math.min(row, rowCount - 1)),
      column: Math.max(0, Math.min(column, columns.length - 1)),
    };
    const top = active.row * rowHeight;
    const room = inSight() * rowHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + rowHeight > grid.scrollTop + room) grid.scrollTop = top + rowHeight - room;
    draw(true);
    const cell = body.querySelector<HTMLElement>(`#${idOf(active.row, active.column)}`);
    cell?.scrollIntoView?.({block: "nearest", inline: "nearest"});
  };

  grid.addEventListener("scroll", () => draw(), {passive: true});
  grid.addEventListener("keydown", (event) => {
    const {row, column} = active;
    const whole = event.ctrlKey || event.metaKey;
    const target: [number, number] | undefined = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [row + inSight(), column],
      PageUp: [row - inSight(), column],
      Home: [whole ? 0 : row, 0],
      End: [whole ? rowCount - 1 : row, columns.length - 1],
    }[event.key] as [number, number] | undefined;
    if (target === undefined || rowCount === 0) return;
    event.preventDefault();
    move(...target);
  });
  body.addEventListener("click", (event) => {
    const [, row, column] = /-(\d+)-(\d+)$/.exec((event.target as HTMLElement).id) ?? [];
    if (row !== undefined) move(Number(row), Number(column));
  });
  copyFrom(grid, () => result.text(active.row, active.column) ?? "");
  draw(true);
  // Its height is known once it stands on the page.
  if (typeof ResizeObserver !== "undefined") new ResizeObserver(() => draw()).observe(grid);
  return grid;
}

/** Has copying take a text where nothing is selected. A page over plain HTTP gets no clipboard, but is told of copying. */
function copyFrom(grid: HTMLElement, text: () => string): void {
  const isMeant = (): boolean => document.activeElement === grid && document.getSelection()?.isCollapsed !== false;
  const copy = (event: ClipboardEvent): void => {
    if (!isMeant()) return;
    event.clipboardData?.setData("text/plain", text());
    event.preventDefault();
  };
  // Else Safari copies nothing where nothing is selected, and tells nobody.
  const offer = (event: Event): void => {
    if (isMeant()) event.preventDefault();
  };
  grid.addEventListener("focus", () => {
    document.addEventListener("copy", copy);
    document.addEventListener("beforecopy", offer);
  });
  grid.addEventListener("blur", () => {
    document.removeEventListener("copy", copy);
    document.removeEventListener("beforecopy", offer);
  });
}

/** In characters: the name, its type, and what the first rows hold, within reason. */
function widthOf(result: ResultSet, column: number): number {
  const {name, type, kind} = result.columns[column] as ResultSet["columns"][number];
  let longest = Math.max(name.length, type.length * 0.85);
  for (let row = 0; row < Math.min(result.rowCount, 60); row++) {
    longest = Math.max(longest, (result.text(row, column) ?? "null").length);
  }
  // Digits of one width are as wide as characters get.
  return Math.min(Math.ceil(kind === "text" ? longest * 0.9 : longest), 44) + 3;
}
