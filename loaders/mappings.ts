import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {parse} from "csv-parse/sync";
import {type CheckedMappings, type CsvRecord, checkRecords} from "../src/lib/mappingSchemas.js";
import type {MappingFiles, MappingTable} from "../src/lib/mappingTables.js";
import {nullIfAbsent} from "./absent.js";
import type {Problem} from "./problems.js";

export interface ReadMappings {
  readonly mappings: CheckedMappings;
  readonly files: MappingFiles;
  readonly problems: readonly Problem[];
  /** What is odd without making a figure wrong. */
  readonly warnings: readonly Problem[];
}

/** Reads the mapping files of a folder, wherever it lies. A file that is not there decides nothing. */
export async function readMappingFolder(folder: string): Promise<ReadMappings> {
  return checkMappingFiles({
    clients: await readText(join(folder, "clients.csv")),
    services: await readText(join(folder, "services.csv")),
    exclusions: await readText(join(folder, "exclusions.csv")),
    prices: await readText(join(folder, "prices.csv")),
    decisions: await readText(join(folder, "decisions.csv")),
  });
}

/** Reads mapping files from their texts. Rows that do not fit are problems, all of them. */
export function checkMappingFiles(files: MappingFiles): ReadMappings {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const check = <T extends MappingTable>(table: T): CheckedMappings[T] =>
    checkRecords(table, readRecords(table, files[table], problems), problems, warnings);
  const mappings = {
    clients: check("clients"),
    services: check("services"),
    exclusions: check("exclusions"),
    prices: check("prices"),
    decisions: check("decisions"),
  };
  return {mappings, files, problems, warnings};
}

async function readText(path: string): Promise<string> {
  return (await readFile(path, "utf8").catch(nullIfAbsent)) ?? "";
}

function readRecords(table: MappingTable, text: string, problems: Problem[]): CsvRecord[] {
  const records: CsvRecord[] = [];
  let previousLines = 0;
  try {
    parse(text, {
      ...{bom: true, trim: true, relax_column_count: true},
      on_record(cells: string[], {lines}) {
        records.push({cells, line: previousLines + 1});
        previousLines = lines;
        return null;
      },
    });
  } catch (error) {
    problems.push({
      file: `mappings/${table}.csv`,
      line: previousLines + 1,
      message: `the file is not well-formed CSV: ${(error as Error).message}.`,
      remedy: "Close every quote, and double those that stand within a text.",
    });
  }
  return records;
}
