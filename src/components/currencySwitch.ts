import {html} from "htl";

/** Amounts of several currencies are never added: one is looked at, and a button each leads to the others. */
export function currencySwitch(
  list: readonly {readonly currency: string; readonly note: string}[],
  chosen: string,
  choose: (currency: string) => void,
): Node {
  if (list.length < 2) return document.createTextNode("");
  return html`<div class="currencies" role="group" aria-label="Currency">${list.map(
    ({currency, note}) =>
      html`<button type="button" aria-pressed=${String(currency === chosen)} ${{onclick: () => choose(currency)}}>${currency} <small>${note}</small></button>`,
  )}</div>`;
}
