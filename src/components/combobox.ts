import {html} from "htl";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly note?: string;
}

export interface ComboboxOptions {
  readonly label: string;
  readonly choices: readonly Choice[];
  /** The value that is chosen at first; empty for none. */
  readonly value?: string;
  readonly placeholder?: string;
  readonly onChoose: (value: string) => void;
}

const shown = 30;
let made = 0;

/**
 * A text field that suggests as somebody types, after the ARIA pattern of an editable combobox: arrows move through the
 * suggestions, Enter takes one, Escape closes them, then clears the field.
 */
export function combobox({label, choices, value = "", placeholder = "", onChoose}: ComboboxOptions): HTMLElement {
  made += 1;
  const id = `combobox-${made}`;
  const labelOf = (wanted: string): string => choices.find((choice) => choice.value === wanted)?.label ?? wanted;
  // What scrolls is a stop of Tab in Chromium, unless it says that it is none.
  const list = html`<ul role="listbox" id=${`${id}-list`} aria-label=${label} hidden tabindex="-1" ${{
    // Else the field loses its focus and closes the list before the pointer lets go.
    onmousedown: (event: Event) => event.preventDefault(),
  }}></ul>` as HTMLElement;
  const input =
    html`<input id=${id} type="text" role="combobox" autocomplete="off" aria-autocomplete="list" aria-expanded="false"
    aria-controls=${list.id} placeholder=${placeholder} value=${value === "" ? "" : labelOf(value)}>` as HTMLInputElement;
  let found: readonly Choice[] = [];
  let current = -1;
  let chosen = value;

  const close = (): void => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    current = -1;
  };
  const point = (index: number): void => {
    current = index;
    for (const [place, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(place === index));
      if (place === index) option.scrollIntoView?.({block: "nearest"});
    }
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${id}-${index}`);
  };
  const choose = (choice: Choice): void => {
    chosen = choice.value;
    input.value = choice.label;
    close();
    onChoose(choice.value);
  };
  const open = (search: string): void => {
    found = search === "" ? choices.slice(0, shown) : matching(choices, search).slice(0, shown);
    list.replaceChildren(
      ...(found.length === 0
        ? [html`<li class="quiet" role="option" aria-disabled="true" aria-selected="false">Nothing fits.</li>`]
        : found.map(
            (choice, index) =>
              html`<li role="option" id=${`${id}-${index}`} aria-selected="false" ${{onclick: () => choose(choice)}}><bdi>${choice.label}</bdi>${choice.note === undefined ? "" : html`<small>${choice.note}</small>`}</li>`,
          )),
    );
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    point(search !== "" && found.length > 0 ? 0 : -1);
  };
  input.addEventListener("input", () => {
    if (input.value === "" && chosen !== "") {
      chosen = "";
      onChoose("");
    }
    open(input.value);
  });
  input.addEventListener("click", () => {
    if (list.hidden) open("");
  });
  input.addEventListener("blur", () => {
    close();
    input.value = chosen === "" ? "" : labelOf(chosen);
  });
  input.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) open(input.value === labelOf(chosen) ? "" : input.value);
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (found.length > 0) point((Math.max(current, step === 1 ? -1 : 0) + step + found.length) % found.length);
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      const choice = found[current];
      if (choice !== undefined) choose(choice);
    } else if (event.key === "Escape" && (isOpen || input.value !== "")) {
      event.preventDefault();
      if (isOpen) {
        close();
      } else {
        input.value = "";
        chosen = "";
        onChoose("");
      }
    }
  });
  return html`<div class="combobox"><label for=${id}>${label}</label>${input}${list}</div>`;
}

/** Choices that hold what is searched for, those that begin with it first. */
function matching(choices: readonly Choice[], search: string): Choice[] {
  const wanted = plain(search);
  const starts: Choice[] = [];
  const holds: Choice[] = [];
  for (const choice of choices) {
    const label = plain(choice.label);
    if (label.startsWith(wanted)) starts.push(choice);
    else if (label.includes(wanted) || plain(choice.value).includes(wanted)) holds.push(choice);
  }
  return [...starts, ...holds];
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
