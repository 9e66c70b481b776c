// @vitest-environment jsdom
import {describe, expect, it} from "vitest";
import {resultChart, sensibleChart} from "../../src/components/resultChart.js";
import type {ResultSet} from "../../src/lib/resultSet.js";

const column = (name: string, kind: ResultSet["columns"][number]["kind"]) => ({name, type: "", kind});

function rows(count: number, columns: ResultSet["columns"], text: ResultSet["text"]): ResultSet {
  return {columns, rowCount: count, text};
}

describe("a chart", () => {
  it("begins as bars by name, a line over time, or dots, and is none without a number", () => {
    const of = (...columns: ResultSet["columns"]) => sensibleChart(rows(3, columns, () => "1"));
    expect(of(column("client_name", "text"), column("seats", "number"), column("total", "number"))).toEqual({
      x: "client_name",
      y: "total",
      colour: "",
      mark: "bar",
    });
    expect(of(column("month", "time"), column("currency", "text"), column("total", "number"))).toEqual({
      x: "month",
      y: "total",
      colour: "",
      mark: "line",
    });
    expect(of(column("a", "number"), column("b", "number"))?.mark).toBe("dot");
    expect(of(column("a", "text"))).toBeNull();
  });

  it.each([
    ["500000", "2500000", ["0", "500K", "1M", "1.5M", "2M", "2.5M"]],
    ["0.05", "0.1", ["0", "0.02", "0.04", "0.06", "0.08", "0.1"]],
    ["-1250", "-3750", ["−4K", "−3K", "−2K", "−1K", "0"]],
  ])("writes amounts from %s to %s as the site’s other charts do", (first, second, ticks) => {
    const node = resultChart(
      rows(2, [column("name", "text"), column("total", "number")], (row, at) =>
        at === 0 ? `client ${row}` : row === 0 ? first : second,
      ),
    );
    const texts = [...node.querySelectorAll("svg text")].map(({textContent}) => textContent ?? "");
    expect(texts).toEqual(expect.arrayContaining(ticks));
  });
});

describe("a chart that draws not every row", () => {
  const noteOf = (count: number, kind: "text" | "time", values: (row: number) => [string | null, string | null]) =>
    resultChart(
      rows(count, [column("month", kind), column("total", "number")], (row, at) => values(row)[at] ?? null),
    ).querySelector(".chart-note")?.textContent;

  it("says how many it draws", () => {
    expect(noteOf(41, "text", (row) => [`client ${row}`, "1"])).toBe(
      "The first 40 rows; 1 more is not drawn. The tab Rows holds every figure.",
    );
  });

  it.each([
    [1, "1 row without month or total is left out."],
    [2, "2 rows without month or total are left out."],
  ])("says of %i rows what they lack", (lacking, text) => {
    expect(noteOf(6, "time", (row) => [row < lacking ? null : "2026-11-01", "1"])).toContain(text);
  });

  it("leaves out of bars only what has no amount", () => {
    expect(noteOf(3, "text", (row) => [row === 0 ? null : "Acme", row === 1 ? null : "1"])).toContain(
      "1 row without total is left out.",
    );
  });
});

describe("a chart of several currencies", () => {
  const given: readonly (readonly (string | null)[])[] = [
    ["Acme", "EUR", "1000"],
    ["Acme", "USD", "30"],
    ["Bolt", "USD", "20"],
    ["Cora", null, null],
  ];
  const columns = [column("client_name", "text"), column("currency", "text"), column("total", "number")];
  const chart = () => resultChart(rows(given.length, columns, (row, at) => given[row]?.[at] ?? null));
  const labelOf = (node: HTMLElement) => node.querySelector("svg[role=img]")?.getAttribute("aria-label");
  const choose = (node: HTMLElement, label: string, value: string): void => {
    const field = [...node.querySelectorAll("label")].find(({textContent}) => textContent?.startsWith(label));
    const select = field?.querySelector("select") as HTMLSelectElement;
    select.value = value;
    select.dispatchEvent(new Event("change"));
  };

  it("draws one of them at a time, the most frequent first, and says which are left out", () => {
    const node = chart();
    expect(labelOf(node)).toBe("total by client_name, USD, 2 points");
    expect(node.querySelector(".chart-note")?.textContent).toBe(
      "Amounts in EUR or without a currency are not drawn. The tab Rows holds every figure.",
    );
    choose(node, "Currency", "EUR");
    expect(labelOf(node)).toBe("total by client_name, EUR, 1 point");
  });

  it("draws all of them where each is a bar of its own", () => {
    const node = chart();
    choose(node, "Along", "currency");
    expect(labelOf(node)).toBe("total by currency, 3 points");
  });

  it("asks for none where there is one", () => {
    const node = resultChart(rows(2, columns, (row, at) => given[row + 1]?.[at] ?? null));
    expect(labelOf(node)).toBe("total by client_name, 2 points");
    expect([...node.querySelectorAll("label")].map(({firstChild}) => firstChild?.textContent)).not.toContain(
      "Currency",
    );
  });
});
