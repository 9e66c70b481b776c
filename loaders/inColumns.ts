import {onOneLine} from "./terminalText.js";

/** Rows of cells as lines of a terminal: each column is as wide as its widest cell. */
export function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  const lines = rows.map((row) => row.map(onOneLine));
  for (const row of lines)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  return lines.map((row) =>
    row
      .map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - widthOf(cell)))
      .join("  ")
      .trimEnd(),
  );
}

const characters = new Intl.Segmenter();
const wide =
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

/** How many places a terminal gives a text: two for a letter of East Asia or an emoji. */
function widthOf(text: string): number {
  return [...characters.segment(text)].reduce((sum, {segment}) => sum + (wide.test(segment) ? 2 : 1), 0);
}
