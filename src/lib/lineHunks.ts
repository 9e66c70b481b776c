import type {StructuredPatchHunk} from "diff";

/**
 * What changes between two texts of which no line changes its place, with some lines around it. Takes as long as there are
 * lines: what finds lines that have moved takes about the square of those that differ.
 */
export function lineHunks(before: string, after: string, context: number): StructuredPatchHunk[] {
  const lines = compareLines(linesOf(before), linesOf(after));
  const isShown = new Set<number>();
  for (const [index, {sign}] of lines.entries())
    if (sign !== " ") for (let near = index - context; near <= index + context; near += 1) isShown.add(near);
  const hunks: StructuredPatchHunk[] = [];
  let [oldLine, newLine] = [1, 1];
  for (const [index, {sign, text}] of lines.entries()) {
    if (isShown.has(index)) {
      if (!isShown.has(index - 1) || index === 0)
        hunks.push({oldStart: oldLine, oldLines: 0, newStart: newLine, newLines: 0, lines: []});
      const hunk = hunks.at(-1) as StructuredPatchHunk;
      hunk.lines.push(`${sign}${text.replace(/\n$/, "")}`);
      if (!text.endsWith("\n")) hunk.lines.push("\\ No newline at end of file");
      if (sign !== "+") hunk.oldLines += 1;
      if (sign !== "-") hunk.newLines += 1;
    }
    if (sign !== "+") oldLine += 1;
    if (sign !== "-") newLine += 1;
  }
  return hunks;
}

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

function compareLines(old: readonly string[], now: readonly string[]): Line[] {
  const [inOld, inNow] = [new Set(old), new Set(now)];
  const lines: Line[] = [];
  let [from, to] = [0, 0];
  while (from < old.length || to < now.length) {
    const [before, after] = [old[from], now[to]];
    if (before !== undefined && before === after) {
      lines.push({sign: " ", text: before});
      from += 1;
      to += 1;
    } else if (before !== undefined && (after === undefined || !inNow.has(before) || inOld.has(after))) {
      lines.push({sign: "-", text: before});
      from += 1;
    } else {
      lines.push({sign: "+", text: after as string});
      to += 1;
    }
  }
  return lines;
}

/** With their line feeds: a last line without one is another. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
