import {createWriteStream, mkdirSync} from "node:fs";
import {join} from "node:path";
import {pipeline} from "node:stream/promises";
import {createGzip, type Gzip} from "node:zlib";
import {isDeviceName} from "../files/deviceNames.js";

/** Of a file's name: a stream may be named for a long address. */
const longest = 120;

/** Vendors' answers as they came, a line each, in a compressed file for every stream. */
export interface RawFiles {
  /** Fails where an earlier answer of the stream could not be written. */
  write(stream: string, answer: string): Promise<void>;
  close(): Promise<void>;
  /** Gives up what is not written yet. Nothing is written any more when it returns. */
  destroy(): Promise<void>;
}

interface RawFile {
  readonly gzip: Gzip;
  /** Fails as soon as something cannot be written. */
  readonly done: Promise<void>;
  /** Ends when the system has let go of the file, however it went. */
  readonly closed: Promise<void>;
}

export function createRawFiles(folder: string): RawFiles {
  const files = new Map<string, RawFile>();
  const open = (stream: string): RawFile => {
    mkdirSync(folder, {recursive: true});
    // A higher level takes longer than all the rest of a sync, for files a fifth smaller.
    const gzip = createGzip({level: 1});
    const path = join(folder, `${nameOf(stream)}.jsonl.gz`);
    const target = createWriteStream(path);
    const closed = new Promise<void>((resolve) => target.once("close", resolve));
    const done = pipeline(gzip, target).catch((cause: Error) => {
      throw new Error(`${path} cannot be written: ${cause.message}`, {cause});
    });
    // It may fail while nobody waits for it; whoever writes next, or closes, is told.
    done.catch(() => {});
    const file = {gzip, done, closed};
    files.set(keyOf(stream), file);
    return file;
  };
  return {
    async write(stream, answer) {
      const {gzip, done} = files.get(keyOf(stream)) ?? open(stream);
      // Between the tokens of JSON a line may end, never within a text.
      const line = answer.includes("\n") || answer.includes("\r") ? answer.replace(/[\r\n]+/g, " ") : answer;
      gzip.write(line);
      if (!gzip.write("\n")) await Promise.race([new Promise((resolve) => gzip.once("drain", resolve)), done]);
    },
    async close() {
      for (const {gzip, done} of files.values()) {
        gzip.end();
        await done;
      }
    },
    async destroy() {
      for (const {gzip} of files.values()) gzip.destroy();
      await Promise.all([...files.values()].map(({closed}) => closed));
    },
  };
}

function nameOf(stream: string): string {
  const name = stream.replace(/[^a-z0-9-]/gi, "_").slice(0, longest);
  return isDeviceName(name) ? `_${name}` : name;
}

/** Streams share a file whose names a file system may take for the same: two writers would make rubbish of it. */
function keyOf(stream: string): string {
  return nameOf(stream).toLowerCase();
}
