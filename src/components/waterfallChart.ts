import * as Plot from "@observablehq/plot";
import {html} from "htl";
import {toCents} from "../lib/cents.js";
import {dropZeroCents, isZero, money, signedMoney} from "../lib/format.js";
import type {Side} from "../lib/historyFigures.js";
import {fitted, nameChart, overHatch} from "./chartFrame.js";
import {axisEnds} from "./labelRoom.js";
import {scrollingTable} from "./scrollingTable.js";

export interface DrawnStep {
  readonly label: string;
  /** Decimal text; its sign says whether the amount of the side grows or shrinks. */
  readonly amount: string;
  readonly isTotal: boolean;
  /** To its rows; null where there are none. */
  readonly href: string | null;
}

/** From last month's amount to this month's, a step a row: what adds to it tinted, what takes off hollow. */
export function waterfallChart(title: string, steps: readonly DrawnStep[], side: Side, currency: string): HTMLElement {
  if (steps.every(({amount, href}) => isZero(amount) && href === null)) {
    return html`<section class="chart"><h3>${title}</h3><p class="empty">Nothing with a price was found ${side}billed in either month.</p></section>`;
  }
  const table = scrollingTable(
    title,
    html.fragment`<thead><tr><th scope="col">Step</th><th scope="col" class="number">Amount</th></tr></thead>
    <tbody>${steps.map((step) => html`<tr><th scope="row">${step.label}</th><td class="number">${step.href === null ? written(step, currency) : html`<a href=${step.href}>${written(step, currency)}</a>`}</td></tr>`)}</tbody>`,
    `${title}, as a table`,
  );
  return html`<section class="chart"><h3>${title}</h3>
    ${fitted((width) => nameChart(drawSteps(steps, side, currency, width), `${title}, as bars`))}
    <details><summary>As a table</summary>${table}</details>
  </section>`;
}

function written({amount, isTotal}: Pick<DrawnStep, "amount" | "isTotal">, currency: string): string {
  return isTotal ? money(amount, currency) : signedMoney(amount, currency);
}

function drawSteps(steps: readonly DrawnStep[], side: Side, currency: string, width: number): Element {
  let level = 0;
  const texts = dropZeroCents(steps.map((step) => written(step, currency)));
  const bars = steps.map((step, index) => {
    const cents = toCents(step.amount);
    const start = step.isTotal ? 0 : level;
    level = start + cents;
    return {
      ...step,
      low: Math.min(start, level) / 100,
      high: Math.max(start, level) / 100,
      level: level / 100,
      kind: step.isTotal ? "total" : cents < 0 ? "less" : "more",
      text: texts[index] ?? "",
    };
  });
  const hatched = overHatch();
  const [marginLeft, marginRight] = [width < 460 ? 112 : 132, 6];
  const domain = axisEnds(
    bars.map(({high, text}) => ({left: 0, right: Math.max(high, 1), leftLabel: "", rightLabel: text})),
    width - marginLeft - marginRight,
  );
  const links = bars
    .slice(0, -1)
    .map((bar, index) => ({level: bar.level, from: bar.label, to: bars[index + 1]?.label}));
  const of = (kind: string) => bars.filter((bar) => bar.kind === kind && !isZero(bar.amount));
  const plot = Plot.plot({
    width,
    height: steps.length * 28 + 12,
    marginLeft,
    marginRight,
    marginTop: 4,
    marginBottom: 8,
    style: {fontFamily: "inherit", fontSize: "12px", background: "transparent", overflow: "visible"},
    x: {domain, axis: null},
    y: {domain: steps.map(({label}) => label), axis: null, padding: 0.28},
    marks: [
      Plot.axisY({tickSize: 0, tickPadding: 8, label: null, fontSize: 12}),
      Plot.link(links, {
        x1: "level",
        x2: "level",
        y1: "from",
        y2: "to",
        stroke: "var(--line-strong)",
        strokeDasharray: "2,2",
      }),
      Plot.barX(of("total"), {
        x1: "low",
        x2: "high",
        y: "label",
        ...(side === "over" ? {fill: hatched.fill, stroke: "var(--over)"} : {fill: "var(--under)", rx: 2}),
      }),
      Plot.barX(of("more"), {x1: "low", x2: "high", y: "label", fill: `var(--${side}-soft)`, stroke: `var(--${side})`}),
      Plot.barX(of("less"), {x1: "low", x2: "high", y: "label", fill: "var(--surface)", stroke: `var(--${side})`}),
      Plot.text(bars, {x: "high", y: "label", text: "text", textAnchor: "start", dx: 6, fill: "var(--ink)"}),
      Plot.ruleX([0], {stroke: "var(--ink-quiet)"}),
      Plot.barX(
        bars.filter(({href}) => href !== null),
        {
          x1: domain[0],
          x2: domain[1],
          y: "label",
          fill: "transparent",
          href: "href",
          ariaLabel: (bar) => `${bar.label}: ${written(bar, currency)}, its rows`,
          className: "bar-link",
        },
      ),
    ],
  });
  plot.prepend(hatched.defs);
  return plot;
}
