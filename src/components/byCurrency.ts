import {html} from "htl";
import {inCurrencyOrder} from "../lib/currencyOrder.js";
import {plural} from "../lib/format.js";
import type {UrlState} from "../lib/urlState.js";
import {followAddress} from "./followAddress.js";

export interface CurrencyShare {
  readonly currency: string;
  /** How many clients have figures in it. */
  readonly clients: string;
}

/**
 * A page in one currency at a time, for amounts of two are never added: a button for each where there are several, and
 * what `draw` makes of the chosen one. The first in their order is the main one; the choice is kept in the address.
 */
export function byCurrency(
  given: readonly CurrencyShare[],
  state: UrlState,
  draw: (currency: string) => readonly Node[],
): HTMLElement {
  const list = inCurrencyOrder(given);
  const place = html`<div></div>` as HTMLElement;
  const main = list[0]?.currency ?? "";
  const show = (wanted: string): void => {
    const chosen = list.some(({currency}) => currency === wanted) ? wanted : main;
    place.replaceChildren(
      list.length > 1
        ? html`<div class="currencies" role="group" aria-label="Currency">${list.map(
            ({currency, clients}) =>
              html`<button type="button" aria-pressed=${String(currency === chosen)} ${{onclick: () => choose(currency)}}>${currency} <small>${plural(clients, "client")}</small></button>`,
          )}</div>`
        : "",
      ...draw(chosen),
    );
  };
  const choose = (currency: string): void => {
    state.push({currency: currency === main ? "" : currency, page: ""});
    show(currency);
    place.querySelector<HTMLElement>('.currencies [aria-pressed="true"]')?.focus();
  };
  followAddress(state, place, () => show(state.get("currency")));
  return place;
}
