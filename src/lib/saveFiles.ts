import {formatPatch} from "diff";
import {widenCsv} from "./csvText.js";
import type {FileChange} from "./drafts.js";
import {lineHunks} from "./lineHunks.js";
import type {WrittenFiles} from "./writtenFiles.js";

/** The part of a folder that somebody opened (File System Access) that saving needs. */
export interface Folder {
  getDirectoryHandle(name: string, options?: {create?: boolean}): Promise<Folder>;
  getFileHandle(name: string, options?: {create?: boolean}): Promise<FolderFile>;
}

export interface FolderFile {
  getFile(): Promise<{text(): Promise<string>}>;
  createWritable(): Promise<{write(text: string): Promise<void>; close(): Promise<void>}>;
}

export interface DiffLine {
  readonly kind: "added" | "removed" | "same" | "gap";
  readonly text: string;
}

/**
 * A unified diff that `git apply` and `patch -p1` accept in the workspace's folder, wherever in a repository that lies: a
 * head of git's own would be taken from the top of the repository.
 */
export function patchOf(changes: readonly FileChange[]): string {
  return changes
    .map(({fileName, before, after}) =>
      formatPatch(
        {
          oldFileName: before === null ? "/dev/null" : `a/${fileName}`,
          newFileName: `b/${fileName}`,
          oldHeader: "",
          newHeader: "",
          hunks: lineHunks(before ?? "", after, 4),
        },
        {includeIndex: false, includeUnderline: false, includeFileHeaders: true},
      ),
    )
    .join("");
}

/**
 * The lines of a change as they are shown, one that stays before and after each. Where columns are added to all lines, only
 * those that change in anything else.
 */
export function diffLines({before, after, addedColumns}: FileChange): DiffLine[] {
  const wide = addedColumns.length === 0 ? (before ?? "") : widenCsv(before, addedColumns);
  const hunks = lineHunks(wide, after, 1);
  const kinds: Readonly<Record<string, DiffLine["kind"]>> = {"+": "added", "-": "removed", " ": "same"};
  return hunks.flatMap(({lines, oldStart}, index) => [
    ...(index > 0 || oldStart > 1 ? [{kind: "gap", text: ""} as const] : []),
    ...lines.flatMap((line): DiffLine[] => {
      const kind = kinds[line.charAt(0)];
      return kind === undefined ? [] : [{kind, text: line.slice(1).replace(/\r$/, "")}];
    }),
  ]);
}

/** Why nothing was written. */
export class FolderError extends Error {}

/**
 * Writes changed files into the workspace's folder, all of them or, where one is no longer what the build read, none.
 * What was written from here before is no stranger's change.
 */
export async function writeFiles(
  folder: Folder,
  changes: readonly FileChange[],
  written?: WrittenFiles,
): Promise<void> {
  if ((await readFile(folder, "workspace.yaml")) === null) {
    throw new FolderError("That folder has no workspace.yaml. Choose the workspace’s folder.");
  }
  for (const change of changes) {
    const {fileName, before, after} = change;
    const current = await readFile(folder, fileName);
    if ([before, after].includes(current) || written?.has(change, current)) continue;
    throw new FolderError(
      `${fileName} is not as it was when this site was built, so nothing was written. Run \`trueup reconcile\` and \`trueup build\`: the edits stay here.`,
    );
  }
  for (const {fileName, after} of changes) {
    const stream = await (await openFile(folder, fileName)).createWritable();
    await stream.write(after);
    await stream.close();
  }
  written?.remember(changes);
}

async function openFile(folder: Folder, fileName: string): Promise<FolderFile> {
  const {parents, name} = partsOf(fileName);
  let place = folder;
  for (const parent of parents) place = await place.getDirectoryHandle(parent, {create: true});
  return place.getFileHandle(name, {create: true});
}

async function readFile(folder: Folder, fileName: string): Promise<string | null> {
  const {parents, name} = partsOf(fileName);
  try {
    let place = folder;
    for (const parent of parents) place = await place.getDirectoryHandle(parent);
    return await (await (await place.getFileHandle(name)).getFile()).text();
  } catch (error) {
    if ((error as Error).name === "NotFoundError") return null;
    throw error;
  }
}

function partsOf(fileName: string): {parents: string[]; name: string} {
  const parts = fileName.split("/");
  return {parents: parts.slice(0, -1), name: parts.at(-1) ?? fileName};
}
