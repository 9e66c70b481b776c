import {html} from "htl";
import {
  type ClientCurrency,
  type ClientData,
  type ClientFile,
  type Connection,
  readClient,
  type SeatFile,
} from "../lib/clientData.js";
import {inCurrencyOrder} from "../lib/currencyOrder.js";
import type {ClientFigure} from "../lib/explain.js";
import {isComparedRow} from "../lib/figures.js";
import {count, day, isNegative, negated, percent, period, plural, quantity, words} from "../lib/format.js";
import {knownSums} from "../lib/knownSum.js";
import type {MappingFiles} from "../lib/mappingTables.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {amount} from "./amount.js";
import {billedLines} from "./billedLines.js";
import {breakdown} from "./breakdown.js";
import {clientDecisions} from "./clientDecisions.js";
import {clientHistory} from "./clientHistory.js";
import {clientIntegrations} from "./clientIntegrations.js";
import {clientSeats} from "./clientSeats.js";
import {explainClientLink} from "./explainLinks.js";
import {figures} from "./figures.js";
import {followAddress} from "./followAddress.js";
import {guard} from "./guard.js";
import {worstHealth} from "./marks.js";
import {tabs} from "./tabs.js";
import {verdict} from "./verdict.js";

export interface ClientLoaders {
  readonly seats: () => Promise<SeatFile>;
  readonly mappings: () => Promise<MappingFiles>;
}

/** One client: figures, the breakdown by billing service, and tabs for integrations, seats and services. */
export function client(file: ClientFile, load: ClientLoaders, state: UrlState = urlState()): HTMLElement {
  const data = readClient(file);
  const isUnbilled = ({discrepancy_type}: {discrepancy_type: string | null}): boolean =>
    discrepancy_type === "unaccounted" || discrepancy_type === "unmapped";
  const details = html`<div></div>` as HTMLElement;
  followAddress(state, details, () => details.replaceChildren(detailTabs(data, load.seats, state)));
  return html`<article class="client">
    ${facts(data)}
    ${inCurrencyOrder(data.currencies).map((row) => headline(row, data))}
    ${verdict(data)}
    <section aria-labelledby="billing-services">
      <h2 id="billing-services">Billing services</h2>
      ${breakdown({
        caption: "Billing services",
        rows: data.rows.filter((row) => !isUnbilled(row)),
        empty: "Nothing is billed to this client now.",
        data,
      })}
    </section>
    <section aria-labelledby="not-billed">
      <h2 id="not-billed">Used but not billed</h2>
      ${breakdown({
        caption: "Used but not billed",
        rows: data.rows.filter(isUnbilled),
        empty:
          data.integrations.length === 0
            ? "Nothing is known of what this client uses: no account of any integration is linked to it."
            : data.integrations.every(({seats_total}) => seats_total === null)
              ? "Nothing is known of what this client uses: no integration that it is linked to has been read yet."
              : "Everything that this client is known to use belongs to a service that is billed.",
        data,
      })}
    </section>
    ${data.work.length === 0 ? "" : clientDecisions(data, load.mappings)}
    ${clientHistory(data)}
    ${details}
  </article>`;
}

/** What is behind the figures: the integrations' accounts, every seat, every line. */
function detailTabs(data: ClientData, loadSeats: () => Promise<SeatFile>, state: UrlState): HTMLElement {
  return tabs(
    "Details of this client",
    [
      {
        id: "integrations",
        label: `Integrations (${data.integrations.length})`,
        content: () => clientIntegrations(data),
      },
      {
        id: "seats",
        label: `Seats (${count(data.integrations.reduce((sum, {seats_total}) => sum + Number(seats_total), 0))})`,
        content: () => guard(async () => clientSeats(await loadSeats(), data.client_id, state)),
      },
      {id: "services", label: `Services (${count(data.lines.length)})`, content: () => billedLines(data)},
    ],
    state.get("tab"),
    (tab) =>
      state.push({
        tab: tab === "integrations" ? "" : tab,
        sort: "",
        page: "",
        search: "",
        integration: "",
        disposition: "",
        state: "",
      }),
  );
}

/** The PSA, and where the client has an account. */
function connectionsOf({connections, integrations}: ClientData): Connection[] {
  const linked = new Set(integrations.map(({connection_id}) => connection_id));
  return connections.filter(({connection_id, kind}) => kind === "psa" || linked.has(connection_id));
}

