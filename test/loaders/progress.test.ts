import {stripVTControlCharacters} from "node:util";
import {expect, it} from "vitest";
import {showProgress} from "../../loaders/progress.js";

/** The last line that a terminal of so many columns got, without what moves its cursor, as far as it is wide. */
function shownOn(columns: number): string {
  let written = "";
  const write = (text: string): boolean => {
    written += text;
    return true;
  };
  const bar = showProgress("Reconciling", {
    isShown: true,
    stream: {isTTY: true, columns, write} as unknown as NodeJS.WriteStream,
  });
  bar.update(12, 246, "billing_cycles");
  const [line = ""] = written.split("\u001b[1G").slice(-1);
  bar.end();
  return stripVTControlCharacters(line).slice(0, columns);
}

it("says how far the work has come and at what it is, on a narrow terminal too", () => {
  expect(shownOn(100)).toMatch(/^Reconciling \S{24} 12 of 246 {2}billing_cycles$/);
  expect(shownOn(60)).toMatch(/^Reconciling \S{19} 12 of 246 {2}billing_cycles$/);
  expect(shownOn(43)).toMatch(/^Reconciling \S{4} 12 of 246 {2}billing_cycles$/);
  expect(shownOn(40)).toMatch(/^Reconciling \S{4} 12 of 246 {2}billing_cyc/);
});
