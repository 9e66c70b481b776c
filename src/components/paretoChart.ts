import * as Plot from "@observablehq/plot";
import {html} from "htl";
import {fromCents, toCents} from "../lib/cents.js";
import {count, isZero, money, negated, percent, plural, roughMoney} from "../lib/format.js";
import {amount, impactInWords} from "./amount.js";
import {fitted, nameChart, overHatch, rowHeight, shortNames} from "./chartFrame.js";
import {folded} from "./folded.js";
import {labelWidth} from "./labelRoom.js";
import {scrollingTable} from "./scrollingTable.js";

export interface ParetoBar {
  readonly id: string;
  readonly label: string;
  /** Per month, both positive decimal text. */
  readonly under: string;
  readonly over: string;
}

export interface ParetoOptions {
  /** By absolute impact, the largest first. */
  readonly bars: readonly ParetoBar[];
  readonly currency: string;
  readonly href: (bar: ParetoBar) => string;
  /** Of all bars, how many the chart draws. */
  readonly limit?: number;
}

interface Counted extends ParetoBar {
  readonly cents: number;
  /** Share of the whole that this bar and those before it make up. */
  readonly share: number;
}

/** `[60, 30, 10]` → shares of 0.6, 0.9, 1. */
export function cumulate(bars: readonly ParetoBar[]): Counted[] {
  const cents = bars.map(({under, over}) => toCents(under) + toCents(over));
  const total = cents.reduce((sum, value) => sum + value, 0);
  let running = 0;
  return bars.map((bar, index) => {
    running += cents[index] ?? 0;
    return {...bar, cents: cents[index] ?? 0, share: running / total};
  });
}

/** Which clients make up the impact: a bar each, largest first, and the share that they and those before them make up. */
export function paretoChart({bars, currency, href, limit = 20}: ParetoOptions): HTMLElement {
  const heading = html`<h2>Clients by absolute impact, ${currency} per month</h2>`;
  if (bars.length === 0) {
    return html`<section class="chart">${heading}<p class="empty">Of what could be compared and has a price in ${currency}, no client is under- or overbilled.</p></section>`;
  }
  const counted = cumulate(bars);
  const total = counted.reduce((sum, {cents}) => sum + cents, 0);
  const most = counted.findIndex(({share}) => share >= 0.8) + 1;
  const shown = counted.slice(0, limit);
  const rest = counted.length - shown.length;
  return html`<section class="chart">${heading}
    <p>${plural(most, "client")} of ${count(counted.length)} ${most === 1 ? "makes" : "make"} up ${percent(String(counted[most - 1]?.share ?? 1))} of ${money(fromCents(total), currency)}, underbilled and overbilled together.${
      rest > 0 ? ` The table has the ${rest === 1 ? "smallest" : `${count(rest)} smallest`} as well.` : ""
    }</p>
    <p class="legend"><span class="whole"><span class="key over-key"></span> overbilled</span> <span class="whole"><span class="key under-key"></span> underbilled</span> <span class="whole"><span class="dot-key" aria-hidden="true"></span> cumulative share</span></p>
    ${fitted((width) => draw(shown, currency, href, width), 900)}
    ${folded(rest > 0 ? `All ${count(counted.length)} as a table` : "As a table", () => table(counted, currency, href))}
  </section>`;
}

