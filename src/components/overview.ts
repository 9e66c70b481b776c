import {html} from "htl";
import {day, percent, signedMoney, words} from "../lib/format.js";
import {impactBy} from "../lib/impact.js";
import type {Row, SiteData} from "../lib/rows.js";
import {figures} from "./figures.js";
import {impactBars} from "./impactBars.js";
import {healthMark} from "./marks.js";

/** The first page: how much, where, how sure, and what is left to decide. */
export function overview(site: SiteData, rows: readonly Row[], clients: readonly Row[], width: number): HTMLElement {
  const slugs = new Map(clients.map((client) => [client.client_id, client.slug]));
  return html`<div>
    <p class="lead">${site.name}, as of ${day(site.as_of)}</p>
    ${site.summary.map((summary) => currencySection(summary, rows, slugs, width, site.summary.length > 1))}
    <h2>What is left to decide</h2>
    ${work(site)}
    <h2>Sync health</h2>
    <ul class="plain-list">${site.integrations.map(
      (one) =>
        html`<li>${healthMark(one.health ?? "")} <strong>${one.connection_id}</strong> ${one.health_reason}</li>`,
    )}</ul>
    <p><a href="./integrations">All about the integrations</a></p>
  </div>`;
}

function work(site: SiteData): HTMLElement {
  const first = site.summary[0];
  return html`<p><a href="./mapping">${first?.unlinked_accounts ?? "0"} unlinked accounts and ${first?.unaccounted_seats ?? "0"} unaccounted seats</a> belong to no service yet. They are outside every client’s money until somebody decides.</p>`;
}

function currencySection(
  summary: Row,
  rows: readonly Row[],
  slugs: ReadonlyMap<string | null | undefined, string | null | undefined>,
  width: number,
  isOneOfSeveral: boolean,
): HTMLElement {
  const currency = summary.currency ?? "";
  const chartWidth = Math.max(280, width > 900 ? Math.floor(width / 2) - 24 : width - 16);
  const billing = (name: string, value: string): string => `./billing?${name}=${encodeURIComponent(value)}`;
  const bars =
    Number(summary.absolute_monthly) === 0
      ? []
      : [
          impactBars(
            `Revenue impact by client, ${currency}`,
            impactBy(rows, currency, (row) => [
              {
                id: row.client_id ?? "",
                label: row.client_name ?? "",
                href: `./clients/${slugs.get(row.client_id) ?? ""}`,
              },
            ]),
            currency,
            chartWidth,
          ),
          impactBars(
            `Revenue impact by service, ${currency}`,
            impactBy(rows, currency, (row) => {
              const label = row.service_name ?? `${row.product_name} (no service)`;
              return [{id: label, label, href: billing("service", label)}];
            }),
            currency,
            chartWidth,
          ),
          impactBars(
            `Revenue impact by type, ${currency}`,
            impactBy(rows, currency, (row) => [
              {
                id: row.discrepancy_type ?? "",
                label: words(row.discrepancy_type ?? ""),
                href: billing("type", row.discrepancy_type ?? ""),
              },
            ]),
            currency,
            chartWidth,
          ),
          impactBars(
            `Revenue impact by integration, ${currency}`,
            impactBy(rows, currency, (row) =>
              (row.connection_ids ?? "").split(";").map((id) => ({id, label: id, href: billing("integration", id)})),
            ),
            currency,
            chartWidth,
          ),
        ];
  return html`<section aria-label=${`Figures in ${currency}`}>
    ${isOneOfSeveral ? html`<h2>${currency}</h2>` : ""}
    ${figures([
      {
        label: "Underbilled per month",
        value: signedMoney(summary.underbilled_monthly ?? null, currency),
        tone: "under",
        note: "revenue to recover",
      },
      {
        label: "Overbilled per month",
        value: signedMoney(negative(summary.overbilled_monthly ?? null), currency),
        tone: "over",
        note: "credit risk",
      },
      {
        label: "Net",
        value: signedMoney(summary.net_monthly ?? null, currency),
        note: "under less over",
      },
      {
        label: "Clients with discrepancies",
        value: summary.clients_discrepant ?? "",
        note: `${summary.clients_reconciled} reconciled, ${summary.clients_uncompared} not compared`,
      },
      {
        label: "Coverage",
        value: percent(summary.coverage_amount ?? null),
        note: `of billed money; ${percent(summary.coverage_lines ?? null)} of lines`,
      },
      {
        label: "Without a price",
        value: summary.unpriced_count ?? "",
        note: "discrepancies with no money yet",
      },
    ])}
    <div class="charts">${bars}</div>
  </section>`;
}

function negative(amount: string | null): string | null {
  return amount === null || Number(amount) === 0 ? amount : `-${amount}`;
}
