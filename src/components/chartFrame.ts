import {html, svg} from "htl";
import {inTwoLines} from "./labelRoom.js";

/**
 * A chart drawn as wide as its place, and anew whenever that changes. Where there is no layout, as in a test, it has the given
 * width.
 */
export function fitted(draw: (width: number) => Element, width = 620): HTMLElement {
  const place = html`<div class="plot"></div>` as HTMLElement;
  let current = 0;
  const redraw = (space: number): void => {
    if (Math.abs(space - current) < 8) return;
    current = space;
    place.replaceChildren(draw(space));
  };
  if (typeof ResizeObserver === "undefined") {
    redraw(width);
    return place;
  }
  // That observer tells a width only once the page is laid out, and what stands below an empty place would then jump.
  const placed = new MutationObserver(() => {
    if (!place.isConnected) return;
    placed.disconnect();
    const space = Math.floor(place.getBoundingClientRect().width);
    if (space > 0) redraw(space);
  });
  placed.observe(document, {childList: true, subtree: true});
  new ResizeObserver(([entry]) => redraw(Math.floor(entry?.contentRect.width ?? 0) || width)).observe(place);
  return place;
}

/** Names as they fit beside a chart, by id: on two lines where one is too short, as many begin alike. */
export function shortNames(
  rows: readonly {readonly id: string; readonly label: string}[],
  width: number,
): Map<string, string> {
  return new Map(rows.map(({id, label}) => [id, inTwoLines(label, width)]));
}

/** Pixels for a bar and its name. On a phone most names take two lines, which need more to stand apart from the next. */
export function rowHeight(names: ReadonlyMap<string, string>, width: number): number {
  return width < 560 && [...names.values()].some((name) => name.includes("\n")) ? 34 : 26;
}

/**
 * Makes a plot a group with a name, its links named by what they stand for and reachable by keyboard; what is only drawn is
 * hidden from screen readers, for the table below says the same.
 */
export function nameChart(chart: Element, name: string): Element {
  chart.setAttribute("role", "group");
  chart.setAttribute("aria-label", name);
  for (const link of chart.querySelectorAll("a")) {
    const shape = link.querySelector("[aria-label]");
    const name = shape?.getAttribute("aria-label") ?? "";
    link.setAttribute("aria-label", name);
    shape?.removeAttribute("aria-label");
    // For whoever points at it. Screen readers have the name, and would read it twice.
    link.addEventListener("pointerenter", () => link.prepend(svg`<title>${name}</title>`), {once: true});
  }
  for (const group of chart.querySelectorAll("g[aria-label]")) {
    group.removeAttribute("aria-label");
    if (group.querySelector("a") === null) group.setAttribute("aria-hidden", "true");
  }
  return chart;
}

let made = 0;

/** The pattern of overbilled, which differs from underbilled by more than its colour. */
export function overHatch(): {readonly defs: Element; readonly fill: string} {
  made += 1;
  const id = `hatch-${made}`;
  const defs = svg`<defs><pattern id=${id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect width="6" height="6" style="fill: var(--over-soft)"></rect><rect width="2.4" height="6" style="fill: var(--over)"></rect></pattern></defs>`;
  return {defs, fill: `url(#${id})`};
}
