import {parse} from "csv-parse/browser/esm/sync";
import {columnName} from "./csvText.js";
import {
  type MappingFiles,
  type MappingRow,
  type Mappings,
  type MappingTable,
  mappingTables,
  ofEachMapping,
} from "./mappingTables.js";

/** The rows of a mapping file, people's own columns included: blank cells are null, known columns that the file lacks too. */
function readMappingCsv(table: MappingTable, text: string): MappingRow[] {
  const options = {bom: true, trim: true, relax_column_count: true, skip_records_with_empty_values: true} as const;
  const [headers = [], ...records] = parse(text, options) as string[][];
  const header = headers.map(columnName);
  const names = [...new Set([...header, ...mappingTables[table].columns])];
  return records.map((cells) => Object.fromEntries(names.map((name) => [name, cells[header.indexOf(name)] || null])));
}

/** The rows of all mapping files. */
export function readMappingFiles(files: MappingFiles): Mappings {
  return ofEachMapping((table) => readMappingCsv(table, files[table]));
}
