import type {UrlState} from "../lib/urlState.js";

/** Draws a place as the address says, and anew whenever Back or Forward leads to another state of the page. */
export function followAddress(state: UrlState, place: HTMLElement, draw: () => void): void {
  draw();
  state.onReturn(() => {
    const hadFocus = place.contains(document.activeElement);
    draw();
    if (!hadFocus) return;
    // Whoever goes back by keyboard goes on from there, not from the top of the page. What was read before is drawn a moment later.
    setTimeout(() => {
      const chosen = (mark: string): HTMLElement | null => place.querySelector(mark);
      const target = chosen('[role="tab"][aria-selected="true"]') ?? chosen('[aria-pressed="true"]');
      target?.focus({preventScroll: true});
    });
  });
}
