import * as Plot from "@observablehq/plot";
import {html} from "htl";
import {fromCents} from "../lib/cents.js";
import {signedMoney} from "../lib/format.js";

export interface ImpactBar {
  readonly label: string;
  readonly href: string;
  readonly underCents: number;
  readonly overCents: number;
}

/** Under- and overbilled per month to the right and left of zero, the largest first; every bar is a link. */
export function impactBars(title: string, bars: readonly ImpactBar[], currency: string, width: number): HTMLElement {
  const largest = [...bars].sort((a, b) => b.underCents + b.overCents - a.underCents - a.overCents).slice(0, 15);
  if (largest.length === 0)
    return html`<section class="chart"><h3>${title}</h3><p class="empty">Nothing is under- or overbilled.</p></section>`;
  const short = (label: string): string => (label.length > 26 ? `${label.slice(0, 25)}…` : label);
  const data = largest.flatMap((bar) => [
    {...bar, cents: bar.underCents, side: "Underbilled"},
    {...bar, cents: -bar.overCents, side: "Overbilled"},
  ]);
  const chart = Plot.plot({
    width,
    marginLeft: Math.min(190, width * 0.45),
    marginRight: 12,
    height: 40 + largest.length * 24,
    ariaLabel: title,
    x: {
      label: `${currency} per month`,
      grid: true,
      tickFormat: "~s",
      ticks: 4,
    },
    y: {
      domain: largest.map(({label}) => label),
      tickFormat: short,
      label: null,
      tickSize: 0,
    },
    marks: [
      Plot.barX(
        data.filter(({cents}) => cents !== 0),
        {
          x: (bar) => bar.cents / 100,
          y: "label",
          fill: (bar) => (bar.cents > 0 ? "var(--under)" : "var(--over)"),
          href: "href",
          title: (bar) =>
            `${bar.label}: ${bar.side.toLowerCase()} ${signedMoney(fromCents(bar.cents), currency)} a month`,
        },
      ),
      Plot.ruleX([0]),
    ],
  });
  for (const group of chart.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
  for (const link of chart.querySelectorAll("a")) {
    const name = link.querySelector("title")?.textContent;
    if (name) link.setAttribute("aria-label", name);
  }
  return html`<section class="chart"><h3>${title}</h3>${chart}
    <details><summary>The same as a table</summary><div class="table-scroll" role="region" aria-label=${`${title}, as a table`} tabindex="0"><table>
      <caption class="visually-hidden">${title}</caption>
      <thead><tr><th scope="col">Name</th><th scope="col" class="number">Underbilled</th><th scope="col" class="number">Overbilled</th></tr></thead>
      <tbody>${largest.map(
        (bar) =>
          html`<tr><th scope="row"><a href=${bar.href}>${bar.label}</a></th><td class="number">${signedMoney(fromCents(bar.underCents), currency)}</td><td class="number">${signedMoney(fromCents(-bar.overCents), currency)}</td></tr>`,
      )}</tbody></table></div></details></section>`;
}
