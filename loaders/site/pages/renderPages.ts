import {spawn} from "node:child_process";
import {cp, mkdir, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";

/** Names that Framework asks the registry for at every build unless its cache has a folder for them. */
const askedFor = [
  "lodash",
  "arquero",
  "apache-arrow",
  "d3",
  "echarts",
  "htl",
  "leaflet",
  "mapbox-gl",
  "@observablehq/plot",
  "@observablehq/sample-datasets",
  "react",
  "react-dom",
  "topojson-client",
  "d3-dsv",
  "parquet-wasm",
];

export interface RenderOptions {
  /** Folder of the pages. */
  readonly source: string;
  /** Framework's configuration. */
  readonly config: string;
  /** Gets a copy of the pages in `src` and the rendered site in `dist`. */
  readonly work: string;
  readonly signal?: AbortSignal;
}

/** Whether a path of the source folder is a page's, not something that Framework left there. */
export function isPage(path: string): boolean {
  return !path.includes(".observablehq");
}

/** Lets Framework render the pages, without network and without anything that it left from earlier times. */
export async function renderPages({source, config, work, signal}: RenderOptions): Promise<void> {
  const root = join(work, "src");
  await cp(source, root, {recursive: true, filter: isPage});
  await cp(config, join(work, "observablehq.config.ts"));
  await writeFile(join(work, "package.json"), `${JSON.stringify({type: "module"})}\n`);
  for (const name of askedFor) {
    await mkdir(join(root, ".observablehq", "cache", "_npm", `${name}@0.0.0`), {recursive: true});
  }
  const framework = createRequire(import.meta.url).resolve("@observablehq/framework/package.json");
  const command = join(dirname(framework), "dist", "bin", "observable.js");
  await run(["--import", endWithParent, "--import", import.meta.resolve("tsx"), command, "build"], work, signal);
}

/** Else it would go on where this process is killed: its input, a pipe, ends then. */
const endWithParent = 'data:text/javascript,process.stdin.on("end",()=>process.exit()).resume().unref()';

function run(args: readonly string[], cwd: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: {...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true"},
      stdio: "pipe",
      signal,
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", (error) => {
      // One that was begun is told of below, when it writes nothing any more.
      if (child.pid === undefined) fail(error);
    });
    child.once("close", (code) => {
      if (signal?.aborted) fail(signal.reason);
      else if (code === 0) done();
      else fail(new Error(`The pages could not be built:\n${Buffer.concat(output).toString()}`));
    });
  });
}
