import type {BrowserStorage} from "./browserStorage.js";
import type {CsvRow} from "./csvText.js";
import {type Draft, openDraft} from "./drafts.js";
import {
  type MappingFiles,
  type MappingRow,
  type Mappings,
  mappingFile,
  mappingNames,
  mappingTables,
  ofEachMapping,
} from "./mappingTables.js";

/** Decisions about mappings that are not saved yet. Both mapping pages share them. */
export type MappingDraft = Draft;

/** Opens the draft over the mapping files as the build read them. */
export function openMappingDraft(
  files: MappingFiles,
  {workspace, storage, now}: {workspace: string; storage?: BrowserStorage; now?: () => Date},
): MappingDraft {
  return openDraft({
    name: "mapping",
    workspace,
    files: mappingNames.map((table) => ({
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
  return ofEachMapping((table) => draft.rows(mappingFile(table)).map(withNulls));
}

function withNulls(row: CsvRow): MappingRow {
  return Object.fromEntries(Object.entries(row).map(([column, text]) => [column, text === "" ? null : text]));
}
