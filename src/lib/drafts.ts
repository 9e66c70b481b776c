import {type BrowserStorage, browserStorage, keepText} from "./browserStorage.js";
import {type CsvRow, columnsOf, editCsv, keyOf, readRows} from "./csvText.js";

/** A file of the workspace that people decide in, as the build read it. */
export interface DraftFile {
  /** Path below the workspace: `mappings/clients.csv`. */
  readonly fileName: string;
  /** Null where there was no such file. */
  readonly text: string | null;
  readonly columns: readonly string[];
  /** Columns that tell its rows apart. */
  readonly key: readonly string[];
  /** Columns that only remark on a decision: whoever changes these alone decides nothing anew. */
  readonly remarks?: readonly string[];
}

/** One decision: the row that it was made on, and what it made of it. Null where there is no row. */
export interface Edit {
  readonly fileName: string;
  readonly key: string;
  readonly before: CsvRow | null;
  readonly after: CsvRow | null;
  /** When it was made, ISO 8601. */
  readonly at: string;
}

/** A file before and after all edits, ready to be compared and saved. */
export interface FileChange {
  readonly fileName: string;
  /** Null for a new file. */
  readonly before: string | null;
  readonly after: string;
  /** Columns that the file lacked: adding them touches every line, once. */
  readonly addedColumns: readonly string[];
}

/** Decisions that were made on the pages and not saved yet. */
export interface Draft {
  edits(): readonly Edit[];
  /** Whether this browser keeps them; where it forbids that or has no room, they are lost with the page. */
  isKept(): boolean;
  /** The edit of the row with the same key; undefined where it is as the build read it. */
  editOf(fileName: string, row: CsvRow): Edit | undefined;
  /** Rows of a file as they stand with the edits. */
  rows(fileName: string): readonly CsvRow[];
  /** Puts a row in the place of the one with the same key, or adds it. */
  put(fileName: string, row: CsvRow): void;
  remove(fileName: string, row: CsvRow): void;
  /** Takes edits back. */
  undo(edits: readonly Edit[]): void;
  /** Keeps and tells of all that it does once: a page that is drawn anew for each of thousands of edits stands still. */
  together(act: () => void): void;
  /** Edits from before this build whose row somebody else has changed since. Saving them would overrule that. */
  conflicts(): readonly Edit[];
  /** The files with edits in them. `who` goes into `decided_by`, the time of each edit into `decided_at`. */
  changes(who: string): FileChange[];
  onChange(listener: () => void): void;
}

export interface DraftOptions {
  /** What is decided: two pages with the same name share their edits. */
  readonly name: string;
  /** Whose decisions they are: a browser may show several sites. */
  readonly workspace: string;
  readonly files: readonly DraftFile[];
  readonly storage?: BrowserStorage;
  readonly now?: () => Date;
}

/** Columns that say who decided and when; why is the file's own `note` or `reason`. */
const decisionColumns = ["decided_by", "decided_at"];

/**
 * Opens the edits that this browser keeps for a workspace. They survive a reload. After a newer build, those that it has
 * read are gone and the others go on from the rows as they stand now.
 */
