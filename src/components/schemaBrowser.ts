import {html} from "htl";
import {plural} from "../lib/format.js";
import type {SqlTable} from "../lib/sqlLanguage.js";
import {say} from "./say.js";

const groups: readonly (readonly [string, string, string])[] = [
  ["mart", "Marts", "What Trueup worked out."],
  ["lake", "Canonical tables", "What the connections delivered, of the last good sync."],
  ["mapping", "Decisions", "What people decided, where no mart repeats it."],
];

/** Every table and column with what it means. A click puts the name into the editor. */
export function schemaBrowser(tables: readonly SqlTable[], onPick: (name: string) => void): HTMLElement {
  const sections = groups.map(([kind, title, description]): HTMLElement => {
    const own = tables.filter((table) => table.kind === kind);
    return html`<section><h2>${title}</h2><p class="quiet">${description}</p>${own.map((table) => entry(table, onPick))}</section>`;
  });
  const said = html`<p class="quiet" role="status"></p>` as HTMLElement;
  const search = (event: Event): void => {
    const wanted = (event.target as HTMLInputElement).value.trim().toLowerCase();
    let found = 0;
    for (const section of sections) {
      const entries = [...section.querySelectorAll<HTMLDetailsElement>("details")];
      for (const table of entries) {
        const lines = [...table.querySelectorAll<HTMLElement>("[data-words]")];
        const isTable = (table.dataset.words ?? "").includes(wanted);
        const matching = lines.filter((line) => (line.dataset.words ?? "").includes(wanted));
        for (const line of lines) line.hidden = wanted !== "" && !isTable && !matching.includes(line);
        table.hidden = wanted !== "" && !isTable && matching.length === 0;
        table.open = wanted !== "" && !isTable && matching.length > 0;
        if (!table.hidden) found += 1;
      }
      section.hidden = entries.every(({hidden}) => hidden);
    }
    const outcome = found === 0 ? "No table or column has that in its name or description." : plural(found, "table");
    say(said, wanted === "" ? "" : outcome);
  };
  return html`<div class="schema">
    <label class="field">Search tables and columns<input type="search" ${{oninput: search}}></label>
    ${said}${sections}
  </div>`;
}

function entry({name, description, columns}: SqlTable, onPick: (name: string) => void): HTMLElement {
  const pick = (picked: string): HTMLElement =>
    html`<button type="button" class="pick" title="Put into the query" ${{onclick: () => onPick(picked)}}><code>${picked}</code></button>`;
  return html`<details data-words=${`${name} ${description}`.toLowerCase()}>
    <summary><code>${name}</code></summary>
    <p>${description} <button type="button" class="pick" ${{onclick: () => onPick(name)}}>Put ${name} into the query</button></p>
    <dl>${columns.map(
      (column) => html`<div data-words=${`${column.name} ${column.description}`.toLowerCase()}>
        <dt>${pick(column.name)} <span class="type-name">${column.type}</span></dt><dd>${column.description}</dd>
      </div>`,
    )}</dl>
  </details>`;
}
