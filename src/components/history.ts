import {html} from "htl";
import {guideUrl} from "../lib/data.js";
import {isZero, money, month, negated, percent, plural, words} from "../lib/format.js";
import {
  type Change,
  type ChangeData,
  type Found,
  type HistoryData,
  isCompared,
  type Month,
  type MonthTotals,
  passes,
  readChanges,
  readFound,
  readSubjects,
  type Subject,
  totalsOf,
} from "../lib/history.js";
import {figuresOf, type HistoryFigure, rowsOfFigure, type Side, stepsOf, sumOf} from "../lib/historyFigures.js";
import {optionsOf} from "../lib/matches.js";
import {exploreUrl} from "../lib/queryAddress.js";
import {rowsOf} from "../lib/rows.js";
import {literal} from "../lib/sqlText.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {amount} from "./amount.js";
import {byCurrency, type CurrencyShare} from "./byCurrency.js";
import {changeLists} from "./changeLists.js";
import {clientChip} from "./clientChip.js";
import {figures} from "./figures.js";
import {type Filter, filterBar} from "./filters.js";
import {guard} from "./guard.js";
import {monthsChart} from "./monthsChart.js";
import {waterfallChart} from "./waterfallChart.js";

/** What was found month by month, and what became of it. One currency at a time; one month's changes are read at a time. */
export function history(
  data: HistoryData,
  loadChanges: (period: string) => Promise<ChangeData>,
  state: UrlState = urlState(),
): HTMLElement {
  const months = rowsOf<Month>(data.months);
  if (months.length === 0) return noSnapshots();
  const subjects = readSubjects(data);
  const found = readFound(data, subjects);
  const place = html`<div></div>` as HTMLElement;
  const read = new Map<string, Promise<Change[]>>();
  const changesTo = (period: string): Promise<Change[]> => {
    const known = read.get(period) ?? loadChanges(period).then((file) => readChanges(file, subjects));
    read.set(period, known);
    known.catch(() => read.delete(period));
    return known;
  };
  let said = "";
  const draw = (currency: string): void => {
    const own = months.filter((one) => one.currency === currency);
    const changing = own.filter(({previous_period}) => previous_period !== null);
    const chosen = changing.find(({period}) => period === state.get("month")) ?? changing.at(-1);
    const shown = found.filter((row) => row.currency === currency && passes(row, state));
    const last = shown.filter(({period}) => period === chosen?.period);
    said = chosen === undefined ? "" : `${plural(last.length, "discrepancy")} in ${month(chosen.period)}`;
    const coverageOf = coverageFor(data, state, currency);
    const isKnown = (one: Month): boolean =>
      isCompared(one) && (state.get("service") === "" || !isZero(coverageOf(one) ?? "1"));
    const totals = totalsOf(own, shown, coverageOf, isKnown);
    const totalsIn = (period: string | null) => totals.find((one) => one.period === period) ?? null;
    place.replaceChildren(
      html`<section aria-labelledby="months"><h2 id="months">Month by month</h2>${monthsChart(totals, currency)}</section>`,
      chosen === undefined
        ? html`<p class="empty">What became of each discrepancy shows from the second month on.</p>`
        : guard(async () =>
            changesOf(
              (await changesTo(chosen.period)).filter(
                (change) => change.currency === currency && passes(change, state),
              ),
              chosen,
              {now: totalsIn(chosen.period), before: totalsIn(chosen.previous_period)},
              state,
            ),
          ),
    );
  };
  const page = byCurrency(rowsOf<CurrencyShare>(data.currencies), state, (currency) => {
    draw(currency);
    const redraw = (): void => {
      state.set({page: ""});
      draw(currency);
    };
    return [filterBar(filtersOf(months, found, subjects), state, redraw, () => said), place];
  });
  page.classList.add("history");
  return page;
}

