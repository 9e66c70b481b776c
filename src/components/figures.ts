import {html} from "htl";

export interface Figure {
  readonly label: Node | string;
  readonly value: Node | string;
  readonly note?: Node | string;
  /** A link to how it came about. */
  readonly explain?: Node;
  /** `under` and `over` take their colours; they always carry a sign as well. */
  readonly tone?: "under" | "over" | "plain";
}

/** The figures at the top of a page. */
export function figures(list: readonly Figure[]): HTMLElement {
  const most = Math.max(1, ...list.map(({value}) => longestWord(value)));
  return html`<dl class="figures" style=${{"--characters": String(most)}}>${list.map(
    ({label, value, note, explain, tone = "plain"}) =>
      html`<div class=${`figure figure-${tone}`}>
        <dt>${label}</dt>
        <dd>${value}</dd>
        ${note === undefined && explain === undefined ? "" : html`<dd class="note">${note ?? ""}${explain === undefined ? "" : html` <span class="explain">${explain}</span>`}</dd>`}
      </div>`,
  )}</dl>`;
}

/** How many characters have to fit beside each other: with large amounts, figures are set smaller rather than cut off. */
function longestWord(value: Node | string): number {
  const words = (typeof value === "string" ? value : (value.textContent ?? "")).split(/\s+/);
  return Math.max(...words.map(({length}) => length));
}
