import type {UrlState} from "../lib/urlState.js";
import {dataTable, focusPager, focusSort, type TableOptions} from "./dataTable.js";

interface Addressed<T> extends Pick<TableOptions<T>, "caption" | "columns" | "rows" | "empty"> {
  /** Until somebody sorts otherwise. */
  readonly usualSort: string;
  readonly state: UrlState;
}

/** The order that the address asks for, else the usual one. */
export function orderOf({usualSort, state}: Pick<Addressed<unknown>, "usualSort" | "state">): string {
  return state.get("sort") || usualSort;
}

/** Draws a table whose order and page are in the address, and again when somebody sorts it or turns a page. */
export function drawAddressed<T>(place: HTMLElement, options: Addressed<T>): void {
  const {usualSort, state, ...table} = options;
  const page = Number(state.get("page") || "1") - 1;
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
