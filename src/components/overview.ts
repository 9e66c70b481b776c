import {html} from "htl";
import {isCompared} from "../lib/figures.js";
import {count, moment, money, plural, quantity, signedQuantity, words} from "../lib/format.js";
import {pageAddress} from "../lib/pageAddress.js";
import {rowsOf, type Table} from "../lib/rows.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {amount} from "./amount.js";
import {byCurrency} from "./byCurrency.js";
import {type ImpactBar, impactChart} from "./impactChart.js";
import {connectionLink, healthMark} from "./marks.js";
import {nothingCompared} from "./nothingCompared.js";
import {overviewFigures, type Summary} from "./overviewFigures.js";

export interface OverviewData {
  readonly summary: Table;
  readonly integrations: Table;
  readonly next: Table;
  readonly flags: Table;
  readonly by_client: Table;
  readonly by_service: Table;
  readonly by_type: Table;
  readonly by_integration: Table;
}

interface Health {
  readonly connection_id: string;
  readonly kind: string;
  readonly health: string;
  readonly health_reason: string;
  readonly last_success_at: string | null;
  /** Rows in no figure: quarantined ones, and lines that cannot be placed. */
  readonly rows_left_out: string;
}

/** A discrepancy that nobody has decided about, or whose decision holds no more. */
interface Open {
  readonly currency: string;
  readonly client_name: string;
  readonly slug: string;
  readonly label: string;
  readonly delta_quantity: string;
  readonly impact_monthly: string | null;
  readonly likely_cause: string;
  /** How many there are in this currency. */
  readonly open_count: string;
}

/** The flags of one currency, with the one of what is billed now of which most is at stake. */
interface Flags {
  readonly currency: string;
  readonly flag_count: string;
  readonly error_count: string;
  readonly most_at_stake: string | null;
  readonly client_id: string | null;
  readonly client_name: string | null;
  readonly flag_code: string | null;
}

interface Impact {
  readonly currency: string;
  readonly id: string;
  readonly label: string;
  readonly under: string;
  readonly over: string;
}

/** The first page: how much, where, how sure, and what is left to decide. One currency at a time. */
export function overview(data: OverviewData, state: UrlState = urlState()): HTMLElement {
  const summaries = rowsOf<Summary>(data.summary);
  const [main] = summaries;
  if (main === undefined) {
    return html`<p class="empty">Nothing was reconciled yet. Run <code>trueup sync</code>, then <code>trueup reconcile</code>.</p>`;
  }
  return byCurrency(
    summaries.map(({currency, clients_total}) => ({currency, clients: clients_total})),
    state,
    (currency) => {
      const chosen = summaries.find((summary) => summary.currency === currency) ?? main;
      const open = rowsOf<Open>(data.next).filter((row) => row.currency === currency);
      const inCurrency: Record<string, string> = summaries.length > 1 ? {currency} : {};
      return [
        overviewFigures(chosen, open[0]?.open_count ?? "0", inCurrency),
        html`<div class="panels">${next(chosen, open, inCurrency)}<div>${flagged(rowsOf<Flags>(data.flags), currency)}${work(main, rowsOf<Health>(data.integrations))}${health(rowsOf<Health>(data.integrations))}</div></div>`,
        charts(data, chosen, inCurrency),
      ];
    },
  );
}

function next(summary: Summary, rows: readonly Open[], inCurrency: Record<string, string>): HTMLElement {
  const [first] = rows;
  return html`<section class="panel">
    <h2>To bill or credit next</h2>
    ${
      first === undefined
        ? html`<p>${
            !isCompared(summary)
              ? "Nothing was compared yet."
              : summary.discrepancy_count === "0"
                ? "Nothing: what was compared agrees."
                : "Everything that was found is decided."
          }</p>`
        : html`<ol class="plain next">${rows.map(
            ({client_name, slug, label, delta_quantity, impact_monthly, likely_cause, currency}) =>
              html`<li><span><a href=${`./clients/${slug}`}><bdi>${client_name}</bdi></a><small>${signedQuantity(delta_quantity)} <bdi>${label}</bdi> · ${words(likely_cause).toLowerCase()}</small></span>${amount(impact_monthly, currency)}</li>`,
          )}</ol>
          <p><a href=${pageAddress("work", inCurrency)}>${first.open_count === "1" ? "Decide about it" : `All ${count(first.open_count)} open discrepancies`}</a></p>`
    }
  </section>`;
}

/** All flags, and in the currency shown the one with most at stake. */
function flagged(flags: readonly Flags[], currency: string): HTMLElement {
  const sum = (column: "flag_count" | "error_count"): number =>
    flags.reduce((total, row) => total + Number(row[column]), 0);
  const most = flags.find((row) => row.currency === currency && row.most_at_stake !== null);
  return html`<section class="panel">
    <h2>Invoices and agreements</h2>
    ${
      flags.length === 0
        ? html`<p>Nothing to look at: no flags.</p>`
        : html`<p>${flagLink(sum("flag_count"), "flag")}, ${flagLink(sum("error_count"), "error", {severity: "error"})}</p>${
            most === undefined
              ? ""
              : html`<ul class="plain next"><li>
                  <span><a href=${pageAddress("billing", {section: "flagged", client: most.client_id ?? "", flag: most.flag_code ?? ""})}><bdi>${most.client_name}</bdi></a><small>most at stake: ${words(most.flag_code).toLowerCase()}</small></span>
                  <span>${money(most.most_at_stake, currency)}</span></li></ul>`
          }`
    }
  </section>`;
}

