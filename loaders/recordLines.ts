import {createReadStream} from "node:fs";

const quote = 0x22;
const comma = 0x2c;
const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export interface RecordLines {
  /** For each place asked for, the line on which that record begins; the header is on line 1. */
  readonly lines: readonly number[];
  /** For each rejected offset, the line of the record that begins there, and how many lines it takes. */
  readonly rejectedLines: readonly {readonly line: number; readonly lines: number}[];
}

/**
 * Finds the lines of records of a CSV file, in which quoted fields may contain newlines. `places` are positions, from 0,
 * among the records that could be read; `rejectedOffsets` the byte positions, ascending, where one begins that could not,
 * as DuckDB tells them: counted from 1, and after a carriage return those of the line feed before the record.
 */
export async function findRecordLines(
  path: string,
  places: readonly number[],
  rejectedOffsets: readonly number[] = [],
): Promise<RecordLines> {
  const asked = new Set(places);
  const found = new Map<number, number>();
  const rejectedLines: {line: number; lines: number}[] = [];
  let offset = 0;
  let line = 1;
  let startLine = 1;
  let startOffset = 0;
  let isQuoted = false;
  // A quote opens a field at its beginning only, and within one two of them stand for one.
  let mayOpen = true;
  let isBlank = true;
  let place = -1;
  const endRecord = (): void => {
    if (isBlank) return;
    isBlank = true;
    const isRejected = (): boolean =>
      (rejectedOffsets[rejectedLines.length] ?? Number.POSITIVE_INFINITY) <= startOffset + 1;
    if (place >= 0 && isRejected()) {
      while (isRejected()) rejectedLines.push({line: startLine, lines: Math.max(1, line - startLine)});
      return;
    }
    if (asked.has(place)) found.set(place, startLine);
    place += 1;
  };
  for await (const chunk of createReadStream(path, {
    highWaterMark: 1 << 20,
  })) {
    const bytes = chunk as Buffer;
    // By index: an iterator takes four times as long.
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at];
      offset += 1;
      if (byte === newline) {
        line += 1;
        if (isQuoted) continue;
        endRecord();
        mayOpen = true;
        startLine = line;
        startOffset = offset;
      } else if (byte !== carriageReturn) {
        if (byte !== quote) mayOpen = !isQuoted && byte === comma;
        else if (isQuoted) {
          isQuoted = false;
          mayOpen = true;
        } else isQuoted = mayOpen;
        isBlank = false;
      }
    }
  }
  endRecord();
  return {
    lines: places.map((wanted) => found.get(wanted) ?? 0),
    rejectedLines,
  };
}

export interface Quotes {
  /** Whether a quoted field contains a newline. */
  readonly spanLines: boolean;
  /** The quote that opens a field and never closes it: its line, how many lines are left from there on, and how they begin. */
  readonly unclosed: {readonly line: number; readonly lines: number; readonly text: string} | null;
  /** The first quoted field that holds lines with as many commas as a row has: its line, and how many such lines. */
  readonly swallowed: {readonly line: number; readonly lines: number} | null;
}

/** Looks at the quoted fields of a CSV file of so many columns. A stray quote within an unquoted field opens none. */
export async function scanQuotes(path: string, columns: number): Promise<Quotes> {
  let isQuoted = false;
  let spanLines = false;
  let swallowed: {offset: number; lines: number} | null = null;
  let openedAt = 0;
  // Within a field: commas since its last newline, and lines so far that have as many as a row.
  let commas = 0;
  let rowLike = 0;
  let isWholeLine = false;
  let offset = 0;
  let closedAt = -1;
  let before = newline;
  let begin = 0;
  for await (const chunk of createReadStream(path, {highWaterMark: 1 << 20})) {
    const bytes = chunk as Buffer;
    if (offset === 0 && bytes.subarray(0, 3).equals(byteOrderMark)) begin = 3;
    for (let at = isQuoted ? 0 : bytes.indexOf(quote); at >= 0 && at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === quote) {
        if (isQuoted) {
          isQuoted = false;
          closedAt = offset + at;
          if (rowLike > 0) swallowed ??= {offset: openedAt, lines: rowLike};
        } else if (closedAt >= 0 && closedAt === offset + at - 1) {
          // Two quotes within a field stand for one.
          isQuoted = true;
        } else if (offset + at === begin || opensAfter(at === 0 ? before : bytes[at - 1])) {
          isQuoted = true;
          openedAt = offset + at;
          commas = 0;
          rowLike = 0;
          isWholeLine = false;
        }
      } else if (isQuoted) {
        if (byte === comma) commas += 1;
        else if (byte === newline) {
          spanLines = true;
          if (isWholeLine && columns > 2 && commas === columns - 1) rowLike += 1;
          commas = 0;
          isWholeLine = true;
        }
      }
    }
    offset += bytes.length;
    before = bytes.at(-1) ?? before;
  }
  const place = swallowed === null ? null : await linesFrom(path, swallowed.offset);
  return {
    spanLines,
    unclosed: isQuoted ? await linesFrom(path, openedAt) : null,
    swallowed: swallowed === null || place === null ? null : {line: place.line, lines: swallowed.lines},
  };
}

/** Whether a quote behind this byte opens a field. */
function opensAfter(byte: number | undefined): boolean {
  return byte === comma || byte === newline || byte === carriageReturn;
}

/** The line of a byte, how many lines there are from it on, and what stands there. */
async function linesFrom(path: string, offset: number): Promise<{line: number; lines: number; text: string}> {
  let line = 1;
  let newlines = 0;
  let position = 0;
  let last = newline;
  let text = "";
  for await (const chunk of createReadStream(path, {highWaterMark: 1 << 20})) {
    const bytes = chunk as Buffer;
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) {
      if (position + at < offset) line += 1;
      else newlines += 1;
    }
    const begin = Math.max(0, offset - position);
    if (text.length < 200 && begin < bytes.length)
      text += bytes.toString("utf8", begin, Math.min(bytes.length, begin + 200));
    position += bytes.length;
    last = bytes.at(-1) ?? last;
  }
  return {line, lines: newlines + (last === newline ? 0 : 1), text: text.slice(0, 200)};
}
