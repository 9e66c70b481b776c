import * as Plot from "@observablehq/plot";
import {html} from "htl";
import {toCents} from "../lib/cents.js";
import {dropZeroCents, isZero, money, month, roughNumber} from "../lib/format.js";
import {type MonthTotals, withGaps} from "../lib/history.js";
import {chart} from "./chart.js";
import {overHatch} from "./chartFrame.js";
import {monthsTable} from "./monthsTable.js";

/** Underbilled above the line, overbilled hatched below it, the net as a dash in each month. */
export function monthsChart(months: readonly MonthTotals[], currency: string): HTMLElement {
  const title = `Under- and overbilled by month, ${currency} per month`;
  const table = monthsTable(title, months, currency);
  if (months.every(({count}) => count === 0)) {
    const isUnknown = months.every(({net}) => net === null);
    return html`<section class="chart"><h3>${title}</h3>
      <p class="empty">${isUnknown ? "Nothing was compared in these months." : "Nothing was found under- or overbilled in these months."}</p>
      <details><summary>As a table</summary>${table}</details>
    </section>`;
  }
  return chart({
    title,
    legend: html`<p class="legend"><span class="whole"><span class="key under-key"></span> underbilled</span> <span class="whole"><span class="key over-key"></span> overbilled</span> <span class="whole"><span class="key net-key"></span> net</span></p>`,
    table,
    draw: (width) => drawMonths(months, currency, width),
  });
}

/** Room for one month from which on its whole name fits, three letters of it, one letter, and its amounts. */
const [wholeName, threeLetters, oneLetter, amounts] = [86, 32, 14, 46];

/** Room for a year below the months. */
const yearWidth = 40;

/**
 * What stands below each month, given the room for one: as much of its name as fits. Where that is no more than three letters,
 * a second line has the year of the first month and of each January, or the years stand alone.
 */
export function monthNames(months: readonly Pick<MonthTotals, "period" | "isClosed">[], room: number): string[] {
  if (room >= wholeName) return months.map(({period, isClosed}) => `${month(period)}${isClosed ? "" : ", open"}`);
  const isJanuary = ({period}: Pick<MonthTotals, "period">): boolean => period.endsWith("-01");
  const next = months.findIndex((one, index) => index > 0 && isJanuary(one));
  return months.map((one, index) => {
    const hasYear = index === 0 ? next < 0 || next * room >= yearWidth : isJanuary(one);
    const year = hasYear ? one.period.slice(0, 4) : "";
    if (room < oneLetter) return year;
    const name = month(one.period).slice(0, room < threeLetters ? 1 : 3);
    return year === "" ? name : `${name}\n${year}`;
  });
}

function drawMonths(months: readonly MonthTotals[], currency: string, width: number): Element {
  const slots = withGaps(months);
  const gaps = slots.filter(({month: totals}) => totals === null);
  const hasAmounts = width / slots.length >= amounts;
  // An axis stands in for them.
  const left = hasAmounts ? 6 : 44;
  const room = (width - left) / slots.length;
  const named = slots.map(({period, month: totals}) => ({period, isClosed: totals?.isClosed ?? true}));
  const names = new Map(monthNames(named, room).map((name, index) => [slots[index]?.period, name]));
  const bars = months.map(({period, underbilled, overbilled, net}) => ({
    period,
    up: toCents(underbilled) / 100,
    down: -toCents(overbilled) / 100,
    // Without one no dash is drawn, as it would say 0.
    net: net === null ? null : toCents(net) / 100,
    upText: underbilled === null || isZero(underbilled) ? "" : whole(underbilled, currency, "+"),
    downText: overbilled === null || isZero(overbilled) ? "" : whole(overbilled, currency, "−"),
  }));
  const hatched = overHatch();
  const high = Math.max(...bars.map(({up}) => up), 1);
  const low = Math.min(...bars.map(({down}) => down), 0);
  const margin = (high - low) * 0.09;
  // A dash stays apart from its neighbours'.
  const overhang = Math.min(6, room * 0.1);
  const plot = Plot.plot({
    width,
    height: room < wholeName ? 306 : 292,
    marginLeft: left,
    marginRight: 6,
    marginTop: 8,
    marginBottom: room < wholeName ? 40 : 26,
    style: {fontFamily: "inherit", fontSize: "12px", background: "transparent", overflow: "visible"},
    x: {domain: slots.map(({period}) => period), axis: null, padding: room > 130 ? 0.55 : 0.34},
    y: {domain: [low - margin, high + margin], axis: null},
    marks: [
      Plot.axisX({
        tickSize: 0,
        label: null,
        fontSize: 12,
        tickPadding: 6,
        tickFormat: (period: string) => names.get(period) ?? period,
      }),
      ...(hasAmounts
        ? []
        : [
            Plot.axisY({ticks: 5, tickSize: 0, label: null, tickFormat: roughNumber, color: "var(--ink-quiet)"}),
            Plot.gridY({ticks: 5, stroke: "var(--line)", strokeOpacity: 1}),
          ]),
      Plot.barY(bars, {x: "period", y1: 0, y2: "up", fill: "var(--under)", ry2: 2}),
      Plot.barY(bars, {x: "period", y1: "down", y2: 0, fill: hatched.fill, stroke: "var(--over)"}),
      Plot.ruleY([0], {stroke: "var(--ink-quiet)"}),
      Plot.tickY(bars, {
        x: "period",
        y: "net",
        stroke: "var(--surface)",
        strokeWidth: 7,
        insetLeft: -overhang - 1,
        insetRight: -overhang - 1,
      }),
      Plot.tickY(bars, {
        x: "period",
        y: "net",
        stroke: "var(--ink)",
        strokeWidth: 3,
        insetLeft: -overhang,
        insetRight: -overhang,
      }),
      ...(hasAmounts
        ? [
            Plot.text(bars, {x: "period", y: "up", text: "upText", dy: -9, fill: "var(--under)"}),
            Plot.text(bars, {x: "period", y: "down", text: "downText", dy: 10, fill: "var(--over)"}),
            Plot.text(gaps, {x: "period", y: 0, text: () => "no\nfigures", dy: -14, fill: "var(--ink-quiet)"}),
          ]
        : []),
    ],
  });
  plot.prepend(hatched.defs);
  return plot;
}

/** Whole units: cents are for the table. */
function whole(text: string, currency: string, sign: string): string {
  return `${sign}${dropZeroCents([money(String(Math.round(toCents(text) / 100)), currency)])}`;
}
