import type {UrlState} from "../lib/urlState.js";

/** Draws a place as the address says, and anew whenever Back or Forward leads to another state of the page. */
export function followAddress(state: UrlState, place: HTMLElement, draw: () => void): void {
  draw();
  state.onReturn(() => {
    const hadFocus = place.contains(document.activeElement);
    draw();
    // Whoever goes back by keyboard goes on from there, not from the top of the page.
    if (hadFocus) place.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus({preventScroll: true});
  });
}
