import {html} from "htl";

/** How many of a list are drawn at first, and by each Show more. */
export const portion = 20;
/** The same of lists with a line or two a row: nobody reads thousands, which a browser draws anew with every letter of a search. */
export const linePortion = 100;

/** Puts rows into a list, a portion at a time. `shown` keeps by its name how far each list was opened, for when it is drawn again. */
export function inPortions<T>(
  list: HTMLElement,
  rows: readonly T[],
  item: (row: T) => Node,
  {name = "", shown = new Map(), size = portion}: {name?: string; shown?: Map<string, number>; size?: number} = {},
): Node[] {
  const show = (to: number): void => {
    list.append(...rows.slice(list.childElementCount, to).map(item));
    more.hidden = list.childElementCount === rows.length;
    shown.set(name, to);
  };
  const onclick = (): void => {
    const from = list.childElementCount;
    show(from + size);
    (list.children[from]?.querySelector<HTMLElement>("button, input, a") ?? list).focus();
  };
  const more = html`<button type="button" ${{onclick}}>Show more</button>` as HTMLButtonElement;
  show(shown.get(name) ?? size);
  return [list, more];
}
