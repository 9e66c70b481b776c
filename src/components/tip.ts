import {html} from "htl";
import {guideUrl} from "../lib/data.js";

export interface TipOptions {
  readonly label: Node | string;
  readonly explanation: Node | string;
  /** Where in the guide there is more. */
  readonly guide: string;
  readonly className?: string;
}

let made = 0;

interface OpenTip {
  readonly whole: HTMLElement;
  readonly button: HTMLElement;
  readonly note: HTMLElement;
  readonly hide: () => void;
}
let open: OpenTip | undefined;

/**
 * A word with an explanation that shows on hover, on focus and on touch, stays while it is pointed at, and goes with Escape.
 * It lies above everything, so that no scrolling table cuts it off.
 */
export function tip({label, explanation, guide, className = ""}: TipOptions): HTMLElement {
  made += 1;
  const id = `tip-${made}`;
  // Who presses its text, in Safari its link too, gives the focus to what is around it: were that the page, the note would go.
  const note = html`<span class="tip-note" popover="manual" tabindex="-1">
    <span role="tooltip" id=${id}>${explanation}</span> <a href=${guideUrl(guide)}>More in the guide</a>
  </span>` as HTMLElement;
  const button =
    html`<button type="button" class=${`mark ${className}`} aria-describedby=${id}>${label}</button>` as HTMLElement;
  const whole = html`<span class="tip">${button}${note}</span>` as HTMLElement;
  let leaving: ReturnType<typeof setTimeout> | undefined;

  const hide = (): void => {
    clearTimeout(leaving);
    if (open?.whole !== whole) return;
    open = undefined;
    note.toggleAttribute("data-open", false);
    note.hidePopover?.();
  };
  const show = (): void => {
    clearTimeout(leaving);
    if (open?.whole === whole) return;
    open?.hide();
    open = {whole, button, note, hide};
    note.toggleAttribute("data-open", true);
    note.showPopover?.();
    place(open);
  };

  whole.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse") show();
  });
  whole.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !whole.contains(document.activeElement)) leaving = setTimeout(hide, 200);
  });
  whole.addEventListener("focusin", show);
  whole.addEventListener("focusout", (event) => {
    if (!whole.contains(event.relatedTarget as Node | null)) hide();
  });
  button.addEventListener("click", show);
  return whole;
}

function place({note, button}: OpenTip): void {
  const {left, width, top, bottom} = button.getBoundingClientRect();
  const {width: noteWidth, height} = note.getBoundingClientRect();
  const x = Math.max(8, Math.min(left + width / 2 - noteWidth / 2, innerWidth - noteWidth - 8));
  const y = bottom + height + 12 > innerHeight && top > height + 12 ? top - height - 6 : bottom + 6;
  note.style.left = `${x}px`;
  note.style.top = `${y}px`;
}

if (typeof document !== "undefined") {
  const scrolled = (): void => {
    // The page scrolls to what gets the focus, and that is explained.
    if (open?.whole.contains(document.activeElement)) place(open);
    else open?.hide();
  };
  document.addEventListener("scroll", scrolled, {capture: true, passive: true});
  document.addEventListener("keydown", ({key}) => {
    if (key !== "Escape") return;
    if (open?.note.contains(document.activeElement)) open.button.focus();
    open?.hide();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof Element) || event.target.closest(".tip") === null) open?.hide();
  });
}
