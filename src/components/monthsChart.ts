import * as Plot from "@observablehq/plot";
import {html} from "htl";
import {toCents} from "../lib/cents.js";
import {dropZeroCents, isZero, money, month} from "../lib/format.js";
import type {MonthTotals} from "../lib/history.js";
import {chart} from "./chart.js";
import {overHatch} from "./chartFrame.js";
import {monthsTable} from "./monthsTable.js";

/** Underbilled above the line, overbilled hatched below it, the net as a dash in each month. */
export function monthsChart(months: readonly MonthTotals[], currency: string): HTMLElement {
  const title = `Under- and overbilled by month, ${currency} per month`;
  return chart({
    title,
    legend: html`<p class="legend"><span class="whole"><span class="key under-key"></span> underbilled</span> <span class="whole"><span class="key over-key"></span> overbilled</span> <span class="whole"><span class="key net-key"></span> net</span></p>`,
    table: monthsTable(title, months, currency),
    draw: (width) => drawMonths(months, currency, width),
  });
}

function drawMonths(months: readonly MonthTotals[], currency: string, width: number): Element {
  const room = width / months.length;
  const bars = months.map(({period, isClosed, underbilled, overbilled, net}) => ({
    period,
    name: room < 86 ? month(period).slice(0, room < 32 ? 1 : 3) : `${month(period)}${isClosed ? "" : ", open"}`,
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
  const plot = Plot.plot({
    width,
    height: 292,
    marginLeft: 6,
    marginRight: 6,
    marginTop: 8,
    marginBottom: 26,
    style: {fontFamily: "inherit", fontSize: "12px", background: "transparent", overflow: "visible"},
    x: {domain: bars.map(({period}) => period), axis: null, padding: room > 130 ? 0.55 : 0.34},
    y: {domain: [low - margin, high + margin], axis: null},
    marks: [
      Plot.axisX({
        tickSize: 0,
        label: null,
        fontSize: 12,
        tickPadding: 6,
        tickFormat: (period: string) => bars.find((bar) => bar.period === period)?.name ?? period,
      }),
      Plot.barY(bars, {x: "period", y1: 0, y2: "up", fill: "var(--under)", ry2: 2}),
      Plot.barY(bars, {x: "period", y1: "down", y2: 0, fill: hatched.fill, stroke: "var(--over)"}),
      Plot.ruleY([0], {stroke: "var(--ink-quiet)"}),
      Plot.tickY(bars, {
        x: "period",
        y: "net",
        stroke: "var(--surface)",
        strokeWidth: 7,
        insetLeft: -7,
        insetRight: -7,
      }),
      Plot.tickY(bars, {x: "period", y: "net", stroke: "var(--ink)", strokeWidth: 3, insetLeft: -6, insetRight: -6}),
      ...(room < 46
        ? []
        : [
            Plot.text(bars, {x: "period", y: "up", text: "upText", dy: -9, fill: "var(--under)"}),
            Plot.text(bars, {x: "period", y: "down", text: "downText", dy: 10, fill: "var(--over)"}),
          ]),
    ],
  });
  plot.prepend(hatched.defs);
  return plot;
}

/** Whole units: cents are for the table. */
function whole(text: string, currency: string, sign: string): string {
  return `${sign}${dropZeroCents([money(String(Math.round(toCents(text) / 100)), currency)])}`;
}
