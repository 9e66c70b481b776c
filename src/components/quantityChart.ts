import * as Plot from "@observablehq/plot";
import {html} from "htl";
import {count, isZero, plural, quantity, roughNumber} from "../lib/format.js";
import {fitted, nameChart, shortNames} from "./chartFrame.js";
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

const title = "Used against billed quantity by service, in units";

/** For each service two dots, what is used and what is billed, and what differs in either direction in words. */
export function quantityChart({services, href}: QuantityChartOptions): HTMLElement {
  if (services.length === 0) {
    return html`<section class="chart"><h2>${title}</h2><p class="empty">No service was compared.</p></section>`;
  }
  const differing = services.filter(({missing, surplus}) => !isZero(missing) || !isZero(surplus)).length;
  return html`<section class="chart"><h2>${title}</h2>
    <p>${differing === 0 ? "No service differs for any client." : `${differing} of ${plural(services.length, "service")} ${differing === 1 ? "differs" : "differ"} for at least one client.`} Used is the expected quantity: the system count after multiplier, minimum, maximum and included units. Only what could be compared is counted.</p>
    <p class="legend"><span class="whole"><span class="dot-key" aria-hidden="true"></span> used</span> <span class="whole"><span class="dot-key open" aria-hidden="true"></span> billed</span></p>
    ${fitted((width) => draw(services, href, width), 900)}
    <details><summary>As a table</summary>${table(services, href)}</details>
  </section>`;
}

function draw(services: readonly ServiceQuantity[], href: QuantityChartOptions["href"], width: number): Element {
  const labelWidth = Math.min(220, Math.floor(width * 0.3));
  const names = shortNames(services, labelWidth);
  const isNarrow = width < 560;
  const rows = services.map((service) => ({
    ...service,
    usedUnits: Number(service.used),
    billedUnits: Number(service.billed),
    href: href(service),
  }));
  const most = Math.max(...rows.map(({usedUnits, billedUnits}) => Math.max(usedUnits, billedUnits)), 1);
  const chart = Plot.plot({
    width,
    height: rows.length * 40 + 30,
    marginLeft: labelWidth + 13,
    marginRight: isNarrow ? 78 : 210,
    marginTop: 4,
    marginBottom: 26,
    style: {fontFamily: "inherit", fontSize: "12px", background: "transparent", overflow: "visible"},
    x: {domain: [0, most], axis: null},
    y: {domain: rows.map(({id}) => id), axis: null, padding: 0.2},
    marks: [
      Plot.axisX({
        ticks: isNarrow ? 3 : 6,
        tickSize: 0,
        label: null,
        tickFormat: (units: number) =>
          !Number.isInteger(units) ? "" : most < 10_000 ? count(units) : roughNumber(units),
        color: "var(--ink-quiet)",
      }),
      Plot.gridX({ticks: isNarrow ? 3 : 6, stroke: "var(--line)", strokeOpacity: 1}),
      Plot.axisY({
        tickSize: 0,
        tickFormat: (id: string) => names.get(id) ?? id,
        fontSize: 12,
        tickPadding: 13,
        label: null,
      }),
      Plot.ruleY(rows, {x1: "usedUnits", x2: "billedUnits", y: "id", stroke: "var(--ink-quiet)", strokeWidth: 3}),
      Plot.dot(rows, {x: "usedUnits", y: "id", r: 4, fill: "var(--ink)"}),
      Plot.dot(rows, {x: "billedUnits", y: "id", r: 7, stroke: "var(--ink)", strokeWidth: 1.75, fill: "none"}),
      Plot.text(rows, {
        frameAnchor: "right",
        y: "id",
        textAnchor: "start",
        dx: 14,
        text: (row) =>
          isNarrow ? differences(row, true) : `${quantity(row.used)} used, ${quantity(row.billed)} billed`,
        dy: isNarrow ? 0 : -7,
        fill: "var(--ink)",
      }),
      ...(isNarrow
        ? []
        : [
            Plot.text(rows, {
              frameAnchor: "right",
              y: "id",
              textAnchor: "start",
              dx: 14,
              dy: 7,
              text: (row) => differences(row, false),
              fill: "var(--ink-quiet)",
            }),
          ]),
      Plot.barX(rows, {
        x1: 0,
        x2: () => most,
        y: "id",
        fill: "transparent",
        href: "href",
        ariaLabel: (row) =>
          `${row.label}: ${quantity(row.used)} used, ${quantity(row.billed)} billed, ${differences(row, false)}`,
      }),
    ],
  });
  return nameChart(chart, `${title}, as dots`);
}

function differences({missing, surplus}: ServiceQuantity, isShort: boolean): string {
  const parts = [
    isZero(missing) ? null : isShort ? `+${quantity(missing)}` : `${quantity(missing)} not billed`,
    isZero(surplus) ? null : isShort ? `−${quantity(surplus)}` : `${quantity(surplus)} not used`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? (isShort ? "=" : "no difference") : parts.join(isShort ? " " : ", ");
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
