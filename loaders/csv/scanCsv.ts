import {isAscii} from "node:buffer";
import {createReadStream, createWriteStream} from "node:fs";
import {open} from "node:fs/promises";
import {Transform} from "node:stream";
import {pipeline} from "node:stream/promises";
import {blanks, wideBlanks} from "./blanks.js";

const quote = 0x22;
const comma = 0x2c;
const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/** What a blank begins with in UTF-8; of wide ones no letter with an accent does. */
const firstByteOf = (blank: string): number => Buffer.from(blank)[0] as number;

/** What "é" and the like become where UTF-8 was read as Windows' own encoding and saved anew: "Ã©". */
const garbledLetter = Buffer.from([0xc3, 0x83, 0xc2]);
/** What stands in `="00123"`, and in 1.2E+05. */
const oddTexts = ['="', "E+"];

/** What a reader of a CSV file must know of it as a whole. */
export interface CsvShape {
  /** Whether some lines end with a line feed alone and others with a carriage return before it. */
  readonly mixesLineEnds: boolean;
  /** The blanks that some text may begin or end with. */
  readonly blanks: readonly string[];
  /** Whether some text may not do: one with the character NUL, or one that a spreadsheet changed. */
  readonly hasOddTexts: boolean;
  /** The first line with a letter that became two when the file was saved; null: none. */
  readonly garbledLine: number | null;
  /** Whether a line begins with an empty cell, as those of rows do that are all empty. */
  readonly mayHaveEmptyRows: boolean;
  /** Whether a quoted field contains a newline. */
  readonly spanLines: boolean;
  /** The quote that opens a field and never closes it: its line, how many lines are left from there on, and how they begin. */
  readonly unclosed: {readonly line: number; readonly lines: number; readonly text: string} | null;
  /** The first quoted field that holds lines with as many commas as a row has: its line, and how many such lines. */
  readonly swallowed: {readonly line: number; readonly lines: number} | null;
}

/** A file's bytes, part by part. Every part is gone when the next is asked for: they share memory, as to get new takes longer. */
export async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const memory = Buffer.allocUnsafe(1 << 20);
    for (;;) {
      const {bytesRead} = await file.read(memory);
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Looks through a CSV file of so many columns. A stray quote within an unquoted field opens none. */
export async function scanCsv(path: string, columns: number): Promise<CsvShape> {
  let isQuoted = false;
  let absent: readonly string[] = blanks.filter((blank) => blank !== "\n");
  let hasOddTexts = false;
  let garbledAt = -1;
  let mayHaveEmptyRows = false;
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
  let endsAlone = false;
  let endsTogether = false;
  const endLine = (byteBefore: number | undefined): void => {
    if (byteBefore === carriageReturn) endsTogether = true;
    else endsAlone = true;
  };
  for await (const bytes of readChunks(path)) {
    if (offset === 0 && bytes.subarray(0, 3).equals(byteOrderMark)) begin = 3;
    const text = offset === 0 ? bytes.subarray(begin) : bytes;
    const impossible: readonly string[] = isAscii(text) ? wideBlanks : [];
    absent = absent.filter((blank) => impossible.includes(blank) || !text.includes(firstByteOf(blank)));
    hasOddTexts ||= bytes.includes(0) || oddTexts.some((odd) => bytes.includes(odd) || isSplit(odd, before, bytes));
    const garbled = garbledAt < 0 ? bytes.indexOf(garbledLetter) : -1;
    if (garbled >= 0) garbledAt = offset + garbled;
    mayHaveEmptyRows ||= bytes.includes("\n,") || (before === newline && bytes[0] === comma);
    const first = isQuoted ? 0 : bytes.indexOf(quote);
    const plain = first < 0 ? bytes : bytes.subarray(0, first);
    if (plain.includes(carriageReturn) || before === carriageReturn) {
      for (let at = plain.indexOf(newline); at >= 0; at = plain.indexOf(newline, at + 1)) {
        endLine(at === 0 ? before : plain[at - 1]);
        if (endsAlone && endsTogether) break;
      }
    } else endsAlone ||= plain.includes(newline);
    for (let at = first; at >= 0 && at < bytes.length; at += 1) {
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
      } else if (byte === newline) endLine(at === 0 ? before : bytes[at - 1]);
    }
    offset += bytes.length;
    before = bytes.at(-1) ?? before;
  }
  return {
    mixesLineEnds: endsAlone && endsTogether,
    // A newline is part of a text within quotes only.
    blanks: blanks.filter((blank) => (blank === "\n" ? spanLines : !absent.includes(blank))),
    hasOddTexts,
    garbledLine: garbledAt < 0 ? null : (await linesFrom(path, garbledAt)).line,
    mayHaveEmptyRows,
    spanLines,
    unclosed: isQuoted ? await linesFrom(path, openedAt) : null,
    swallowed: swallowed && {line: (await linesFrom(path, swallowed.offset)).line, lines: swallowed.lines},
  };
}

/** Whether two characters stand where one part of a file ends and the next begins. */
function isSplit(text: string, before: number, bytes: Buffer): boolean {
  return before === text.charCodeAt(0) && bytes[0] === text.charCodeAt(1);
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
  for await (const bytes of readChunks(path)) {
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

/** The first line with a carriage return that is within no quotes and before no line feed, which DuckDB cannot read; null: none. */
export async function findLoneReturn(path: string): Promise<number | null> {
  let line = 1;
  let isQuoted = false;
  let before = newline;
  for await (const bytes of readChunks(path)) {
    for (const byte of bytes) {
      if (before === carriageReturn && byte !== newline && !isQuoted) return line;
      if (byte === newline) line += 1;
      else if (byte === quote) isQuoted = !isQuoted;
      before = byte;
    }
  }
  return null;
}

/** Copies a file so that all of its lines end with a line feed alone. */
export async function copyWithLineFeeds(path: string, target: string): Promise<void> {
  let held = "";
  const even = new Transform({
    transform(chunk: Buffer, _, done) {
      const text = held + chunk.toString("latin1");
      held = text.endsWith("\r") ? "\r" : "";
      done(null, Buffer.from(text.slice(0, text.length - held.length).replaceAll("\r\n", "\n"), "latin1"));
    },
    flush(done) {
      done(null, Buffer.from(held, "latin1"));
    },
  });
  await pipeline(createReadStream(path), even, createWriteStream(target));
}
