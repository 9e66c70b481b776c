import * as Plot from "@observablehq/plot";
import {html} from "htl";
import {count, cut, plural, roughNumber} from "../lib/format.js";
import type {ResultSet} from "../lib/resultSet.js";

export type Mark = "bar" | "line" | "dot";

export interface ChartChoice {
  /** Names of columns; an empty colour is none. */
  readonly x: string;
  readonly y: string;
  readonly colour: string;
  readonly mark: Mark;
}

/** So many rows a chart of each kind draws: more could not be told apart. */
const most: Readonly<Record<Mark, number>> = {bar: 40, line: 5000, dot: 5000};
const mostColours = 8;

/**
 * What fits the columns: an amount over time as a line, an amount by name as bars, two amounts as dots. Null where there is
 * nothing to measure.
 */
export function sensibleChart({columns, rowCount}: ResultSet): ChartChoice | null {
  const isId = (name: string): boolean => /(^|_)id$/.test(name);
  const measures = columns.filter(({kind}) => kind === "number");
  const y = measures.find(({name}) => /(amount|monthly|total|impact|value|margin)/.test(name)) ?? measures[0];
  if (y === undefined || rowCount === 0) return null;
  const time = columns.find(({kind}) => kind === "time");
  const names = columns.filter(({kind}) => kind === "text");
  const name =
    names.find((column) => /name$/.test(column.name)) ?? names.find((column) => !isId(column.name)) ?? names[0];
  const x = (rowCount > 1 ? time : undefined) ?? name ?? measures.find((column) => column !== y) ?? y;
  const mark = x.kind === "time" ? "line" : x.kind === "number" ? "dot" : "bar";
  return {x: x.name, y: y.name, colour: "", mark};
}

/**
 * The currencies of the amounts, the most frequent first, and whether rows name none. Amounts of two are never added, and share
 * no axis.
 */
function currenciesOf(result: ResultSet): {currencies: string[]; isBare: boolean} {
  const column = result.columns.findIndex(({name}) => name === "currency");
  const counts = new Map<string | null, number>();
  for (let row = 0; column >= 0 && row < result.rowCount; row++) {
    const currency = result.text(row, column);
    counts.set(currency, (counts.get(currency) ?? 0) + 1);
  }
  const ordered = [...counts].sort(([, one], [, other]) => other - one).map(([currency]) => currency);
  return {currencies: ordered.filter((currency) => currency !== null), isBare: ordered.includes(null)};
}

/** A chart of the rows, and controls for what it shows. The table of rows holds the same figures. */
export function resultChart(result: ResultSet): HTMLElement {
  const choice = sensibleChart(result);
  if (choice === null) return html`<p class="empty">A chart needs a row and a column of numbers.</p>`;
  const {currencies, isBare} = currenciesOf(result);
  let current = choice;
  let [currency = ""] = currencies;
  const place = html`<div class="plot"></div>` as HTMLElement;
  const note = html`<p class="quiet chart-note"></p>` as HTMLElement;
  let width = 0;
  const draw = (): void => {
    const only = currencies.length < 2 || current.x === "currency" ? null : currency;
    const {chart, remark} = plot(result, current, only, width || 900);
    place.replaceChildren(chart);
    const others = only === null ? [] : currencies.filter((other) => other !== only);
    const remarks = [
      remark,
      others.length === 0
        ? ""
        : `Amounts in ${others.join(", ")}${isBare ? " or without a currency" : ""} are not drawn.`,
    ];
    note.textContent = [...remarks, "The tab Rows holds every figure."].filter((text) => text !== "").join(" ");
  };
  const field = (label: string, key: keyof ChartChoice, options: readonly (readonly [string, string])[]): HTMLElement =>
    html`<label class="field">${label}<select ${{
      onchange: (event: Event) => {
        current = {...current, [key]: (event.target as HTMLSelectElement).value};
        draw();
      },
    }}>${options.map(([value, text]) => html`<option value=${value} selected=${current[key] === value}>${text}</option>`)}</select></label>`;
  const named = (columns: ResultSet["columns"]) => columns.map(({name}) => [name, name] as const);
  const node = html`<div class="result-chart">
    <div class="filters">
      ${field("Kind", "mark", [
        ["bar", "Bars"],
        ["line", "Lines"],
        ["dot", "Dots"],
      ])}
      ${field("Along", "x", named(result.columns))}
      ${field("Amount", "y", named(result.columns.filter(({kind}) => kind === "number")))}
      ${field("Colour", "colour", [["", "none"], ...named(result.columns)])}
      ${
        currencies.length < 2
          ? ""
          : html`<label class="field">Currency<select ${{
              onchange: (event: Event) => {
                currency = (event.target as HTMLSelectElement).value;
                draw();
              },
            }}>${currencies.map((one) => html`<option value=${one}>${one}</option>`)}</select></label>`
      }
    </div>
    ${place}${note}
  </div>` as HTMLElement;
  draw();
  if (typeof ResizeObserver !== "undefined") {
    new ResizeObserver(([entry]) => {
      const next = Math.floor(entry?.contentRect.width ?? 0);
      if (Math.abs(next - width) < 8) return;
      width = next;
      draw();
    }).observe(place);
  }
  return node;
}

