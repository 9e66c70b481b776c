import {html} from "htl";
import type {ClientData, ServiceRow} from "../lib/clientData.js";
import {type ClientFigure, explainClient, explainRow, rowFigures} from "../lib/explain.js";
import type {Explanation} from "../lib/explanation.js";
import {nameOfRow} from "../lib/figures.js";
import {exploreUrl} from "../lib/queryAddress.js";

const labels: Readonly<Record<(typeof rowFigures)[number], string>> = {
  system_count: "system count",
  expected_quantity: "expected",
  invoiced_quantity: "invoiced",
  unit_rate: "unit rate",
  impact_amount: "impact per cycle",
  impact_monthly: "impact per month",
};

/** For every figure of a row that is known, a link to the rows behind it and the SQL that finds them. */
export function explainRowLinks(row: ServiceRow, {client_id, name}: ClientData): HTMLElement {
  const client = {client_id, client_name: name, currency: row.currency};
  const known = rowFigures.filter((figure) => row[figure] !== null);
  return html`<p class="explain">Explain in SQL: ${known.map(
    (figure, index) =>
      html`${index === 0 ? "" : " · "}${link(explainRow(figure, {...row, label: nameOfRow(row)}, client), labels[figure])}`,
  )}</p>`;
}

/** A link to the rows behind a total of a client. */
export function explainClientLink(figure: ClientFigure, {client_id, name}: ClientData, currency: string): HTMLElement {
  return link(explainClient(figure, {client_id, client_name: name, currency}), "explain");
}

function link({title, sql}: Explanation, text: string): HTMLElement {
  return html`<a href=${exploreUrl(sql)} title=${title} aria-label=${`Explain in SQL: ${title}`}>${text}</a>`;
}
