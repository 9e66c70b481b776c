import {count} from "./format.js";

/**
 * The beginning of a DuckDB file: a head that says what it is, and two that say how many blocks of how many bytes follow, of
 * which the one written last holds. https://duckdb.org/docs/stable/internals/storage
 */
const headSize = 4096;
export const beginning = 3 * headSize;

/** How many bytes a DuckDB file has if it is whole, by its beginning; null where it begins as no such file does. */
function wholeSize(bytes: Uint8Array): number | null {
  if (bytes.length < beginning || new TextDecoder().decode(bytes.subarray(8, 12)) !== "DUCK") return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [first, second] = [headSize, 2 * headSize].map((at) => ({
    written: view.getBigUint64(at + 8, true),
    blocks: view.getBigUint64(at + 32, true),
    blockSize: view.getBigUint64(at + 40, true),
  })) as [Head, Head];
  const {blocks, blockSize} = second.written > first.written ? second : first;
  return beginning + Number(blocks * blockSize);
}

interface Head {
  readonly written: bigint;
  readonly blocks: bigint;
  readonly blockSize: bigint;
}

/**
 * Throws where a database file, of which the beginning and the size are known, is none or not whole: DuckDB hangs on it in a
 * browser, or names checksums.
 */
export function requireWhole(name: string, bytes: Uint8Array, size: number): void {
  const whole = wholeSize(bytes);
  if (whole === null) {
    throw new Error(
      `What the server answered is not a valid DuckDB database file (${name}). If it asks people to sign in, reload the page to do so; else publish the built site again, as a whole.`,
    );
  }
  if (size < whole) {
    throw new Error(
      `Of ${name} only ${count(size)} of ${count(whole)} bytes came. Reload the page; if that does not help, publish the built site again, as a whole.`,
    );
  }
}
