import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {stringify} from "csv-stringify/sync";
import {canonicalTables, type TableName} from "../../loaders/canonical.js";
import type {CanonicalRows} from "../../loaders/connectors/readStream.js";

/** Writes canonical rows as the CSV files that a person would have exported. */
export async function writeExports(folder: string, rows: CanonicalRows): Promise<void> {
  await mkdir(folder, {recursive: true});
  for (const [table, records] of Object.entries(rows)) {
    const columns = canonicalTables[table as TableName].columns.map(({name}) => name);
    const text = stringify([...records], {header: true, columns, cast: {boolean: String}});
    await writeFile(join(folder, `${table}.csv`), text);
  }
}