function draw(bars: readonly Counted[], currency: string, href: ParetoOptions["href"], width: number): Element {
  const nameWidth = Math.min(220, Math.floor(width * 0.3));
  const names = shortNames(bars, nameWidth);
  const isNarrow = width < 560;
  // One scale for both halves of the plot: money up to `right`, the share from `from` to `to`.
  const right = Math.max(...bars.map(({cents}) => cents));
  const from = right * (isNarrow ? 2.1 : 1.35);
  const to = from + right * (isNarrow ? 0.95 : 0.6);
  const at = (share: number): number => from + share * (to - from);
  const [marginLeft, marginRight] = [nameWidth + 8, isNarrow ? 44 : 52];
  const room = ((width - marginLeft - marginRight) * (from - right)) / to;
  const exact = bars.map(({cents}) => money(fromCents(cents), currency));
  // Pixels between 80 and 100 %, whose labels may not lie over each other.
  const between = ((width - marginLeft - marginRight) * (to - from) * 0.2) / to;
  const labelled = isNarrow ? [0, 1] : between < 34 ? [0, 0.5, 1] : [0, 0.5, 0.8, 1];
  const isTight = exact.some((text) => labelWidth(text) > room);
  const hatch = overHatch();
  const rows = bars.map((bar, index) => ({
    ...bar,
    middle: toCents(bar.under),
    amount: isTight ? roughMoney(fromCents(bar.cents), currency) : exact[index],
    href: href(bar),
  }));
  const chart = Plot.plot({
    width,
    height: bars.length * rowHeight(names, width) + 34,
    marginLeft,
    marginRight,
    marginTop: 26,
    marginBottom: 8,
    style: {fontFamily: "inherit", fontSize: "12px", background: "transparent", overflow: "visible"},
    x: {domain: [0, to], axis: null},
    y: {domain: bars.map(({id}) => id), axis: null, padding: 0.3},
    marks: [
      Plot.ruleX([0, 0.5, 0.8, 1].map(at), {stroke: "var(--line)"}),
      Plot.text(labelled, {
        x: at,
        frameAnchor: "top",
        dy: -18,
        text: (share: number) => `${share * 100}%`,
        fill: "var(--ink-quiet)",
      }),
      Plot.axisY({
        tickSize: 0,
        tickFormat: (id: string) => names.get(id) ?? id,
        fontSize: 12,
        tickPadding: 8,
        label: null,
      }),
      Plot.barX(rows, {x1: 0, x2: "middle", y: "id", fill: "var(--under)"}),
      Plot.barX(rows, {
        x1: "middle",
        x2: "cents",
        y: "id",
        fill: hatch.fill,
        stroke: "var(--over)",
        strokeWidth: (bar) => (isZero(bar.over) ? 0 : 1),
      }),
      Plot.text(rows, {
        x: "cents",
        y: "id",
        text: "amount",
        textAnchor: "start",
        dx: 6,
        fill: "var(--ink)",
      }),
      Plot.line(rows, {x: (bar) => at(bar.share), y: "id", stroke: "var(--ink-quiet)", strokeWidth: 1.5}),
      Plot.dot(rows, {x: (bar) => at(bar.share), y: "id", r: 3.5, fill: "var(--ink)"}),
      Plot.text(rows, {
        x: () => to,
        y: "id",
        text: (bar) => percent(String(bar.share)),
        textAnchor: "start",
        dx: 8,
        fill: "var(--ink-quiet)",
      }),
      Plot.ruleX([0], {stroke: "var(--ink-quiet)"}),
      Plot.barX(rows, {
        x1: 0,
        x2: () => to,
        y: "id",
        fill: "transparent",
        href: "href",
        ariaLabel: (bar) =>
          `${bar.label}: ${impactInWords(bar, currency)}, with those above ${percent(String(bar.share))} of all`,
      }),
    ],
  });
  chart.prepend(hatch.defs);
  return nameChart(chart, `Clients by absolute impact, ${currency} per month, as bars with their cumulative share`);
}

function table(bars: readonly Counted[], currency: string, href: ParetoOptions["href"]): HTMLElement {
  const caption = `Clients by absolute impact, ${currency} per month`;
  return scrollingTable(
    caption,
    html.fragment`<thead><tr><th scope="col">Client</th><th scope="col" class="number">Underbilled</th><th scope="col" class="number">Overbilled</th><th scope="col" class="number">Absolute</th><th scope="col" class="number">Cumulative share</th></tr></thead>
    <tbody>${bars.map(
      (bar) => html`<tr>
        <th scope="row" class="long"><a href=${href(bar)}><bdi>${bar.label}</bdi></a></th>
        <td class="number">${amount(bar.under, currency)}</td>
        <td class="number">${amount(negated(bar.over), currency)}</td>
        <td class="number">${money(fromCents(bar.cents), currency)}</td>
        <td class="number">${percent(String(bar.share))}</td>
      </tr>`,
    )}</tbody>`,
  );
}
