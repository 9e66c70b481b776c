import type {CsvError} from "csv-parse/sync";
import type {Problem} from "../problems.js";

/** What the library for CSV found wrong in a file of which it read some lines, in the words that say so of imports. */
export function describeCsvFault(file: string, error: unknown, linesRead: number): Problem {
  const remedy = "Close every quote, and double those that stand within a text.";
  const {code, lines, message} = error as CsvError & {lines?: number};
  if (code === "CSV_QUOTE_NOT_CLOSED") {
    return {file, line: linesRead + 1, message: "a quote that opens here is never closed.", remedy};
  }
  if (code === "CSV_INVALID_CLOSING_QUOTE" || code === "INVALID_OPENING_QUOTE") {
    return {file, line: lines ?? linesRead + 1, message: "quotes are not balanced or not doubled.", remedy};
  }
  return {file, line: linesRead + 1, message: `the file is not well-formed CSV: ${message}.`};
}