function flagLink(number: number, noun: string, query: Record<string, string> = {}): HTMLElement {
  const text = html`<strong>${count(number)}</strong> ${number === 1 ? noun : `${noun}s`}`;
  return number === 0
    ? html`<span>${text}</span>`
    : html`<a href=${pageAddress("billing", {section: "flagged", ...query})}>${text}</a>`;
}

function work({unlinked_accounts, unaccounted_products}: Summary, connections: readonly Health[]): HTMLElement {
  const isDone = unlinked_accounts === "0" && unaccounted_products === "0";
  const usage = connections.filter(({kind}) => kind === "usage");
  const read = usage.filter(({last_success_at}) => last_success_at !== null);
  if (isDone && read.length === 0) {
    return html`<section class="panel">
      <h2>Mapping work</h2>
      <p>No integration has been read yet, so no account is known that a client could be linked to.</p>
    </section>`;
  }
  return html`<section class="panel">
    <h2>Mapping work</h2>
    ${
      isDone
        ? html`<p>${read.length < usage.length ? "Of the integrations that were read, every" : "Every"} account is linked or excluded, and every product in use is covered by a rule.</p>`
        : html`<ul class="plain">
            <li><a href="./mapping/clients"><strong>${quantity(unlinked_accounts)}</strong> ${unlinked_accounts === "1" ? "account" : "accounts"} without a client</a><small>Their use is in no client’s figures.</small></li>
            <li><a href="./mapping/services"><strong>${quantity(unaccounted_products)}</strong> ${unaccounted_products === "1" ? "product" : "products"} in use that no rule covers</a><small>Shown as unaccounted, at the vendor’s list price if there is one.${unlinked_accounts === "0" ? "" : " Without those of accounts that have no client."}</small></li>
          </ul>`
    }
  </section>`;
}

function health(rows: readonly Health[]): HTMLElement {
  const having = (colour: string): number => rows.filter((row) => row.health === colour).length;
  const ailing = rows.filter((row) => row.health !== "green");
  return html`<section class="panel">
    <h2>Sync health</h2>
    <p class="health-counts">${["green", "yellow", "red"].map((colour) => html`<span>${healthMark(colour)} <strong>${having(colour)}</strong></span>`)}</p>
    <ul class="plain">${ailing.map(
      (row) =>
        html`<li>${healthMark(row.health)} <strong>${connectionLink(row)}</strong>: ${row.health_reason}<small>Data as of: ${moment(row.last_success_at)}</small></li>`,
    )}${rows.filter((row) => row.rows_left_out !== "0").map(leftOut)}</ul>
    <p><a href="./integrations">${rows.length === 1 ? "The connection" : `All ${rows.length} connections`}</a></p>
  </section>`;
}

function leftOut({connection_id, kind, rows_left_out}: Health): HTMLElement {
  const is = rows_left_out === "1" ? "is" : "are";
  return html`<li><strong>${connection_id}</strong>: <a href="./integrations">${plural(rows_left_out, "row")}</a> ${is} in no figure.<small>${
    kind === "psa" ? "Part of what is billed may be missing." : "What is counted may be too low."
  }</small></li>`;
}

function charts(data: OverviewData, summary: Summary, inCurrency: Record<string, string>): HTMLElement {
  const {currency} = summary;
  if (!isCompared(summary)) {
    return html`<section>
      <h2>Revenue impact, ${currency} per month</h2>
      ${nothingCompared("under- or overbilled")}
    </section>`;
  }
  const bars = (table: Table, name: string, label: (row: Impact) => string): ImpactBar[] =>
    rowsOf<Impact>(table)
      .filter((row) => row.currency === currency)
      .map((row) => ({
        ...row,
        label: label(row),
        href: pageAddress("billing", {[name]: row.id, ...inCurrency}),
      }));
  const byClient = bars(data.by_client, "client", ({label}) => label);
  if (byClient.length === 0) {
    return html`<section>
      <h2>Revenue impact, ${currency} per month</h2>
      <p class="empty">${summary.unpriced_count === "0" ? "Nothing is under- or overbilled." : "Nothing with a price is under- or overbilled. What differs without one comes to an unknown amount."}</p>
    </section>`;
  }
  return html`<section aria-label=${`Revenue impact, ${currency} per month`}>
    <div class="section-head"><h2>Revenue impact, ${currency} per month</h2>
    <p class="more"><a href=${pageAddress("charts", inCurrency)}>More charts, to print: Pareto, heat map, quantities</a></p>
    <p class="legend"><span class="whole"><span class="key over-key"></span> overbilled</span> <span class="whole"><span class="key under-key"></span> underbilled</span></p></div>
    <div class="charts">
      ${impactChart({title: "By client", bars: byClient, currency})}
      ${impactChart({title: "By service", bars: bars(data.by_service, "service", ({label}) => label), currency})}
      ${impactChart({title: "By discrepancy type", bars: bars(data.by_type, "type", ({label}) => words(label)), currency})}
      ${impactChart({
        title: "By integration",
        bars: bars(data.by_integration, "integration", ({label}) => label),
        currency,
        note: "A service that several integrations count stands under each of them.",
      })}
    </div>
  </section>`;
}
