import {html} from "htl";
import {words} from "../lib/format.js";
import {scrollingTable} from "./scrollingTable.js";

export interface DocumentedColumn {
  readonly name: string;
  readonly description: string;
}

export interface GuideData {
  readonly files: readonly {
    readonly name: string;
    readonly side: string;
    readonly description: string;
    readonly columns: readonly (DocumentedColumn & {
      readonly kind: string;
      readonly required: boolean;
      readonly choices: readonly string[];
    })[];
  }[];
  readonly marts: readonly {
    readonly name: string;
    readonly description: string;
    readonly key: readonly string[];
    readonly columns: readonly (DocumentedColumn & {readonly type: string})[];
  }[];
  readonly connectors: readonly {
    readonly name: string;
    readonly side: string;
    readonly description: string;
    readonly settings: readonly (DocumentedColumn & {readonly required: boolean; readonly standard: string | null})[];
  }[];
}

/** What a connection of each connector takes. */
export function connectorTables({connectors}: GuideData): HTMLElement {
  return html`<div>${connectors.map(
    ({
      name,
      side,
      description,
      settings,
    }) => html`<details class="document"><summary><code>${name}</code> <span class="quiet">${side === "psa" ? "billing" : "usage"}</span> ${description}</summary>
      ${table(
        `Settings of ${name}`,
        ["Setting", "Required", "Otherwise", "What it means"],
        settings.map((setting) => [
          html`<code>${setting.name}</code>`,
          setting.required ? "yes" : "",
          setting.standard ?? "",
          setting.description,
        ]),
      )}</details>`,
  )}</div>`;
}

/** The files that the CSV connectors read, and their columns. */
export function fileTables({files}: GuideData): HTMLElement {
  return html`<div>${files.map(
    ({
      name,
      side,
      description,
      columns,
    }) => html`<details class="document"><summary><code>${name}.csv</code> <span class="quiet">${side === "psa" ? "billing" : "usage"}</span> ${description}</summary>
      ${table(
        `Columns of ${name}.csv`,
        ["Column", "Required", "What it looks like", "What it means"],
        columns.map((column) => [
          html`<code>${column.name}</code>`,
          column.required ? "yes" : "",
          column.choices.length > 0 ? column.choices.join(", ") : words(column.kind),
          column.description,
        ]),
      )}</details>`,
  )}</div>`;
}

/** The marts, their columns, and the files themselves. */
export function martTables({marts}: GuideData): HTMLElement {
  return html`<div>${marts.map(
    ({
      name,
      description,
      key,
      columns,
    }) => html`<details class="document"><summary><code>${name}</code> ${description}</summary>
      <p>A row is identified by ${key.join(", ")}. <a href=${`./data/marts/${name}.parquet`} download>Download ${name}.parquet</a></p>
      ${table(
        `Columns of ${name}`,
        ["Column", "Type", "What it means"],
        columns.map((column) => [html`<code>${column.name}</code>`, column.type, column.description]),
      )}</details>`,
  )}</div>`;
}

function table(caption: string, heads: readonly string[], rows: readonly (readonly (Node | string)[])[]): HTMLElement {
  return scrollingTable(
    caption,
    html.fragment`<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map((cells) => html`<tr>${cells.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="long">${cell}</td>`))}</tr>`)}</tbody>`,
  );
}

/** Where the whole database can be had. */
export function databaseFile(): HTMLElement {
  return html`<p><a href="./data/trueup.duckdb" download>Download trueup.duckdb</a></p>`;
}
