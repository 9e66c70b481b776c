import {html} from "htl";
import type {BilledLine, ClientData, ClientFlag} from "../lib/clientData.js";
import {daysInWords, money, period, quantity, rate, words} from "../lib/format.js";
import {exploreUrl} from "../lib/queryAddress.js";
import {literal} from "../lib/sqlText.js";
import {creditWord, severityMark} from "./marks.js";
import {scrollingTable} from "./scrollingTable.js";

/** What is billed to a client now, line by line, and everything flagged on its invoices and agreements. */
export function billedLines({client_id, lines, flags}: ClientData): HTMLElement {
  const credits = `select * from credits where client_id = ${literal(client_id)}`;
  return html`<div>
    ${lines.length === 0 ? html`<p class="empty">Nothing is billed to this client now.</p>` : lineTable(lines, flags)}
    <p class="quiet credits">A credit of a period that is over is not among these lines, nor in any figure of the present month. <a href=${exploreUrl(credits)}>All credits of this client in SQL</a></p>
    <h3>Flags</h3>
    ${flags.length === 0 ? html`<p class="empty">Nothing on this client’s invoices and agreements is flagged.</p>` : flagTable(flags)}
  </div>`;
}

function lineTable(lines: readonly BilledLine[], flags: readonly ClientFlag[]): HTMLElement {
  return scrollingTable(
    "Lines billed now",
    html.fragment`<thead><tr><th scope="col">Service</th><th scope="col">Description</th><th scope="col">Invoice or agreement</th><th scope="col">Period</th>
      <th scope="col">Cycle</th><th scope="col" class="number">Quantity</th><th scope="col" class="number">Price</th><th scope="col" class="number">Amount</th>
      <th scope="col">Compared</th><th scope="col">Flags</th></tr></thead>
    <tbody>${lines.map(
      (line) => html`<tr>
        <th scope="row" class="long"><bdi>${line.service_name ?? "no service"}</bdi>${line.is_credit === "true" ? html`<small>${creditWord(line)}</small>` : ""}</th>
        <td class="long"><bdi>${line.description ?? "—"}</bdi></td>
        <td>${line.basis === "invoice" ? html`<bdi>${line.invoice_number ?? "invoice without a number"}</bdi>` : html`<span><bdi>${line.agreement_name ?? line.agreement_id}</bdi><small>by agreement</small></span>`}</td>
        <td>${period(line.period_start, line.period_end)}</td>
        <td>${words(line.billing_cycle)}</td>
        <td class="number">${quantity(line.quantity)}</td>
        <td class="number">${line.unit_price === null ? html`<span class="no-price">no price</span>` : rate(line.unit_price, line.currency)}</td>
        <td class="number">${line.amount === null ? html`<span class="no-price">no price</span>` : money(line.amount, line.currency)}</td>
        <td>${line.is_compared === "true" ? "yes" : html`<span class="quiet">not compared</span>`}</td>
        <td class="long">${flags.filter((flag) => flag.line_id !== null && line.line_id === `${line.basis}:${flag.line_id}`).map((flag) => html`<div>${severityMark(flag.severity)} ${words(flag.flag_code)}</div>`)}</td>
      </tr>`,
    )}</tbody>`,
  );
}

function flagTable(flags: readonly ClientFlag[]): HTMLElement {
  return scrollingTable(
    "Flags of this client",
    html.fragment`<thead><tr><th scope="col">Flag</th><th scope="col">Severity</th><th scope="col">Service</th><th scope="col">Invoice</th><th scope="col">What it means</th>
      <th scope="col" class="number">At stake</th></tr></thead>
    <tbody>${flags.map(
      (flag) => html`<tr>
        <th scope="row">${words(flag.flag_code)}${flag.is_current === "true" ? "" : html`<small>earlier invoice</small>`}</th>
        <td>${severityMark(flag.severity)}</td>
        <td class="long"><bdi>${flag.service_name ?? "—"}</bdi></td>
        <td><bdi>${flag.invoice_number ?? "—"}</bdi></td>
        <td class="long">${flag.message}<small>${daysInWords(flag.evidence ?? "")}</small></td>
        <td class="number">${flag.amount_at_stake === null ? "—" : money(flag.amount_at_stake, flag.currency)}</td>
      </tr>`,
    )}</tbody>`,
  );
}
