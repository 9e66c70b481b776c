import * as Plot from "@observablehq/plot";
import {html} from "htl";
import {count, isZero, plural, quantity, roughNumber} from "../lib/format.js";
import {fitted, nameChart, overHatch, rowHeight, shortNames} from "./chartFrame.js";
import {folded} from "./folded.js";
import {axisEnds} from "./labelRoom.js";
import {scrollingTable} from "./scrollingTable.js";

export interface ServiceQuantity {
  readonly id: string;
  readonly label: string;
  readonly client_count: string;
  /** Decimal text, units as they are billed. */
  readonly billed: string;
  readonly used: string;
  /** Used and not billed, and billed and not used, over all clients; they never cancel each other out. */
  readonly missing: string;
  readonly surplus: string;
}

export interface QuantityChartOptions {
  readonly services: readonly ServiceQuantity[];
  readonly href: (service: ServiceQuantity) => string;
}

/** So many services are drawn. The table has all. */
const most = 40;

const title = "Used against billed quantity by service, in units";

/** For each service what is used and not billed, and what is billed and not used: the quantities themselves are in words. */
export function quantityChart({services, href}: QuantityChartOptions): HTMLElement {
  if (services.length === 0) {
    return html`<section class="chart"><h2>${title}</h2><p class="empty">No service was compared.</p></section>`;
  }
  const differing = services.filter(({missing, surplus}) => !isZero(missing) || !isZero(surplus)).length;
  const shown = services.slice(0, most);
  const rest = services.length - shown.length;
  return html`<section class="chart"><h2>${title}</h2>
    <p>${differing === 0 ? "No service differs for any client." : `${count(differing)} of ${plural(services.length, "service")} ${differing === 1 ? "differs" : "differ"} for at least one client.`} Used is the expected quantity: the system count after multiplier, minimum, maximum and included units. Only what could be compared is counted.${
      rest > 0
        ? ` The table has the ${rest === 1 ? "one that differs" : `${count(rest)} that differ`} least as well.`
        : ""
    }</p>
    <p class="legend"><span class="whole"><span class="key over-key"></span> billed, not used</span> <span class="whole"><span class="key under-key"></span> used, not billed</span></p>
    ${fitted((width) => draw(shown, href, width), 900)}
    ${folded(rest > 0 ? `All ${count(services.length)} as a table` : "As a table", () => table(services, href))}
  </section>`;
}

/** Bars of what differs alone: beside a thousand units that agree nobody would see ten that do not. */
function draw(services: readonly ServiceQuantity[], href: QuantityChartOptions["href"], width: number): Element {
  const nameWidth = Math.min(220, Math.floor(width * 0.3));
  const names = shortNames(services, nameWidth);
  const isNarrow = width < 560;
  const [left, right] = [nameWidth + 8, isNarrow ? 6 : 190];
  const rows = services.map((service) => ({
    ...service,
    right: Number(service.missing),
    left: -Number(service.surplus),
    rightLabel: isZero(service.missing) ? "" : `+${quantity(service.missing)}`,
    leftLabel: isZero(service.surplus) ? "" : `−${quantity(service.surplus)}`,
    href: href(service),
  }));
  const least = {left: 0, right: 1, leftLabel: "", rightLabel: ""};
  const domain = axisEnds([...rows, least], width - left - right);
  const largest = Math.max(...domain.map(Math.abs));
  const hatch = overHatch();
  const chart = Plot.plot({
    width,
    height: rows.length * rowHeight(names, width) + 30,
    marginLeft: left,
    marginRight: right,
    marginTop: 4,
    marginBottom: 26,
    style: {fontFamily: "inherit", fontSize: "12px", background: "transparent", overflow: "visible"},
    x: {domain, axis: null},
    y: {domain: rows.map(({id}) => id), axis: null, padding: 0.3},
    marks: [
      Plot.axisX({
        ticks: isNarrow ? 3 : 6,
        tickSize: 0,
        label: null,
        tickFormat: (units: number) =>
          !Number.isInteger(units) ? "" : largest < 10_000 ? count(units) : roughNumber(units),
        color: "var(--ink-quiet)",
      }),
      Plot.gridX({ticks: isNarrow ? 3 : 6, stroke: "var(--line)", strokeOpacity: 1}),
      Plot.axisY({
        tickSize: 0,
        tickFormat: (id: string) => names.get(id) ?? id,
        fontSize: 12,
        tickPadding: 8,
        label: null,
      }),
      Plot.barX(rows, {x1: 0, x2: "right", y: "id", fill: "var(--under)"}),
      Plot.barX(
        rows.filter(({surplus}) => !isZero(surplus)),
        {x1: "left", x2: 0, y: "id", fill: hatch.fill, stroke: "var(--over)"},
      ),
      Plot.text(rows, {x: "right", y: "id", text: "rightLabel", textAnchor: "start", dx: 5, fill: "var(--under)"}),
      Plot.text(rows, {x: "left", y: "id", text: "leftLabel", textAnchor: "end", dx: -5, fill: "var(--over)"}),
      ...(isNarrow
        ? []
        : [
            Plot.text(rows, {
              frameAnchor: "right",
              y: "id",
              textAnchor: "start",
              dx: 14,
              text: ({used, billed}) => `${quantity(used)} used, ${quantity(billed)} billed`,
              fill: "var(--ink)",
            }),
          ]),
      Plot.ruleX([0], {stroke: "var(--ink-quiet)"}),
      Plot.barX(rows, {
        x1: domain[0],
        x2: domain[1],
        y: "id",
        fill: "transparent",
        href: "href",
        ariaLabel: (row) =>
          `${row.label}: ${quantity(row.used)} used, ${quantity(row.billed)} billed, ${differences(row)}`,
      }),
    ],
  });
  chart.prepend(hatch.defs);
  return nameChart(chart, `${title}, as bars`);
}

function differences({missing, surplus}: ServiceQuantity): string {
  const parts = [
    isZero(missing) ? null : `${quantity(missing)} not billed`,
    isZero(surplus) ? null : `${quantity(surplus)} not used`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "no difference" : parts.join(", ");
}

function table(services: readonly ServiceQuantity[], href: QuantityChartOptions["href"]): HTMLElement {
  return scrollingTable(
    title,
    html.fragment`<thead><tr><th scope="col">Service</th><th scope="col" class="number">Clients</th><th scope="col" class="number">Used</th><th scope="col" class="number">Billed</th><th scope="col" class="number">Used, not billed</th><th scope="col" class="number">Billed, not used</th></tr></thead>
    <tbody>${services.map(
      (row) => html`<tr>
        <th scope="row" class="long"><a href=${href(row)}><bdi>${row.label}</bdi></a></th>
        <td class="number">${count(row.client_count)}</td><td class="number">${quantity(row.used)}</td><td class="number">${quantity(row.billed)}</td>
        <td class="number">${quantity(row.missing)}</td><td class="number">${quantity(row.surplus)}</td>
      </tr>`,
    )}</tbody>`,
  );
}
