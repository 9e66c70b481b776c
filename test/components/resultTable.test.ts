// @vitest-environment jsdom
import {expect, it} from "vitest";
import {resultTable} from "../../src/components/resultTable.js";

it("of fifty thousand rows draws only what is in sight, and says how many there are", () => {
  const grid = resultTable({
    rowCount: 50_000,
    columns: [{name: "n", type: "BIGINT", kind: "number"}],
    text: (row) => String(row),
  });
  expect(grid.getAttribute("aria-rowcount")).toBe("50001");
  expect(grid.querySelectorAll("[role=gridcell]").length).toBeLessThan(80);
  grid.dispatchEvent(new KeyboardEvent("keydown", {key: "End", ctrlKey: true}));
  const last = [...grid.querySelectorAll("[role=gridcell]")].at(-1);
  expect(last?.textContent).toBe("49999");
  expect(last?.parentElement?.getAttribute("aria-rowindex")).toBe("50001");
  expect(grid.getAttribute("aria-activedescendant")).toBe(last?.id);
});

it("shows null as null and text as text, never as markup", () => {
  const values = [null, "<img src=x>"];
  const grid = resultTable({
    rowCount: 2,
    columns: [{name: "v", type: "VARCHAR", kind: "text"}],
    text: (row) => values[row] as string | null,
  });
  const cells = [...grid.querySelectorAll("[role=gridcell]")];
  expect(cells.map(({textContent}) => textContent)).toEqual(["null", "<img src=x>"]);
  expect(cells.map((cell) => cell.classList.contains("null"))).toEqual([true, false]);
  expect(grid.querySelector("img")).toBeNull();
});
