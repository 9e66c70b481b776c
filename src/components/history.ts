import {html} from "htl";
import {guideUrl} from "../lib/data.js";
import {isZero, money, month, percent, words} from "../lib/format.js";
import {
  type Change,
  type ChangeData,
  type Found,
  type HistoryData,
  type Month,
  type MonthTotals,
  passes,
  readChanges,
  readFound,
  readSubjects,
  type Subject,
  settledOf,
  totalsOf,
  waterfallOf,
} from "../lib/history.js";
import {optionsOf} from "../lib/matches.js";
import {rowsOf} from "../lib/rows.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {amount} from "./amount.js";
import {byCurrency, type CurrencyShare} from "./byCurrency.js";
import {changeLists} from "./changeLists.js";
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
  const draw = (currency: string): void => {
    const own = months.filter((one) => one.currency === currency);
    const changing = own.filter(({previous_period}) => previous_period !== null);
    const chosen = changing.find(({period}) => period === state.get("month")) ?? changing.at(-1);
    const shown = found.filter((row) => row.currency === currency && passes(row, state));
    const totals = totalsOf(own, shown, coverageFor(data, state, currency));
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
              totals,
              state,
            ),
          ),
    );
  };
  const page = byCurrency(rowsOf<CurrencyShare>(data.currencies), state, (currency) => {
    draw(currency);
    const bar = filterBar(filtersOf(months, found, subjects), state, () => {
      state.set({page: ""});
      draw(currency);
    });
    return [bar, place];
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
  const names = new Map(subjects.map(({client_id, client_name}) => [client_id, client_name]));
  const services = new Map(subjects.map(({service, label}) => [service, label]));
  const connections = new Set(subjects.flatMap(({connection_ids}) => (connection_ids ?? "").split(";")));
  const periods = [...new Set(months.filter((one) => one.previous_period !== null).map(({period}) => period))];
  return [
    {kind: "chip", name: "client", label: (id) => `Client: ${names.get(id) ?? id}`},
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

function changesOf(
  changes: readonly Change[],
  chosen: Month,
  totals: readonly MonthTotals[],
  state: UrlState,
): HTMLElement {
  const {period, previous_period, currency} = chosen;
  const [from, to] = [month(previous_period ?? ""), month(period)];
  const between = `from ${from} to ${to}`;
  return html`<section aria-labelledby="changes">
    <h2 id="changes">What changed ${between}</h2>
    ${headline(changes, chosen, totals)}
    <div class="charts">
      ${waterfallChart(`Underbilled ${between}, ${currency} per month`, waterfallOf(changes, "under", from, to), "under", currency)}
      ${waterfallChart(`Overbilled ${between}, ${currency} per month`, waterfallOf(changes, "over", from, to), "over", currency)}
    </div>
    ${changeLists(changes, {from, to, period}, state)}
  </section>`;
}

function headline(
  changes: readonly Change[],
  {period, previous_period, currency}: Month,
  totals: readonly MonthTotals[],
): HTMLElement {
  const now = totals.find((one) => one.period === period);
  const before = totals.find((one) => one.period === previous_period);
  const {recovered, corrected, credited} = settledOf(changes);
  const was = (text: string | undefined): Node =>
    html`<span>${amount(text ?? "0", currency)} in ${month(previous_period ?? "")}</span>`;
  const negative = (text = "0"): string => (isZero(text) ? text : `-${text}`);
  return figures([
    {
      label: `Underbilled, ${month(period)}`,
      value: amount(now?.underbilled ?? "0", currency),
      note: was(before?.underbilled),
      tone: "under",
    },
    {
      label: `Overbilled, ${month(period)}`,
      value: amount(negative(now?.overbilled), currency),
      note: was(negative(before?.overbilled)),
      tone: "over",
    },
    {label: `Net, ${month(period)}`, value: amount(now?.net ?? "0", currency), note: "underbilled less overbilled"},
    {label: "Recovered per month", value: money(recovered, currency), note: "was underbilled, is billed now"},
    {
      label: "Taken off per month",
      value: money(corrected, currency),
      note: html`<span>no longer overbilled${isZero(credited) ? "" : `; ${money(credited, currency)} credited once`}</span>`,
    },
    {
      label: "Coverage",
      value: percent(now?.coverage ?? null),
      note:
        now?.coverage == null
          ? "known for everything or one service"
          : html`<span>of billed money, ${percent(before?.coverage ?? null)} in ${month(previous_period ?? "")}</span>`,
    },
  ]);
}
