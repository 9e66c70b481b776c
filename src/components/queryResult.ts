import {html} from "htl";
import {toCsv} from "../lib/csv.js";
import {guideUrl} from "../lib/data.js";
import {exportName} from "../lib/exportName.js";
import type {ResultSet} from "../lib/resultSet.js";
import {download} from "./download.js";
import {cutOff, mostOnPaper, onPaper} from "./onPaper.js";
import {resultChart} from "./resultChart.js";
import {resultTable} from "./resultTable.js";
import {tabs} from "./tabs.js";

/** What a query gave, as rows or as a chart, and as files. */
export function queryResult(result: ResultSet, toArrow: () => Uint8Array): HTMLElement {
  const columns = result.columns.map(({name}, column) => ({
    label: name,
    value: (row: number) => result.text(row, column),
  }));
  const csv = (): void => {
    const rows = Array.from({length: result.rowCount}, (_, row) => row);
    download(exportName("query"), toCsv(columns, rows));
  };
  const arrow = (): void => download(exportName("query", "arrow"), toArrow(), "application/vnd.apache.arrow.file");
  return html`<div class="query-result">
    <div class="downloads" role="group" aria-label="Download">
      <button type="button" ${{onclick: csv}}>CSV</button>
      <button type="button" ${{onclick: arrow}}>Arrow</button>
      <small>DuckDB has no Parquet writer in a browser; <a href=${guideUrl("ask-your-own-questions")}>the marts are Parquet already</a>.</small>
    </div>
    ${tabs(
      "What the query gave",
      [
        {id: "rows", label: "Rows", content: () => rowsOf(result)},
        {id: "chart", label: "Chart", content: () => resultChart(result)},
      ],
      "rows",
      () => {},
    )}
  </div>`;
}

/** A grid draws what is in sight; paper has no scroll bar. */
function rowsOf(result: ResultSet): HTMLElement {
  const place = html`<div>${resultTable(result)}</div>` as HTMLElement;
  const columns = result.columns.map(({name, kind}, column) => ({name, kind, column}));
  onPaper(place, () => [
    ...cutOff(result.rowCount, "The file of CSV has all."),
    html`<div class="table-scroll"><table>
      <thead><tr>${columns.map(({name, kind}) => html`<th scope="col" class=${kind}>${name}</th>`)}</tr></thead>
      <tbody>${Array.from(
        {length: Math.min(result.rowCount, mostOnPaper)},
        (_, row) =>
          html`<tr>${columns.map(({kind, column}) => html`<td class=${kind}>${result.text(row, column) ?? "null"}</td>`)}</tr>`,
      )}</tbody>
    </table></div>`,
  ]);
  return place;
}