interface Point {
  readonly x: number | Date | string;
  readonly y: number;
  readonly colour: string;
}

function plot(
  result: ResultSet,
  choice: ChartChoice,
  currency: string | null,
  width: number,
): {chart: Element; remark: string} {
  const {x, y, colour, mark} = choice;
  const {points, left, dropped} = pointsOf(result, choice, currency);
  const colours = [...new Set(points.map((point) => point.colour))];
  const fill = colour === "" ? "var(--under)" : "colour";
  const isBar = mark === "bar";
  const measure = currency === null ? y : `${y}, ${currency}`;
  const labelWidth = isBar ? Math.min(220, Math.floor(width * 0.34)) : 64;
  const names = [...new Set(points.map((point) => String(point.x)))];
  const short = (text: string): string => cut(text, Math.floor(labelWidth / 6.9));
  const chart = Plot.plot({
    width,
    height: isBar ? names.length * 26 + 50 : Math.min(420, Math.max(240, width * 0.5)),
    marginLeft: labelWidth + 8,
    marginRight: 16,
    // Many bars reach below what is in sight: their axis stands where they begin.
    marginTop: isBar ? 40 : 20,
    marginBottom: isBar ? 8 : 40,
    style: {fontFamily: "inherit", fontSize: "12px", background: "transparent", overflow: "visible"},
    color: {legend: colour !== "" && colours.length > 1, domain: colours, range: palette},
    ...(isBar
      ? {
          x: {label: measure, axis: "top", tickFormat: roughNumber, ticks: width < 460 ? 3 : 6, grid: true, nice: true},
          y: {label: null, domain: names, tickFormat: short, tickSize: 0, padding: 0.3},
        }
      : {
          x: {label: x, nice: true, ...(typeof points[0]?.x === "string" ? {type: "point" as const} : {})},
          y: {label: measure, tickFormat: roughNumber, grid: true, nice: true},
        }),
    marks: isBar
      ? [
          Plot.barX(points, {x: "y", y: (point: Point) => String(point.x), fill, tip: false}),
          Plot.ruleX([0], {stroke: "var(--ink-quiet)"}),
        ]
      : mark === "line"
        ? [
            Plot.lineY(points, {x: "x", y: "y", stroke: fill, z: "colour", strokeWidth: 2}),
            Plot.dot(points, {x: "x", y: "y", fill, r: 3}),
          ]
        : [Plot.dot(points, {x: "x", y: "y", stroke: fill, r: 4})],
  });
  const drawing = chart.localName === "svg" ? chart : chart.querySelector(":scope > svg");
  drawing?.setAttribute("role", "img");
  drawing?.setAttribute(
    "aria-label",
    `${y} by ${x}${currency === null ? "" : `, ${currency}`}${colour === "" ? "" : `, coloured by ${colour}`}, ${plural(points.length, "point")}`,
  );
  for (const part of drawing?.querySelectorAll("[aria-label]") ?? []) part.removeAttribute("aria-label");
  const isOrAre = (number: number): string => (number === 1 ? "is" : "are");
  const remarks = [
    left > 0 ? `The first ${count(points.length)} rows; ${count(left)} more ${isOrAre(left)} not drawn.` : "",
    dropped > 0
      ? `${plural(dropped, "row")} without ${isBar || x === y ? y : `${x} or ${y}`} ${isOrAre(dropped)} left out.`
      : "",
  ];
  return {chart, remark: remarks.filter((text) => text !== "").join(" ")};
}

/** Apart for every kind of colour vision, in light and dark. */
const palette = ["#2f78d6", "#d9711c", "#2a9d78", "#b8569b", "#a08414", "#5a6fd8", "#c4483f", "#6d7685"];

function pointsOf(
  result: ResultSet,
  {x, y, colour, mark}: ChartChoice,
  currency: string | null,
): {points: Point[]; left: number; dropped: number} {
  const index = (name: string): number => result.columns.findIndex((column) => column.name === name);
  const [along, amount, by] = [index(x), index(y), index(colour)];
  const kind = result.columns[along]?.kind;
  const colours = new Set<string>();
  const points: Point[] = [];
  const inCurrency = index("currency");
  let dropped = 0;
  let left = 0;
  for (let row = 0; row < result.rowCount; row++) {
    if (currency !== null && result.text(row, inCurrency) !== currency) continue;
    if (points.length >= most[mark]) {
      left += 1;
      continue;
    }
    const value = result.text(row, amount);
    const place = result.text(row, along);
    if (value === null || (place === null && mark !== "bar")) {
      dropped += 1;
      continue;
    }
    const wanted = by < 0 ? "" : (result.text(row, by) ?? "null");
    if (colours.size < mostColours) colours.add(wanted);
    points.push({
      // Pixels do not need more digits than a float has; the rows keep them all.
      y: Number(value),
      x:
        mark === "bar" || kind === "text"
          ? (place ?? "null")
          : kind === "time"
            ? new Date(utc(place ?? ""))
            : Number(place),
      colour: colours.has(wanted) ? wanted : "others",
    });
  }
  return {points, left, dropped};
}

function utc(text: string): string {
  const iso = text.replace(" ", "T");
  return iso.includes("T") && !iso.endsWith("Z") ? `${iso}Z` : iso;
}