function noSnapshots(): HTMLElement {
  return html`<div class="empty">
    <p>No month is closed yet. History begins with the first one:</p>
    <ol>
      <li><code>trueup reconcile --as-of 2026-10-31</code> works the month out as of its last day.</li>
      <li><code>trueup close --period 2026-10</code> freezes it.</li>
      <li><code>trueup reconcile</code> and <code>trueup build</code> go on with the present month and compare it.</li>
    </ol>
    <p><a href=${guideUrl("month-end")}>The month-end routine</a></p>
  </div>`;
}

function filtersOf(months: readonly Month[], found: readonly Found[], subjects: readonly Subject[]): Filter[] {
  const services = new Map(subjects.map(({service, label}) => [service, label]));
  const connections = new Set(subjects.flatMap(({connection_ids}) => (connection_ids ?? "").split(";")));
  const periods = [...new Set(months.filter((one) => one.previous_period !== null).map(({period}) => period))];
  return [
    clientChip(subjects),
    {kind: "search", name: "search", label: "Search client"},
    {
      kind: "one",
      name: "service",
      label: "Service",
      options: [...services]
        .map(([value, label]) => ({value, label}))
        .sort((a, b) => a.label.localeCompare(b.label, "en")),
    },
    {
      kind: "several",
      name: "integration",
      label: "Integration",
      options: [...connections]
        .filter((id) => id !== "")
        .sort()
        .map((value) => ({value, label: value})),
    },
    {kind: "several", name: "type", label: "Discrepancy type", options: optionsOf(found, "discrepancy_type", words)},
    {
      kind: "one",
      name: "month",
      label: "Changes to",
      all: "The last month",
      isKnown: true,
      options: periods.reverse().map((value) => ({value, label: month(value)})),
    },
  ];
}

/** Known for everything and for a service; a client's is on its own page. */
function coverageFor(data: HistoryData, state: UrlState, currency: string): (month: Month) => string | null {
  const isFiltered = ["client", "search", "integration", "type"].some((name) => state.get(name) !== "");
  if (isFiltered) return () => null;
  const service = state.get("service");
  if (service === "") return (one) => one.coverage_amount;
  const shares = rowsOf<{period: string; service: string; currency: string; coverage_amount: string | null}>(
    data.services,
  ).filter((row) => row.service === service && row.currency === currency);
  return (one) => shares.find(({period}) => period === one.period)?.coverage_amount ?? null;
}

interface Totals {
  readonly now: MonthTotals | null;
  readonly before: MonthTotals | null;
}

