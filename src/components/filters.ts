import {html} from "htl";
import {words} from "../lib/format.js";

export function filterBar(fields: readonly HTMLElement[]): HTMLElement {
  return html`<form class="filters" role="search" aria-label="Filters" onsubmit=${(event: Event) => event.preventDefault()}>${fields}</form>`;
}

export function searchField(label: string, value: string, onChange: (value: string) => void): HTMLElement {
  return html`<label class="field">${label}<input type="search" value=${value} oninput=${(event: Event) => onChange((event.target as HTMLInputElement).value)}></label>`;
}

export function numberField(label: string, value: string, onChange: (value: string) => void): HTMLElement {
  return html`<label class="field">${label}<input type="number" min="0" step="any" inputmode="decimal" value=${value} oninput=${(event: Event) => onChange((event.target as HTMLInputElement).value)}></label>`;
}

export function selectField(
  label: string,
  options: readonly (readonly [value: string, label: string])[],
  value: string,
  onChange: (value: string) => void,
): HTMLElement {
  return html`<label class="field">${label}<select onchange=${(event: Event) => onChange((event.target as HTMLSelectElement).value)}>${options.map(
    ([option, text]) => html`<option value=${option} selected=${option === value}>${text}</option>`,
  )}</select></label>`;
}

export function toggle(label: string, isOn: boolean, onChange: (isOn: boolean) => void): HTMLElement {
  return html`<label class="check"><input type="checkbox" checked=${isOn} onchange=${(event: Event) => onChange((event.target as HTMLInputElement).checked)}> ${label}</label>`;
}

/** Several of a few values; none chosen means all. */
export function choices(
  label: string,
  values: readonly string[],
  chosen: readonly string[],
  onChange: (chosen: string[]) => void,
): HTMLElement {
  const selected = new Set(chosen.filter((value) => values.includes(value)));
  const summary = html`<summary></summary>`;
  const describe = (): void => {
    summary.textContent = selected.size === 0 ? `${label}: all` : `${label}: ${[...selected].map(words).join(", ")}`;
  };
  describe();
  return html`<details class="choices">${summary}<fieldset><legend class="visually-hidden">${label}</legend>${values.map(
    (value) =>
      toggle(words(value), selected.has(value), (isOn) => {
        if (isOn) selected.add(value);
        else selected.delete(value);
        describe();
        onChange([...selected]);
      }),
  )}</fieldset></details>`;
}
