import {pageOf, type UrlState} from "../lib/urlState.js";
import {dataTable, focusPager, focusSort, type TableOptions} from "./dataTable.js";

interface Addressed<T> extends Pick<TableOptions<T>, "caption" | "columns" | "rows" | "empty"> {
  /** Until somebody sorts otherwise. */
  readonly usualSort: string;
  readonly state: UrlState;
}

/** The order that the address asks for if there is such a one, else the usual one. */
export function orderOf<T>({usualSort, state, columns}: Pick<Addressed<T>, "usualSort" | "state" | "columns">): string {
  const asked = state.get("sort");
  const column = columns.find(({key}) => key === asked.replace(/^-/, ""));
  return column === undefined || column.isAction ? usualSort : asked;
}

/** Draws a table whose order and page are in the address, and again when somebody sorts it or turns a page. */
export function drawAddressed<T>(place: HTMLElement, options: Addressed<T>): void {
  const {usualSort, state, ...table} = options;
  const page = pageOf(state);
  place.replaceChildren(
    dataTable({
      ...table,
      sort: orderOf(options),
      page,
      onSort: (next) => {
        state.set({sort: next === usualSort ? "" : next, page: ""});
        drawAddressed(place, options);
        focusSort(place, next);
      },
      onPage: (next) => {
        state.set({page: next === 0 ? "" : String(next + 1)});
        drawAddressed(place, options);
        place.scrollIntoView?.({block: "nearest"});
        focusPager(place, next > page);
      },
    }),
  );
}
