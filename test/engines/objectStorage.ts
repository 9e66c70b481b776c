import {mkdtemp, readFile, rm} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {engines} from "./chdb.js";

export interface ObjectStorage {
  /** What a process must know to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Files that were read with its key. */
  readonly read: ReadonlySet<string>;
  /** Puts a local file there. */
  put(file: string, path: string): Promise<void>;
  stop(): Promise<void>;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Starts an S3 server on this machine, with one bucket. It knows one key; signatures it does not check. */
export async function startObjectStorage(bucket: string): Promise<ObjectStorage> {
  const S3rver = createRequire(join(engines, "package.json"))("s3rver");
  const directory = await mkdtemp(join(tmpdir(), "trueup-s3-"));
  const options = {port: 0, address: "127.0.0.1", silent: true, directory, configureBuckets: [{name: bucket}]};
  const server = new S3rver(options);
  const read = new Set<string>();
  server.middleware.unshift(async (request: Request, next: () => Promise<void>) => {
    await next();
    if (request.method === "GET" && request.status < 300 && request.headers.authorization?.includes("S3RVER/"))
      read.add(`s3:/${request.path}`);
  });
  const {port} = await server.run();
  const origin = `http://127.0.0.1:${port}`;
  return {
    env: {AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER", AWS_ENDPOINT_URL_S3: origin},
    read,
    async put(file, path) {
      const reply = await fetch(origin + path.slice("s3:/".length), {method: "PUT", body: await readFile(file)});
      if (!reply.ok) throw new Error(`The S3 server answered ${reply.status}: ${await reply.text()}`);
    },
    async stop() {
      await server.close();
      await rm(directory, {recursive: true, force: true});
    },
  };
}
