import {html} from "htl";

export interface Tab {
  readonly id: string;
  readonly label: string;
  /** Made when the tab is first opened. */
  readonly content: () => Node;
}

/** Tabs that follow the ARIA pattern: arrow keys move between them, only the open one is in the tab order. */
export function tabs(label: string, list: readonly Tab[], open: string, onOpen: (id: string) => void): HTMLElement {
  const made = new Set<string>();
  const buttons = list.map(
    (tab) =>
      html`<button type="button" role="tab" id=${`tab-${tab.id}`} aria-controls=${`panel-${tab.id}`}>${tab.label}</button>`,
  ) as HTMLButtonElement[];
  const panels = list.map(
    (tab) => html`<div role="tabpanel" id=${`panel-${tab.id}`} aria-labelledby=${`tab-${tab.id}`}></div>`,
  ) as HTMLElement[];
  const select = (index: number, isMoved: boolean): void => {
    const tab = list[index];
    if (tab === undefined) return;
    buttons.forEach((button, position) => {
      button.setAttribute("aria-selected", String(position === index));
      button.tabIndex = position === index ? 0 : -1;
    });
    panels.forEach((panel, position) => {
      panel.hidden = position !== index;
    });
    if (!made.has(tab.id)) {
      made.add(tab.id);
      panels[index]?.append(tab.content());
    }
    if (isMoved) {
      buttons[index]?.focus();
      onOpen(tab.id);
    }
  };
  buttons.forEach((button, index) => {
    button.addEventListener("click", () => select(index, true));
    button.addEventListener("keydown", (event) => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (step !== undefined) select((index + step + list.length) % list.length, true);
      if (event.key === "Home") select(0, true);
      if (event.key === "End") select(list.length - 1, true);
    });
  });
  select(
    Math.max(
      0,
      list.findIndex((tab) => tab.id === open),
    ),
    false,
  );
  return html`<div class="tabs"><div role="tablist" aria-label=${label}>${buttons}</div>${panels}</div>`;
}
