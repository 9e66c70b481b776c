import {spawn} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {fileURLToPath} from "node:url";

/** Where `npm run test:engines` puts the engine, which is too large for everybody's install, and an S3 server. */
export const engines = fileURLToPath(new URL("../../node_modules/.cache/chdb", import.meta.url));

export interface ChdbServer {
  readonly url: string;
  stop(): void;
}

/** Starts ClickHouse's engine behind its HTTP interface, in a process of its own. */
export async function startChdb(): Promise<ChdbServer> {
  if (!existsSync(join(engines, "node_modules", "chdb"))) {
    throw new Error("The ClickHouse engine is not installed: run `npm run test:engines`.");
  }
  const script = fileURLToPath(new URL("serveChdb.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, engines], {stdio: ["ignore", "pipe", "inherit"]});
  const url = await new Promise<string>((done, fail) => {
    createInterface(child.stdout).once("line", done);
    child.once("exit", (code) => fail(new Error(`The ClickHouse engine ended with ${code}.`)));
  });
  return {url, stop: () => child.kill()};
}
