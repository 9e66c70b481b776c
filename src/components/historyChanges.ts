import {html} from "htl";
import {isZero, money, month, negated, percent, plural, words} from "../lib/format.js";
import type {Change, Month, MonthTotals} from "../lib/history.js";
import {figuresOf, type HistoryFigure, rowsOfFigure, type Side, stepsOf, sumOf} from "../lib/historyFigures.js";
import {exploreUrl} from "../lib/queryAddress.js";
import {literal} from "../lib/sqlText.js";
import type {UrlState} from "../lib/urlState.js";
import {amount} from "./amount.js";
import {changeLists} from "./changeLists.js";
import {figures} from "./figures.js";
import {waterfallChart} from "./waterfallChart.js";

/** What a month comes to, and the month before. */
interface Totals {
  readonly now: MonthTotals | null;
  readonly before: MonthTotals | null;
}

/** What became of each discrepancy from the month before to the chosen one: figures, waterfalls, lists. */
export function historyChanges(
  changes: readonly Change[],
  chosen: Month,
  totals: Totals,
  state: UrlState,
): HTMLElement {
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
  const impact = (sum: string, of: MonthTotals | null, total: "underbilled" | "overbilled" | "net"): Node =>
    amount(of?.[total] === null ? null : sum, currency, "unknown");
  const before = (id: string, sign: string, total: "underbilled" | "overbilled"): Node => {
    const {sum, linked} = trace(id);
    return html`<span>${linked(impact(isZero(sum) ? sum : `${sign}${sum}`, totals.before, total))} in ${month(previous_period ?? "")}</span>`;
  };
  const [under, over, net] = [trace("under"), trace("over"), trace("net")];
  const [recovered, takenOff, credited] = [trace("recovered"), trace("taken-off"), trace("credited")];
  return figures([
    {
      label: `Underbilled, ${month(period)}`,
      value: impact(under.sum, totals.now, "underbilled"),
      note: before("under-before", "", "underbilled"),
      explain: under.rows,
      tone: "under",
    },
    {
      label: `Overbilled, ${month(period)}`,
      value: impact(negated(over.sum), totals.now, "overbilled"),
      note: before("over-before", "-", "overbilled"),
      explain: over.rows,
      tone: "over",
    },
    {
      label: `Net, ${month(period)}`,
      value: impact(net.sum, totals.now, "net"),
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
