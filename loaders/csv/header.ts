import {createReadStream} from "node:fs";
import {open, stat} from "node:fs/promises";
import {parse} from "csv-parse";
import {firstCells, otherSeparator, withCommas} from "../../src/lib/csvText.js";
import {count} from "../../src/lib/format.js";
import {describeSystemError} from "../files/systemErrors.js";
import {describeProblem} from "../problems.js";
import {describeCsvFault} from "./describeCsvFault.js";

/** Far more than any export has; DuckDB takes minutes and gigabytes for a hundred thousand. */
const mostColumns = 5000;
/** What gzip, zip and workbooks of old begin with; a workbook is a zip. */
const packed = [Buffer.from([0x1f, 0x8b]), Buffer.from("PK\u0003\u0004"), Buffer.from([0xd0, 0xcf, 0x11, 0xe0])];

/** The names in the header row of a CSV file. Throws, with what to do, where the file is none that can be read. */
export async function readHeader(path: string, file: string): Promise<string[]> {
  const beginning = await readBeginning(path, file);
  if (packed.some((mark) => beginning.subarray(0, mark.length).equals(mark)))
    throw new Error(`${file} is packed, or a workbook: unpack it, or save it as CSV UTF-8.`);
  if (beginning.filter((byte) => byte === 0).length * 4 > beginning.length)
    throw new Error(`${file} is not UTF-8 but probably UTF-16: save it as CSV UTF-8.`);
  const source = createReadStream(path);
  const parser = source.pipe(parse({bom: true, to: 1, relax_column_count: true, trim: true}));
  source.on("error", (error) => parser.destroy(error));
  let headers: string[] | undefined;
  try {
    for await (const record of parser) headers = record as string[];
  } catch (error) {
    refuseOtherSeparator(firstCells(beginning.toString("utf8")), file);
    throw new Error(describeProblem(describeCsvFault(file, error, 0)));
  } finally {
    source.destroy();
  }
  if (headers === undefined) throw new Error(`${file} is empty: expected a header row.`);
  return named(headers, file);
}

async function readBeginning(path: string, file: string): Promise<Buffer> {
  try {
    // To open a pipe would wait for whoever writes into it.
    const found = await stat(path);
    if (!found.isFile() && !found.isDirectory()) throw new Error("it is no file.");
    const handle = await open(path);
    try {
      const {buffer, bytesRead} = await handle.read({buffer: Buffer.alloc(4096), position: 0});
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new Error(`${file} cannot be read: ${describeSystemError(error)}`);
  }
}

function refuseOtherSeparator(headers: readonly string[], file: string): void {
  const separator = otherSeparator(headers);
  if (separator !== null) {
    throw new Error(`${file}: its columns are separated by ${separator}. ${withCommas}`);
  }
}

/** The header of a file whose columns are separated by commas. */
function named(headers: string[], file: string): string[] {
  refuseOtherSeparator(headers, file);
  if (headers.length > mostColumns)
    throw new Error(`${file} has ${count(headers.length)} columns: are its line ends missing?`);
  const [only = ""] = headers;
  if (/^sep=/i.test(only)) throw new Error(`${file}: its first line is ${only}, not the header; take that line out.`);
  return headers;
}
