import {createWriteStream} from "node:fs";
import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {finished} from "node:stream/promises";
import {createGzip, type Gzip} from "node:zlib";

/** Vendors' answers as they came, a line each, in a compressed file for every stream. */
export interface RawFiles {
  write(stream: string, answer: string): Promise<void>;
  close(): Promise<void>;
}

export function createRawFiles(folder: string): RawFiles {
  const files = new Map<string, {gzip: Gzip; done: Promise<void>}>();
  return {
    async write(stream, answer) {
      let file = files.get(stream);
      if (file === undefined) {
        await mkdir(folder, {recursive: true});
        // A higher level takes longer than all the rest of a sync, for files a fifth smaller.
        const gzip = createGzip({level: 1});
        const path = join(folder, `${stream.replace(/[^a-z0-9-]/gi, "_")}.jsonl.gz`);
        file = files.get(stream) ?? {gzip, done: finished(gzip.pipe(createWriteStream(path)))};
        files.set(stream, file);
      }
      // Between the tokens of JSON a line may end, never within a text.
      const line = answer.includes("\n") || answer.includes("\r") ? answer.replace(/[\r\n]+/g, " ") : answer;
      const {gzip} = file;
      gzip.write(line);
      if (!gzip.write("\n")) await new Promise((resolve) => gzip.once("drain", resolve));
    },
    async close() {
      for (const {gzip, done} of files.values()) {
        gzip.end();
        await done;
      }
    },
  };
}