export function openDraft(options: DraftOptions): Draft {
  const {name, workspace, files, storage = browserStorage(), now = () => new Date()} = options;
  const place = placeOf(name, workspace);
  const base = new Map(files.map((file) => [file.fileName, rowsByKey(file)]));
  const listeners: (() => void)[] = [];
  let edits = new Map<string, Edit>();
  const current = ({fileName, key}: Pick<Edit, "fileName" | "key">): CsvRow | null =>
    base.get(fileName)?.get(key) ?? null;
  const load = (): void => {
    const kept = readStored(storage.getItem(place)).filter((edit) => base.has(edit.fileName));
    const open = kept.filter((edit) => !isSame(current(edit), edit.after));
    edits = new Map(open.map((edit) => [idOf(edit), edit]));
  };
  let isTogether = false;
  let isKept = true;
  const stored = (): string => JSON.stringify([...edits.values()]);
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const keep = (): void => {
    if (isTogether) return;
    if (edits.size === 0) storage.removeItem(place);
    isKept = edits.size === 0 || keepText(storage, place, stored());
    tell();
  };
  const change = (fileName: string, row: CsvRow, isRemoved: boolean): void => {
    const file = fileOf(files, fileName);
    const key = keyOf(row, file.key);
    const before = current({fileName, key});
    const after = isRemoved ? null : withColumns(row, file.columns);
    const edit = {fileName, key, before, after, at: now().toISOString()};
    edits.delete(idOf(edit));
    if (!isSame(before, after)) edits.set(idOf(edit), edit);
    keep();
  };
  const editsOf = (fileName: string): Edit[] => [...edits.values()].filter((edit) => edit.fileName === fileName);

  load();
  if (typeof window !== "undefined") {
    window.addEventListener("storage", (event) => {
      if (event.key !== place) return;
      load();
      tell();
    });
    // Back may show a page as it was left, which was told of nothing that was decided since.
    window.addEventListener("pageshow", ({persisted}) => {
      if (!persisted || !isKept || (storage.getItem(place) ?? "[]") === stored()) return;
      load();
      tell();
    });
  }
  return {
    edits: () => [...edits.values()],
    isKept: () => isKept,
    editOf: (fileName, row) => edits.get(idOf({fileName, key: keyOf(row, fileOf(files, fileName).key)})),
    rows(fileName) {
      const rows = new Map(base.get(fileName));
      for (const {key, after} of editsOf(fileName)) {
        if (after === null) rows.delete(key);
        else rows.set(key, after);
      }
      return [...rows.values()];
    },
    put: (fileName, row) => change(fileName, row, false),
    remove: (fileName, row) => change(fileName, row, true),
    undo(taken) {
      for (const edit of taken) edits.delete(idOf(edit));
      keep();
    },
    together(act) {
      isTogether = true;
      try {
        act();
      } finally {
        isTogether = false;
        keep();
      }
    },
    conflicts: () => [...edits.values()].filter((edit) => !isSame(current(edit), edit.before)),
    changes: (who) =>
      files.flatMap((file): FileChange[] => {
        const own = editsOf(file.fileName);
        if (own.length === 0) return [];
        const rows = own.map((edit) => [edit.key, signed(edit, who, file.remarks)] as const);
        const columns = [...file.columns, ...decisionColumns.filter((column) => !file.columns.includes(column))];
        const after = editCsv(file.text, {columns, key: file.key}, new Map(rows));
        const had = columnsOf(file.text ?? "");
        const addedColumns = file.text === null ? [] : columns.filter((column) => !had.includes(column));
        return [{fileName: file.fileName, before: file.text, after, addedColumns}];
      }),
    onChange: (listener) => void listeners.push(listener),
  };
}

function placeOf(name: string, workspace: string): string {
  return `trueup draft ${name} ${workspace}`;
}

/** Whether this browser keeps edits, so that a page knows before it has read the files. */
export function keepsEdits(name: string, workspace: string): boolean {
  return browserStorage().getItem(placeOf(name, workspace)) !== null;
}

function fileOf(files: readonly DraftFile[], fileName: string): DraftFile {
  const file = files.find((one) => one.fileName === fileName);
  if (file === undefined) throw new Error(`There is no file ${fileName} to decide in.`);
  return file;
}

function rowsByKey({text, key}: DraftFile): Map<string, CsvRow> {
  return new Map(readRows(text ?? "").map((row) => [keyOf(row, key), row]));
}

function idOf({fileName, key}: Pick<Edit, "fileName" | "key">): string {
  return `${fileName} ${key}`;
}

/** What an edit makes of a row, with who decided and when: as before where it only remarks on a decision. */
function signed({before, after, at}: Edit, who: string, remarks: readonly string[] = []): CsvRow | null {
  if (after === null) return null;
  const isRemark = before !== null && isSame(before, after, remarks);
  const decided = isRemark ? before : {decided_by: who, decided_at: `${at.slice(0, 19)}Z`};
  return {...after, ...Object.fromEntries(decisionColumns.map((column) => [column, decided[column] ?? ""]))};
}

function withColumns(row: CsvRow, columns: readonly string[]): CsvRow {
  return {...Object.fromEntries(columns.map((column) => [column, ""])), ...row};
}

/** Whether two rows decide the same, whoever decided it and when, and whatever they say in the columns that are left aside. */
function isSame(a: CsvRow | null, b: CsvRow | null, aside: readonly string[] = []): boolean {
  if (a === null || b === null) return a === b;
  const columns = new Set([...Object.keys(a), ...Object.keys(b)]);
  const isAside = (column: string): boolean => decisionColumns.includes(column) || aside.includes(column);
  return [...columns].every((column) => isAside(column) || (a[column] ?? "") === (b[column] ?? ""));
}

/** What another version of the site may have left in the browser's storage is not trusted. */
function readStored(text: string | null): Edit[] {
  try {
    const stored: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(stored) ? stored.filter(isEdit) : [];
  } catch {
    return [];
  }
}

function isEdit(value: unknown): value is Edit {
  const {fileName, key, before, after, at} = (value ?? {}) as Partial<Edit>;
  return [fileName, key, at].every((text) => typeof text === "string") && isRow(before) && isRow(after);
}

function isRow(value: unknown): boolean {
  return (
    value === null || (typeof value === "object" && Object.values(value).every((text) => typeof text === "string"))
  );
}
