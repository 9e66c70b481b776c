import * as Plot from "@observablehq/plot";
import {html} from "htl";
import {toCents} from "../lib/cents.js";
import {count, dropZeroCents, money, negated, roughMoney, roughNumber} from "../lib/format.js";
import {amount, impactInWords} from "./amount.js";
import {fitted, nameChart, overHatch, rowHeight, shortNames} from "./chartFrame.js";
import {folded} from "./folded.js";
import {axisEnds, shareOfBars} from "./labelRoom.js";
import {scrollingTable} from "./scrollingTable.js";

export interface ImpactBar {
  readonly id: string;
  readonly label: string;
  readonly href: string;
  /** Per month, both positive decimal text. */
  readonly under: string;
  readonly over: string;
}

export interface ImpactChartOptions {
  readonly title: string;
  readonly bars: readonly ImpactBar[];
  readonly currency: string;
  readonly note?: string;
  /** Where there is no layout, as in a test. */
  readonly width?: number;
}

/** So many bars the chart draws; the table below it has them all. */
const most = 12;

/** Overbilled to the left of zero and hatched, underbilled to the right: bars, each a link, and the same as a table. */
export function impactChart({title, bars, currency, note, width}: ImpactChartOptions): HTMLElement {
  const heading = html`<h3>${title}</h3>`;
  if (bars.length === 0) {
    return html`<section class="chart">${heading}<p class="empty">Nothing is under- or overbilled.</p></section>`;
  }
  return html`<section class="chart">${heading}
    ${note === undefined ? "" : html`<p class="quiet">${note}</p>`}
    ${fitted((space) => drawBars(title, bars.slice(0, most), currency, space), width)}
    ${folded(bars.length > most ? `All ${count(bars.length)} as a table` : "As a table", () => table(title, bars, currency))}
  </section>`;
}

function drawBars(title: string, bars: readonly ImpactBar[], currency: string, width: number): Element {
  const nameWidth = Math.min(200, Math.floor(width * 0.36));
  const names = shortNames(bars, nameWidth);
  const [left, right] = [nameWidth + 8, 6];
  const sides = bars.map((bar) => ({...bar, right: toCents(bar.under) / 100, left: -toCents(bar.over) / 100}));
  const labelled = (write: (sum: string) => string, shorten = (labels: string[]) => labels) => {
    const rightLabels = sides.map(({right, under}) => (right === 0 ? "" : `+${write(under)}`));
    const leftLabels = sides.map(({left, over}) => (left === 0 ? "" : `−${write(over)}`));
    const labels = shorten([...rightLabels, ...leftLabels]);
    return sides.map((bar, index) => ({
      ...bar,
      rightLabel: labels[index] ?? "",
      leftLabel: labels[sides.length + index] ?? "",
    }));
  };
  const exact = labelled((sum) => money(sum, currency), dropZeroCents);
  const space = width - left - right;
  const isTight = shareOfBars(exact, space) < 0.4;
  const rows = isTight ? labelled((sum) => roughMoney(sum, currency)) : exact;
  const domain = axisEnds(rows, space);
  const hatch = overHatch();
  const chart = Plot.plot({
    width,
    height: bars.length * rowHeight(names, width) + 30,
    marginLeft: left,
    marginRight: right,
    marginTop: 4,
    marginBottom: 26,
    style: {fontFamily: "inherit", fontSize: "12px", background: "transparent", overflow: "visible"},
    x: {domain, axis: null},
    y: {domain: bars.map(({id}) => id), axis: null, padding: 0.3},
    marks: [
      Plot.axisX({
        ticks: width < 460 ? 3 : 5,
        tickSize: 0,
        label: null,
        tickFormat: roughNumber,
        color: "var(--ink-quiet)",
      }),
      Plot.gridX({ticks: width < 460 ? 3 : 5, stroke: "var(--line)", strokeOpacity: 1}),
      Plot.axisY({
        tickSize: 0,
        tickFormat: (id: string) => names.get(id) ?? id,
        fontSize: 12,
        tickPadding: 8,
        label: null,
      }),
      Plot.barX(rows, {x1: 0, x2: "right", y: "id", fill: "var(--under)", rx2: 2, className: "bar-under"}),
      Plot.barX(rows, {
        x1: "left",
        x2: 0,
        y: "id",
        fill: hatch.fill,
        stroke: "var(--over)",
        className: "bar-over",
      }),
      Plot.text(rows, {
        x: "right",
        y: "id",
        text: "rightLabel",
        textAnchor: "start",
        dx: 5,
        fill: "var(--under)",
      }),
      Plot.text(rows, {
        x: "left",
        y: "id",
        text: "leftLabel",
        textAnchor: "end",
        dx: -5,
        fill: "var(--over)",
      }),
      Plot.ruleX([0], {stroke: "var(--ink-quiet)"}),
      Plot.barX(rows, {
        x1: domain[0],
        x2: domain[1],
        y: "id",
        fill: "transparent",
        href: "href",
        ariaLabel: (bar) => `${bar.label}: ${impactInWords(bar, currency)} per month`,
        className: "bar-link",
      }),
    ],
  });
  chart.prepend(hatch.defs);
  return nameChart(chart, `${title}, as bars`);
}

function table(title: string, bars: readonly ImpactBar[], currency: string): HTMLElement {
  return scrollingTable(
    title,
    html.fragment`<thead><tr><th scope="col">Name</th><th scope="col" class="number">Underbilled</th><th scope="col" class="number">Overbilled</th></tr></thead>
    <tbody>${bars.map(
      ({label, href, under, over}) => html`<tr>
        <th scope="row"><a href=${href}><bdi>${label}</bdi></a></th>
        <td class="number">${amount(under, currency)}</td>
        <td class="number">${amount(negated(over), currency)}</td>
      </tr>`,
    )}</tbody>`,
    `${title}, as a table`,
  );
}
