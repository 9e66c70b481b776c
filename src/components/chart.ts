import {html} from "htl";
import {fitted} from "./chartFrame.js";

export interface ChartOptions {
  readonly title: string;
  readonly legend?: Node;
  /** Draws it in so many pixels. */
  readonly draw: (width: number) => Element;
  /** The same data as a table. */
  readonly table: Node;
}

/** A drawing that follows the width of its place, with the same data as a table below it. */
export function chart({title, legend, draw, table}: ChartOptions): HTMLElement {
  const drawn = (width: number): Element => {
    const drawing = draw(width);
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", `${title}: the table below has the same data`);
    for (const group of drawing.querySelectorAll("[aria-label]")) group.removeAttribute("aria-label");
    return drawing;
  };
  return html`<section class="chart"><h3>${title}</h3>
    ${legend ?? ""}
    ${fitted(drawn)}
    <details><summary>As a table</summary>${table}</details>
  </section>`;
}
