import {html} from "htl";
import {count} from "../lib/format.js";

/** More rows would take a browser long to lay out, and nobody reads a hundred pages. */
export const mostOnPaper = 2000;

/** What stands above the rows of paper where they are not all, and where the others are. */
export function cutOff(total: number, others: string): Node[] {
  if (total <= mostOnPaper) return [];
  return [html`<p class="cut-off">The first ${count(mostOnPaper)} of ${count(total)} rows. ${others}</p>`];
}

const drawings = new WeakMap<Element, () => readonly Node[]>();
const screens = new Map<Element, {nodes: readonly Node[]; focused: Element | null}>();

/** What an element holds on paper. It is made when printing begins; what it held on the screen comes back afterwards. */
export function onPaper(element: HTMLElement, draw: () => readonly Node[]): void {
  element.dataset.paper = "";
  drawings.set(element, draw);
}

function showPaper(): void {
  for (const element of document.querySelectorAll("[data-paper]")) {
    const draw = drawings.get(element);
    if (draw === undefined || screens.has(element)) continue;
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    screens.set(element, {nodes: [...element.childNodes], focused});
    element.replaceChildren(...draw());
  }
}

function showScreen(): void {
  for (const [element, {nodes, focused}] of screens) {
    element.replaceChildren(...nodes);
    if (focused instanceof HTMLElement) focused.focus({preventScroll: true});
  }
  screens.clear();
}

if (typeof window !== "undefined") {
  window.addEventListener("beforeprint", showPaper);
  window.addEventListener("afterprint", showScreen);
}
