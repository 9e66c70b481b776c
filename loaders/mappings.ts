import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {parse} from "csv-parse/sync";
import {type CheckedMappings, type CsvRecord, checkRecords} from "../src/lib/mappingSchemas.js";
import type {MappingTable} from "../src/lib/mappingTables.js";
import type {Problem} from "./problems.js";

/** Reads `mappings/*.csv` of a workspace. A file that is not there decides nothing. Rows that do not fit are problems, all of them. */
export function readMappings(directory: string): Promise<{mappings: CheckedMappings; problems: Problem[]}> {
  return readMappingFolder(join(directory, "mappings"));
}

/** Reads the mapping files of a folder, wherever it lies. */
export async function readMappingFolder(folder: string): Promise<{mappings: CheckedMappings; problems: Problem[]}> {
  const problems: Problem[] = [];
  const read = async <T extends MappingTable>(table: T): Promise<CheckedMappings[T]> => {
    const path = join(folder, `${table}.csv`);
    if (!existsSync(path)) return [];
    return checkRecords(table, readRecords(table, await readFile(path, "utf8"), problems), problems);
  };
  const mappings = {
    clients: await read("clients"),
    services: await read("services"),
    exclusions: await read("exclusions"),
    prices: await read("prices"),
  };
  return {mappings, problems};
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
      message: `the file is not well-formed CSV: ${(error as Error).message}`,
    });
  }
  return records;
}