function facts(data: ClientData): HTMLElement {
  const {client_id, currencies, previous, next} = data;
  const [first] = currencies;
  const parts = [
    html`<span>Client ${client_id}</span>`,
    first?.status === "inactive" ? html`<span>Inactive in the PSA</span>` : null,
    first?.billing_cycle == null
      ? null
      : html`<span>Billed ${words(first.billing_cycle).toLowerCase()}${first.billing_timing === null ? "" : `, ${first.billing_timing === "mixed" ? "partly in advance" : `in ${first.billing_timing}`}`}</span>`,
    first?.period_start == null
      ? null
      : html`<span>Current period ${period(first.period_start, first.period_end)}</span>`,
    first?.next_invoice_date == null ? null : html`<span>Next invoice ${day(first.next_invoice_date)}</span>`,
    first === undefined ? null : html`<span>Sync health ${worstHealth(connectionsOf(data))}</span>`,
  ].filter((part) => part !== null);
  return html`<div class="client-head">
    <p class="facts">${parts}</p>
    <nav class="neighbours" aria-label="Clients by impact">
      ${previous === null ? html`<span class="quiet">First by impact</span>` : html`<a href=${`./${previous.slug}`} rel="prev"><span aria-hidden="true">←</span> <span class="visually-hidden">Previous: </span><bdi>${previous.name}</bdi></a>`}
      ${next === null ? html`<span class="quiet">Last by impact</span>` : html`<a href=${`./${next.slug}`} rel="next"><span class="visually-hidden">Next: </span><bdi>${next.name}</bdi> <span aria-hidden="true">→</span></a>`}
    </nav>
  </div>`;
}

function headline(row: ClientCurrency, data: ClientData): HTMLElement {
  const {currency} = row;
  const explain = (figure: ClientFigure): HTMLElement => explainClientLink(figure, data, currency);
  const isCompared = data.rows.some((one) => one.currency === currency && isComparedRow(one));
  const areSeatsKnown = data.integrations.some(({seats_total}) => seats_total !== null);
  const sum = (value: string | null): HTMLElement =>
    isCompared ? amount(value, currency) : amount(null, currency, "unknown");
  const note = (text: string): string => (isCompared ? text : "nothing was compared");
  const isUnpriced = (isUnder: boolean): boolean =>
    data.rows.some(
      (one) =>
        one.currency === currency &&
        one.status === "discrepancy" &&
        one.impact_monthly === null &&
        isNegative(one.delta_quantity ?? "0") !== isUnder,
    );
  const {under, over, net} = knownSums(
    {under: row.underbilled_monthly, over: negated(row.overbilled_monthly), net: row.net_monthly},
    {under: isUnpriced(true), over: isUnpriced(false)},
  );
  return html`<section aria-label=${`Figures in ${currency}`}>
    ${data.currencies.length > 1 ? html`<h2>${currency}</h2>` : ""}
    ${figures([
      {
        label: "Underbilled per month",
        value: sum(under),
        note: note("revenue to recover"),
        explain: explain("underbilled_monthly"),
        tone: "under",
      },
      {
        label: "Overbilled per month",
        value: sum(over),
        note: note("credit risk"),
        explain: explain("overbilled_monthly"),
        tone: "over",
      },
      {
        label: "Net per month",
        value: sum(net),
        note: note("underbilled less overbilled"),
        explain: explain("net_monthly"),
      },
      {
        label: "Discrepancies",
        value: count(row.discrepancy_count),
        note: !isCompared
          ? "nothing was compared"
          : row.unpriced_count === "0"
            ? `${plural(row.service_count, "service")} billed`
            : `${count(row.unpriced_count)} without a price`,
        explain: explain("discrepancy_count"),
      },
      {
        label: "Seats",
        value: areSeatsKnown ? quantity(row.seat_count) : amount(null, null, "unknown"),
        note: areSeatsKnown
          ? `counted or unaccounted, ${count(row.inactive_count)} inactive`
          : data.integrations.length === 0
            ? "no account is linked"
            : "no integration was read",
        explain: explain("seat_count"),
      },
      {
        label: "Coverage",
        value: percent(row.coverage_amount),
        note: `of billed money, ${percent(row.coverage_lines)} of lines`,
        explain: explain("coverage_lines"),
      },
      {
        label: "Flags",
        value: count(row.flagged_count),
        note:
          row.flagged_count === "0"
            ? "nothing to look at"
            : html`<button type="button" class="link" ${{onclick: goToServices}}>see Services</button>`,
        explain: explain("flagged_count"),
      },
    ])}
  </section>`;
}

/** The tab stands below everything else, and the flags below what is billed. */
function goToServices(): void {
  const tab = document.querySelector<HTMLElement>("#tab-services");
  tab?.click();
  tab?.scrollIntoView({block: "start"});
}
