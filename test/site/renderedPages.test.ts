import {spawn} from "node:child_process";
import {existsSync} from "node:fs";
import {appendFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, expect, it} from "vitest";
import {placeRenderedPages} from "../../loaders/site/pages/renderedPages.js";
import {renderPages} from "../../loaders/site/pages/renderPages.js";

const installation = fileURLToPath(new URL("../../", import.meta.url));
const renderer = new URL("../../loaders/site/pages/renderPages.ts", import.meta.url);
let folder: string;
let source: string;
let cache: string;

beforeAll(async () => {
  // Where bare imports of the pages find their packages.
  folder = await mkdtemp(join(installation, "node_modules", ".cache", "trueup-rendered-"));
  source = join(folder, "source");
  cache = join(folder, "cache");
  await mkdir(cache);
  await mkdir(source);
  await writeFile(join(source, "guide.md"), "# Guide\n\n```js\ndisplay(1 + 1);\n```\n");
  await writeFile(join(folder, "package-lock.json"), "{}");
  await writeFile(join(folder, "observablehq.config.ts"), 'export default {root: "src", globalStylesheets: []};\n');
});
afterAll(() => rm(folder, {recursive: true, force: true}));

/** The rendered guide, made in a work folder of its own. */
async function render(name: string): Promise<string> {
  const work = join(folder, name);
  await mkdir(work);
  const config = join(folder, "observablehq.config.ts");
  await placeRenderedPages({source, work, cache, config, lockFile: join(folder, "package-lock.json")});
  return readFile(join(work, "dist", "guide.html"), "utf8");
}

/** Makes it look as if nobody had used a folder since the day before yesterday. */
async function forget(...names: string[]): Promise<void> {
  const then = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
  for (const name of names) await utimes(join(cache, name), then, then);
}

it("renders pages once, and again when one of them or a library changes, and keeps what was used within a day", async () => {
  const first = await render("first");
  const [kept = "", ...others] = await readdir(cache);
  expect(others).toEqual([]);
  await appendFile(join(cache, kept, "guide.html"), "<!-- kept -->");
  await forget(kept);
  expect(await render("second")).toBe(`${first}<!-- kept -->`);

  for (const name of ["pages-unused", "build-unused"]) await mkdir(join(cache, name));
  await forget("pages-unused", "build-unused");
  await appendFile(join(source, "guide.md"), "\nWritten later.\n");
  const third = await render("third");
  expect(third).toContain("Written later.");
  expect(third).not.toContain("<!-- kept -->");
  const [now = "", ...more] = (await readdir(cache)).filter((name) => ![kept, "build-unused"].includes(name));
  expect(more).toEqual([]);

  await forget(kept);
  await appendFile(join(cache, now, "guide.html"), "<!-- kept -->");
  await writeFile(join(folder, "package-lock.json"), '{"lockfileVersion": 3}');
  expect(await render("fourth")).not.toContain("<!-- kept -->");
  expect(await readdir(cache)).toHaveLength(3);
  expect(await readdir(cache)).not.toContain(kept);
}, 180_000);

/** A configuration that Framework never gets to the end of. It notes when it is begun, and when it ends. */
async function endless(name: string): Promise<Record<"work" | "config" | "begun" | "ended", string>> {
  const work = join(folder, name);
  const own = join(folder, `${name}-own`);
  const [begun, ended] = [join(own, "begun"), join(own, "ended")];
  await mkdir(work);
  await mkdir(own);
  const config = join(own, "observablehq.config.ts");
  await writeFile(
    config,
    `import {writeFileSync} from "node:fs";
process.on("SIGTERM", () => setTimeout(() => process.exit(), 300));
process.on("exit", () => writeFileSync(${JSON.stringify(ended)}, ""));
writeFileSync(${JSON.stringify(begun)}, "");
setInterval(() => {}, 1000);
export default await new Promise(() => {});\n`,
  );
  return {work, config, begun, ended};
}

it("where it is stopped, says so and not before Framework has ended: what that writes into is removed then", async () => {
  const {work, config, begun, ended} = await endless("stopped");
  const stop = new AbortController();
  const rendering = renderPages({source, config, work, signal: stop.signal});
  const [outcome] = await Promise.all([
    rendering.then(
      () => "rendered",
      (error: Error) => ({message: error.message, hasEnded: existsSync(ended)}),
    ),
    expect
      .poll(() => existsSync(begun), {timeout: 60_000})
      .toBe(true)
      .then(() => stop.abort(new Error("Stopped."))),
  ]);
  expect(outcome).toEqual({message: "Stopped.", hasEnded: true});
}, 90_000);

it("ends Framework where the build is killed: nobody waits for it any more, and its folder is taken away", async () => {
  const {work, config, begun, ended} = await endless("killed");
  const script = join(folder, "render.mts");
  const options = JSON.stringify({source, config, work});
  await writeFile(script, `import {renderPages} from "${renderer}";\nawait renderPages(${options});\n`);
  const build = spawn(process.execPath, ["--import", "tsx", script], {cwd: installation, stdio: "ignore"});
  await expect.poll(() => existsSync(begun), {timeout: 60_000}).toBe(true);
  build.kill("SIGKILL");
  await expect.poll(() => existsSync(ended), {timeout: 20_000}).toBe(true);
}, 90_000);
