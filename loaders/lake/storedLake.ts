import {join, relative, sep} from "node:path";
import {type Database, literal, openDatabase} from "../database.js";
import {filesOf} from "../files/filesOf.js";
import {allowObjectStorage, type StorageAccess} from "./objectStorage.js";
import {parseRecord, recordFile, type SyncRecord} from "./syncRecord.js";

/** The lake in object storage, read and written by DuckDB: it lists, reads and writes there as it does on a disk. */

/** Attempts of a connection that are read at a time, the newest first. */
const batch = 10;

/**
 * The records of a connection's finished attempts, the oldest first: of the newest ten, and of as many more as it takes to
 * find data. A folder without its record was never finished and is no attempt. With the id of a sync: that one only.
 */
export function readStoredRecords(
  folder: string,
  storage: StorageAccess | null | undefined,
  syncId?: string,
): Promise<SyncRecord[]> {
  return withStorage(folder, storage, async (database) => {
    const pattern = literal(`${folder}/*/${recordFile}`);
    // By the folders' names: as parts of a path, what follows one counts too, and `…Z-2/` would come before `…Z/`.
    const found = await database.rows(`select file from glob(${pattern}) order by ${folderOf("file")}`);
    const paths = found
      .map(({file}) => String(file))
      .filter((path) => syncId === undefined || path.endsWith(`/${syncId}/${recordFile}`));
    const records: SyncRecord[] = [];
    while (paths.length > 0 && !records.some(({status}) => status !== "failed")) {
      const list = paths.splice(-batch).map(literal).join(", ");
      const texts = await database.rows(
        `select filename as file, content from read_text([${list}]) order by ${folderOf("filename")}`,
      );
      records.unshift(...texts.map(({file, content}) => parseRecord(String(content), String(file))));
    }
    return records;
  });
}

function folderOf(file: string): string {
  return `split_part(${file}, '/', -2)`;
}

/** Copies a folder of this machine, file by file through memory and byte for byte, its record last. */
export async function storeFolder(
  folder: string,
  target: string,
  storage: StorageAccess | null | undefined,
): Promise<void> {
  const files = (await filesOf(folder)).sort(
    (a, b) => Number(a === join(folder, recordFile)) - Number(b === join(folder, recordFile)),
  );
  await withStorage(target, storage, async (database) => {
    for (const file of files) {
      const to = literal(`${target}/${relative(folder, file).split(sep).join("/")}`);
      // Unless told otherwise DuckDB compresses once more what is named `.gz`.
      await database.run(
        `copy (select content from read_blob(${literal(file)})) to ${to} (format blob, compression none)`,
      );
    }
  });
}

async function withStorage<Result>(
  path: string,
  storage: StorageAccess | null | undefined,
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase();
  try {
    await allowObjectStorage(database, [path], storage);
    return await use(database);
  } finally {
    database.close();
  }
}
