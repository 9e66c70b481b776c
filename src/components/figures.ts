import {html} from "htl";

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  readonly tone?: "under" | "over" | "plain";
}

/** The figures at the top of a page. */
export function figures(list: readonly Figure[]): HTMLElement {
  return html`<dl class="figures">${list.map(
    ({label, value, note, tone = "plain"}) =>
      html`<div class=${`figure-${tone}`}><dt>${label}</dt><dd>${value}${note === undefined ? "" : html`<small>${note}</small>`}</dd></div>`,
  )}</dl>`;
}
