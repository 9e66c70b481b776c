import {html} from "htl";
import {count, isZero, money, percent, plural} from "../lib/format.js";
import {rowsOf, type Table} from "../lib/rows.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {byCurrency} from "./byCurrency.js";
import {figures} from "./figures.js";
import {guard} from "./guard.js";
import {type MarginGroup, marginByGroup} from "./marginByGroup.js";
import {type MarginProduct, marginByProduct} from "./marginByProduct.js";
import {type MarginRow, marginDetail} from "./marginDetail.js";
import {known} from "./marginMarks.js";
import {tabs} from "./tabs.js";
import {tip} from "./tip.js";
import {type UnusedLicence, unusedLicences} from "./unusedLicences.js";

export interface MarginData {
  readonly summary: Table;
  readonly costs_in: Table;
  readonly clients: Table;
  readonly services: Table;
  readonly products: Table;
  readonly unused: Table;
}

export interface MarginLoaders {
  readonly rows: () => Promise<{readonly rows: Table}>;
  readonly unused: () => Promise<{readonly licences: Table}>;
}

interface MarginSummary {
  readonly currency: string;
  readonly clients_total: string;
  readonly revenue_monthly: string;
  readonly cost_monthly: string | null;
  readonly margin_monthly: string | null;
  readonly margin_share: string | null;
  readonly uncosted_revenue_monthly: string;
  readonly uncosted_share: string | null;
  readonly not_billed_monthly: string;
  readonly below_cost_count: string;
  readonly below_cost_monthly: string;
  readonly unassigned_monthly: string | null;
  readonly committed_monthly: string | null;
}

/** What is left of what is billed: by client, service and product, in detail, and what is paid for in vain. */
export function margin(data: MarginData, load: MarginLoaders, state: UrlState = urlState()): HTMLElement {
  const summaries = rowsOf<MarginSummary>(data.summary);
  if (summaries.length === 0) {
    return html`<p class="empty">Nothing is billed and nothing costs anything yet. Run <code>trueup sync</code>, then <code>trueup reconcile</code>.</p>`;
  }
  const costsIn = rowsOf<{currency: string}>(data.costs_in)[0]?.currency;
  const [unused] = rowsOf<{licences: string}>(data.unused);
  const shares = summaries.map(({currency, clients_total}) => ({currency, clients: clients_total}));
  return byCurrency(shares, state, (currency) => {
    const summary = summaries.find((row) => row.currency === currency) as MarginSummary;
    const inCurrency = <T extends {currency: string}>(rows: readonly T[]): T[] =>
      rows.filter((row) => row.currency === currency);
    const elsewhere =
      costsIn === undefined || costsIn === currency
        ? ""
        : html`<p class="lead">Licences and services of the PSA cost ${costsIn}. What is billed in ${currency} has a known cost only where an agreement line names one in ${currency}.</p>`;
    return [
      headline(summary),
      html`<div>${elsewhere}${tabs(
        "Margin by",
        [
          {
            id: "clients",
            label: "Clients",
            content: () => marginByGroup("client", inCurrency(rowsOf<MarginGroup>(data.clients)), currency, state),
          },
          {
            id: "services",
            label: "Services",
            content: () => marginByGroup("service", inCurrency(rowsOf<MarginGroup>(data.services)), currency, state),
          },
          {
            id: "products",
            label: "Products",
            content: () => marginByProduct(inCurrency(rowsOf<MarginProduct>(data.products)), currency, state),
          },
          {
            id: "detail",
            label: "In detail",
            content: () =>
              guard(async () => marginDetail(inCurrency(rowsOf<MarginRow>((await load.rows()).rows)), currency, state)),
          },
          {
            id: "unused",
            label: `Unused licences (${count(currency === costsIn ? (unused?.licences ?? 0) : 0)})`,
            content: () =>
              guard(async () =>
                unusedLicences(inCurrency(rowsOf<UnusedLicence>((await load.unused()).licences)), currency, state),
              ),
          },
        ],
        state.get("section"),
        (section) => state.push({section: section === "clients" ? "" : section, sort: "", page: ""}),
      )}</div>`,
    ];
  });
}

function headline(row: MarginSummary): HTMLElement {
  const {currency} = row;
  const detail = (state: string): string =>
    `./margin?section=detail&state=${state}&currency=${encodeURIComponent(currency)}`;
  // Without any known cost nothing is known to be covered.
  const found = (value: string): HTMLElement =>
    known(row.cost_monthly === null && isZero(value) ? null : value, currency);
  const none = (text: string): string => (row.cost_monthly === null ? "no cost is known" : text);
  const committed = row.committed_monthly === null ? "" : `, ${money(row.committed_monthly, currency)} of it committed`;
  return figures([
    {
      label: tip({
        label: "Margin per month",
        explanation:
          "Revenue with a known cost, less that cost. Revenue at an unknown cost is left out, never counted as pure gain.",
        guide: "margin",
      }),
      value: known(row.margin_monthly, currency),
      note:
        row.margin_share === null
          ? "no cost is known"
          : `${percent(row.margin_share)} of the revenue with a known cost`,
    },
    {
      label: "Billed per month",
      value: money(row.revenue_monthly, currency),
      note: row.cost_monthly === null ? "at an unknown cost" : `known cost ${money(row.cost_monthly, currency)}`,
    },
    {
      label: "Cost unknown",
      value: percent(row.uncosted_share),
      note: html`<span>of what is billed: <a href=${detail("cost_unknown")}>${money(row.uncosted_revenue_monthly, currency)}</a></span>`,
    },
    {
      label: tip({
        label: "Below cost",
        explanation:
          "Services of a client that bill less than they cost: by their price, or because more is used or bought than is billed.",
        guide: "margin",
      }),
      value: found(row.below_cost_monthly),
      note:
        row.below_cost_count === "0"
          ? none("every known cost is covered")
          : html`<a href=${detail("below_cost")}>${plural(row.below_cost_count, "service")} of clients</a>`,
    },
    {
      label: "Not billed at all",
      value: found(row.not_billed_monthly),
      note: isZero(row.not_billed_monthly)
        ? none("no known cost without revenue")
        : html`<a href=${detail("not_billed")}>cost without revenue</a>`,
    },
    {
      label: tip({
        label: "Unassigned licences",
        explanation:
          "Licences that are paid for and assigned to no user. Nothing can be saved before a commitment ends.",
        guide: "unused-licences",
      }),
      value: known(row.unassigned_monthly, currency),
      note: html`<span><a href=${`./margin?section=unused&currency=${encodeURIComponent(currency)}`}>Unused licences</a>${committed}</span>`,
    },
  ]);
}
