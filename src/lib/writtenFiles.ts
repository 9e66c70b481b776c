import {keepText} from "./browserStorage.js";
import type {FileChange} from "./drafts.js";

/** What was written into the workspace's folder from here: that is no stranger's change. */
export interface WrittenFiles {
  /** Whether that is what stands in the file, and was made from the same text as the change. */
  has(change: FileChange, current: string | null): boolean;
  remember(changes: readonly FileChange[]): void;
}

/** Remembers it over a reload and on other pages, where the browser keeps anything: of each file a checksum, as texts are long. */
export function writtenFiles(storage: Pick<Storage, "getItem" | "setItem">): WrittenFiles {
  const here = new Map<string, string>();
  return {
    has({fileName, before}, current) {
      const place = placeOf(fileName);
      return current !== null && [here.get(place), storage.getItem(place)].includes(markOf(before, current));
    },
    remember(changes) {
      for (const {fileName, before, after} of changes) {
        const mark = markOf(before, after);
        here.set(placeOf(fileName), mark);
        keepText(storage, placeOf(fileName), mark);
      }
    },
  };
}

function placeOf(fileName: string): string {
  return `trueup written ${fileName}`;
}

function markOf(before: string | null, after: string): string {
  return `${before === null ? "none" : checksum(before)} ${checksum(after)}`;
}

/** Tells texts apart that nobody made to be taken for each other: two FNV-1a of 32 bits, and the length. */
function checksum(text: string): string {
  const hash = (seed: number): string => {
    let value = seed;
    for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
    return (value >>> 0).toString(16);
  };
  return `${text.length}-${hash(0x811c9dc5)}-${hash(0x2c1b3c6d)}`;
}
