import {html} from "htl";
import {guideUrl} from "../lib/data.js";
import {isZero, month, plural, words} from "../lib/format.js";
import {
  anyProduct,
  type Change,
  type ChangeData,
  changesBy,
  type Found,
  foundBy,
  type HistoryData,
  isCompared,
  isProduct,
  type Month,
  readChanges,
  readFound,
  readSubjects,
  type Subject,
  totalsOf,
} from "../lib/history.js";
import {optionsOf} from "../lib/matches.js";
import {rowsOf} from "../lib/rows.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {byCurrency, type CurrencyShare} from "./byCurrency.js";
import {clientChip} from "./clientChip.js";
import {type Filter, filterBar} from "./filters.js";
import {guard} from "./guard.js";
import {historyChanges} from "./historyChanges.js";
import {monthsChart} from "./monthsChart.js";

/** What was found month by month, and what became of it. One currency at a time; one month's changes are read at a time. */
export function history(
  data: HistoryData,
  loadChanges: (period: string) => Promise<ChangeData>,
  state: UrlState = urlState(),
): HTMLElement {
  const months = rowsOf<Month>(data.months);
  if (months.length === 0) return noSnapshots();
  const subjects = readSubjects(data);
  const found = readFound(data);
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
    const shown = foundBy(state, currency, found, subjects);
    const coverageOf = coverageFor(data, state, currency);
    const isKnown = (one: Month): boolean =>
      isCompared(one) && (state.get("service") === "" || !isZero(coverageOf(one) ?? "1"));
    const totals = totalsOf(own, shown, coverageOf, isKnown);
    const totalsIn = (period: string | null) => totals.find((one) => one.period === period) ?? null;
    said =
      chosen === undefined
        ? ""
        : `${plural(totalsIn(chosen.period)?.count ?? 0, "discrepancy")} in ${month(chosen.period)}`;
    place.replaceChildren(
      html`<section aria-labelledby="months"><h2 id="months">Month by month</h2>${monthsChart(totals, currency)}</section>`,
      chosen === undefined
        ? html`<p class="empty">What became of each discrepancy shows from the second month on.</p>`
        : guard(async () =>
            historyChanges(
              changesBy(state, currency, await changesTo(chosen.period)),
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
    return [filterBar(filtersOf(months, found, subjects, state), state, redraw, () => said), place];
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

function filtersOf(
  months: readonly Month[],
  found: readonly Found[],
  subjects: readonly Subject[],
  state: UrlState,
): Filter[] {
  // Of products without a service there may be thousands: the search finds them by their names, and an address may name one.
  const listed = subjects.filter(({service}) => service.startsWith("service:") || service === state.get("service"));
  const services = new Map(listed.map(({service, label}) => [service, label]));
  const connections = new Set(subjects.flatMap(({connection_ids}) => (connection_ids ?? "").split(";")));
  const periods = [...new Set(months.filter((one) => one.previous_period !== null).map(({period}) => period))];
  return [
    clientChip(subjects),
    {kind: "search", name: "search", label: "Search client or service"},
    {
      kind: "one",
      name: "service",
      label: "Service",
      options: [
        ...[...services].map(([value, label]) => ({value, label})).sort((a, b) => a.label.localeCompare(b.label, "en")),
        ...(subjects.some(isProduct) ? [{value: anyProduct, label: "Products without a service"}] : []),
      ],
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
  const isFiltered = ["client", "search", "integration", "type"].some((name) => state.get(name).trim() !== "");
  if (isFiltered) return () => null;
  const service = state.get("service");
  if (service === "") return (one) => one.coverage_amount;
  const shares = rowsOf<{period: string; service: string; currency: string; coverage_amount: string | null}>(
    data.services,
  ).filter((row) => row.service === service && row.currency === currency);
  return (one) => shares.find(({period}) => period === one.period)?.coverage_amount ?? null;
}
