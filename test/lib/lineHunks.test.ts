import {applyPatch} from "diff";
import fc from "fast-check";
import {expect, it} from "vitest";
import {lineHunks} from "../../src/lib/lineHunks.js";

const patch = (before: string, after: string, context = 4) => ({
  ...{oldFileName: "a", newFileName: "b", oldHeader: "", newHeader: ""},
  hunks: lineHunks(before, after, context),
});

it("makes one text of the other, whatever the two are", () => {
  const text = fc.tuple(fc.array(fc.constantFrom("", "a", "b", "c,1", "c,2\r")), fc.boolean());
  const written = ([lines, isEnded]: [string[], boolean]) =>
    lines.join("\n") + (isEnded && lines.length > 0 ? "\n" : "");
  fc.assert(
    fc.property(text, text, fc.integer({min: 0, max: 4}), (one, other, context) => {
      const [before, after] = [written(one), written(other)];
      expect(applyPatch(before, patch(before, after, context), {autoConvertLineEndings: false})).toBe(after);
    }),
    {numRuns: 300},
  );
});

it("shows rows that are removed, changed and added, and no others", () => {
  const before = "k,v\n1,a\n2,b\n3,c\n4,d\n5,e\n";
  const after = "k,v\n1,A\n3,c\n4,d\n5,e\n6,f\n";
  expect(lineHunks(before, after, 0).map(({lines}) => lines)).toEqual([["-1,a", "-2,b", "+1,A"], ["+6,f"]]);
});

it("compares twenty thousand rows of which each has changed", () => {
  const rows = (value: string) => Array.from({length: 20_000}, (_, index) => `${index},${value}\n`).join("");
  const [hunk] = lineHunks(rows("a"), rows("b"), 4);
  expect([hunk?.oldLines, hunk?.newLines, hunk?.lines.length]).toEqual([20_000, 20_000, 40_000]);
});
