import {html} from "htl";

export interface Tab {
  readonly id: string;
  readonly label: string;
  /** Made whenever the tab is opened. */
  readonly content: () => Node;
}

/** Tabs that follow the ARIA pattern: arrow keys move between them, only the open one is in the tab order. */
export function tabs(label: string, list: readonly Tab[], open: string, onOpen: (id: string) => void): HTMLElement {
  const buttons = list.map(
    (tab) =>
      html`<button type="button" role="tab" id=${`tab-${tab.id}`} aria-controls=${`panel-${tab.id}`}>${tab.label}</button>`,
  ) as HTMLButtonElement[];
  const panels = list.map(
    (tab) =>
      html`<div role="tabpanel" id=${`panel-${tab.id}`} aria-labelledby=${`tab-${tab.id}`} data-label=${tab.label} tabindex="-1"></div>`,
  ) as HTMLElement[];
  let current = -1;
  const show = (index: number): void => {
    current = index;
    for (const [position, button] of buttons.entries()) {
      button.setAttribute("aria-selected", String(position === index));
      button.tabIndex = position === index ? 0 : -1;
    }
    for (const [position, panel] of panels.entries()) {
      panel.hidden = position !== index;
      if (position === index) panel.replaceChildren((list[index] as Tab).content());
      else panel.replaceChildren();
    }
  };
  const select = (index: number): void => {
    buttons[index]?.focus();
    if (index === current) return;
    onOpen((list[index] as Tab).id);
    show(index);
  };
  for (const [index, button] of buttons.entries()) {
    button.addEventListener("click", () => select(index));
    button.addEventListener("keydown", (event) => {
      const target = {
        ArrowRight: (index + 1) % list.length,
        ArrowLeft: (index + list.length - 1) % list.length,
        Home: 0,
        End: list.length - 1,
      }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      select(target);
    });
  }
  const row = html`<div role="tablist" aria-label=${label}>${buttons}</div>` as HTMLElement;
  const wanted = Math.max(
    list.findIndex(({id}) => id === open),
    0,
  );
  show(wanted);
  // On a narrow screen the open one may lie out of sight. Only the row moves, never the page.
  setTimeout(() => {
    const button = buttons[wanted];
    if (button) row.scrollLeft = button.offsetLeft - row.offsetLeft - (row.clientWidth - button.offsetWidth) / 2;
  });
  return html`<div class="tabs">${row}${panels}</div>`;
}