function changesOf(changes: readonly Change[], chosen: Month, totals: Totals, state: UrlState): HTMLElement {
  const {period, previous_period, currency} = chosen;
  const months = {from: month(previous_period ?? ""), to: month(period), period};
  const between = `from ${months.from} to ${months.to}`;
  const figure = figuresOf(months);
  const lists = html`<div></div>` as HTMLElement;
  const drawLists = (): void => lists.replaceChildren(changeLists(changes, months, state));
  const hrefOf = (id: string): string => state.link({list: id, sort: "", page: ""});
  const waterfall = (side: Side): HTMLElement =>
    waterfallChart(
      `${words(`${side}billed`)} ${between}, ${currency} per month`,
      stepsOf(side, months).map((step) => ({
        label: step.step,
        isTotal: step.isTotal,
        amount: sumOf(step, changes),
        href: rowsOfFigure(step, changes).length === 0 ? null : hrefOf(step.id),
      })),
      side,
      currency,
    );
  drawLists();
  const section = html`<section aria-labelledby="changes">
    <h2 id="changes">What changed ${between}</h2>
    ${headline((id) => tracedFigure(figure.get(id) as HistoryFigure, changes, hrefOf(id)), chosen, totals, state)}
    <div class="charts">${waterfall("under")}${waterfall("over")}</div>
    ${lists}
  </section>` as HTMLElement;
  section.addEventListener("click", (event) => {
    const id = listOf((event.target as Element).closest("a"));
    if (id === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    state.push({list: id, sort: "", page: ""});
    drawLists();
    lists.scrollIntoView?.({block: "start"});
    lists.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus({preventScroll: true});
  });
  return section;
}

/** Which list of this page a link leads to; null where it leads elsewhere. Charts have links of their own kind. */
function listOf(link: Element | null): string | null {
  const href = link?.getAttribute("href") ?? link?.getAttribute("xlink:href") ?? "";
  return href.startsWith("?") ? new URLSearchParams(href).get("list") : null;
}

interface TracedFigure {
  readonly sum: string;
  /** To the rows that add up to it; nothing where there are none. */
  readonly rows: Node | undefined;
  /** A text as that link. */
  readonly linked: (text: Node | string) => Node;
}

function tracedFigure(figure: HistoryFigure, changes: readonly Change[], href: string): TracedFigure {
  const count = rowsOfFigure(figure, changes).length;
  const text = plural(count, "row");
  return {
    sum: sumOf(figure, changes),
    rows: count === 0 ? undefined : html`<a href=${href} aria-label=${`${text} of ${figure.label}`}>${text}</a>`,
    linked: (content) =>
      count === 0 ? html`<span>${content}</span>` : html`<a href=${href} title=${text}>${content}</a>`,
  };
}

function headline(
  trace: (id: string) => TracedFigure,
  {period, previous_period, currency}: Month,
  totals: Totals,
  state: UrlState,
): HTMLElement {
  const coverage = {now: totals.now?.coverage ?? null, before: totals.before?.coverage ?? null};
  const impact = (sum: string, of: MonthTotals | null): Node =>
    amount(of?.net === null ? null : sum, currency, "unknown");
  const before = (id: string, sign: string): Node => {
    const {sum, linked} = trace(id);
    return html`<span>${linked(impact(isZero(sum) ? sum : `${sign}${sum}`, totals.before))} in ${month(previous_period ?? "")}</span>`;
  };
  const [under, over, net] = [trace("under"), trace("over"), trace("net")];
  const [recovered, takenOff, credited] = [trace("recovered"), trace("taken-off"), trace("credited")];
  return figures([
    {
      label: `Underbilled, ${month(period)}`,
      value: impact(under.sum, totals.now),
      note: before("under-before", ""),
      explain: under.rows,
      tone: "under",
    },
    {
      label: `Overbilled, ${month(period)}`,
      value: impact(negated(over.sum), totals.now),
      note: before("over-before", "-"),
      explain: over.rows,
      tone: "over",
    },
    {
      label: `Net, ${month(period)}`,
      value: impact(net.sum, totals.now),
      note: "underbilled less overbilled",
      explain: net.rows,
    },
    {
      label: "Recovered per month",
      value: money(recovered.sum, currency),
      note: "was underbilled, is billed now",
      explain: recovered.rows,
    },
    {
      label: "Taken off per month",
      value: money(takenOff.sum, currency),
      note: html`<span>no longer overbilled${isZero(credited.sum) ? "" : html`; ${credited.linked(`${money(credited.sum, currency)} credited once`)}`}</span>`,
      explain: takenOff.rows,
    },
    {
      label: "Coverage",
      value: percent(coverage.now),
      note:
        coverage.now === null
          ? "known for everything or one service"
          : html`<span>of billed money, ${percent(coverage.before)} in ${month(previous_period ?? "")}</span>`,
      ...(coverage.now === null
        ? {}
        : {explain: html`<a href=${exploreUrl(coverageQuery(period, currency, state))}>by service</a>`}),
    },
  ]);
}

function coverageQuery(period: string, currency: string, state: UrlState): string {
  const [, service] = /^service:(.*)$/.exec(state.get("service")) ?? [];
  return `select coverage_amount, service_name, billed_monthly, currency, period
from history_services
where period = ${literal(period)} and currency = ${literal(currency)}${service === undefined ? "" : `\n  and service_id = ${literal(service)}`}
order by coverage_amount, billed_monthly desc, service_name`;
}
