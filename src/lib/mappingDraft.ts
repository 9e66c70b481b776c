import type {CsvRow} from "./csvText.js";
import {type Draft, openDraft} from "./drafts.js";
import {type MappingFiles, type MappingRow, type Mappings, type MappingTable, mappingTables} from "./mappingTables.js";

/** Decisions about mappings that are not saved yet. Both mapping pages share them. */
export type MappingDraft = Draft;

const tables = Object.keys(mappingTables) as MappingTable[];

export function mappingFile(table: MappingTable): string {
  return `mappings/${table}.csv`;
}

/** Opens the draft over the mapping files as the build read them. */
export function openMappingDraft(
  files: MappingFiles,
  {workspace, storage, now}: {workspace: string; storage?: Storage; now?: () => Date},
): MappingDraft {
  return openDraft({
    name: "mapping",
    workspace,
    files: tables.map((table) => ({
      fileName: mappingFile(table),
      text: files[table] === "" ? null : files[table],
      ...mappingTables[table],
    })),
    storage,
    now,
  });
}

/** All tables with the edits in them, as the preview takes them. */
export function draftedMappings(draft: MappingDraft): Mappings {
  const rows = (table: MappingTable): MappingRow[] => draft.rows(mappingFile(table)).map(withNulls);
  return {
    clients: rows("clients"),
    services: rows("services"),
    exclusions: rows("exclusions"),
    prices: rows("prices"),
    decisions: rows("decisions"),
  };
}

function withNulls(row: CsvRow): MappingRow {
  return Object.fromEntries(Object.entries(row).map(([column, text]) => [column, text === "" ? null : text]));
}
