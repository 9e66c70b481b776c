import {html} from "htl";

export interface ChartOptions {
  readonly title: string;
  readonly legend?: Node;
  readonly note?: string;
  /** Draws it in so many pixels. */
  readonly draw: (width: number) => Element;
  readonly width?: number;
  /** The same data as a table. */
  readonly table: Node;
}

/** A drawing that follows the width of its place, with the same data as a table below it. */
export function chart({title, legend, note, draw, width = 620, table}: ChartOptions): HTMLElement {
  const place = html`<div class="plot"></div>` as HTMLElement;
  let current = 0;
  const resize = (space: number): void => {
    if (Math.abs(space - current) < 8) return;
    current = space;
    const drawing = draw(space);
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", `${title}: the table below has the same data`);
    for (const group of drawing.querySelectorAll("[aria-label]")) group.removeAttribute("aria-label");
    place.replaceChildren(drawing);
  };
  resize(width);
  if (typeof ResizeObserver !== "undefined") {
    new ResizeObserver(([entry]) => resize(Math.floor(entry?.contentRect.width ?? 0) || width)).observe(place);
  }
  return html`<section class="chart"><h3>${title}</h3>
    ${legend ?? ""}
    ${note === undefined ? "" : html`<p class="quiet">${note}</p>`}
    ${place}
    <details><summary>As a table</summary>${table}</details>
  </section>`;
}
