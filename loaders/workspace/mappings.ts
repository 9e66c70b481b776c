import {isUtf8} from "node:buffer";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {parse} from "csv-parse/sync";
import {type CsvRecord, checkRecords, findWrongFormat} from "../../src/lib/checkMappings.js";
import {firstCells} from "../../src/lib/csvText.js";
import {isNear} from "../../src/lib/isNear.js";
import type {CheckedMappings} from "../../src/lib/mappingSchemas.js";
import {type MappingFiles, type MappingTable, mappingNames, ofEachMapping} from "../../src/lib/mappingTables.js";
import {describeCsvFault} from "../csv/describeCsvFault.js";
import {nullIfAbsent} from "../files/absent.js";
import type {Problem} from "../problems.js";

export interface ReadMappings {
  readonly mappings: CheckedMappings;
  readonly files: MappingFiles;
  readonly problems: readonly Problem[];
  /** What is odd without making a figure wrong. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads the mapping files of a folder, wherever it lies. A file that is not there decides nothing; a warning says so where the
 * folder is not there, or the file has another name, and names what a browser saved beside one.
 */
export async function readMappingFolder(folder: string): Promise<ReadMappings> {
  const wrong: Problem[] = [];
  const texts = new Map<MappingTable, string | null>();
  for (const table of mappingNames) texts.set(table, await readText(folder, table, wrong));
  const absent = mappingNames.filter((table) => texts.get(table) === null);
  const {problems, warnings, ...checked} = checkMappingFiles(ofEachMapping((table) => texts.get(table) ?? ""));
  const misnamed = await findMisnamed(folder, absent);
  return {...checked, problems: [...wrong, ...problems], warnings: [...misnamed, ...warnings]};
}

/** What nobody reads would otherwise show in the figures alone. */
async function findMisnamed(folder: string, absent: readonly MappingTable[]): Promise<Problem[]> {
  const names = await readdir(folder).catch(nullIfAbsent);
  if (names === null) return [{file: "mappings", message: "there is no such folder, so nothing is decided."}];
  const unread = names.filter((name) => mappingNames.every((table) => name !== `${table}.csv`)).sort();
  const told = (name: string, remedy: string): Problem => ({
    file: `mappings/${name}`,
    message: "nothing reads this file.",
    remedy,
  });
  const misspelt = absent.flatMap((table) =>
    unread
      .filter((name) => isNear(name.replace(/\..*/, "").toLowerCase(), table))
      .map((name) => told(name, `Did you mean ${table}.csv?`)),
  );
  const saved = unread.flatMap((name) => {
    const table = mappingNames.find((other) => savedBeside(other).test(name));
    if (table === undefined || absent.includes(table)) return [];
    return [told(name, `If a browser saved it, put it in the place of ${table}.csv; else remove it.`)];
  });
  return [...misspelt, ...saved];
}

/** What browsers call a file where another has its name: `clients (1).csv`, `clients(1).csv`, `clients-1.csv`. */
function savedBeside(table: MappingTable): RegExp {
  return new RegExp(`^${table}[ -]?(\\(\\d+\\)|\\d+)\\.csv$`, "i");
}

/** Reads mapping files from their texts. Rows that do not fit are problems, all of them. */
export function checkMappingFiles(files: MappingFiles): ReadMappings {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const mappings = ofEachMapping((table): unknown =>
    checkRecords(table, readRecords(table, files[table], problems), problems, warnings),
  );
  return {mappings: mappings as CheckedMappings, files, problems, warnings};
}

async function readText(folder: string, table: MappingTable, problems: Problem[]): Promise<string | null> {
  const path = join(folder, `${table}.csv`);
  const bytes = await readFile(path).catch((error) => nullIfAbsent(Object.assign(error, {path})));
  if (bytes === null) return null;
  problems.push(...findOtherEncoding(`mappings/${table}.csv`, bytes));
  return bytes.toString("utf8");
}

/** Where a file is not UTF-8, as spreadsheets save CSV unless they are told otherwise. */
export function findOtherEncoding(file: string, bytes: Buffer): Problem[] {
  const line = otherLine(bytes);
  if (line === null) return [];
  return [{file, line, message: "the line is not UTF-8.", remedy: "Save the file as CSV UTF-8."}];
}

/** The first line that is not UTF-8, null where all are. What has zero bytes is UTF-16, and is told by its header. */
function otherLine(bytes: Buffer): number | null {
  if (isUtf8(bytes) || bytes.includes(0)) return null;
  let line = 1;
  let begin = 0;
  for (
    let end = bytes.indexOf("\n");
    end >= 0 && isUtf8(bytes.subarray(begin, end));
    end = bytes.indexOf("\n", begin)
  ) {
    begin = end + 1;
    line += 1;
  }
  return line;
}

function readRecords(table: MappingTable, text: string, problems: Problem[]): CsvRecord[] {
  const records: CsvRecord[] = [];
  let previousLines = 0;
  try {
    parse(text, {
      bom: true,
      trim: true,
      relax_column_count: true,
      on_record(cells: string[], {lines}) {
        records.push({cells, line: previousLines + 1});
        previousLines = lines;
        return null;
      },
    });
  } catch (error) {
    const header = firstCells(text);
    if (findWrongFormat(header) !== null) return [{cells: header, line: 1}];
    problems.push(describeCsvFault(`mappings/${table}.csv`, error, previousLines));
  }
  return records;
}
