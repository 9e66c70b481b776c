import {appendFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, expect, it} from "vitest";
import {placeRenderedPages} from "../../loaders/site/pages/renderedPages.js";

const installation = fileURLToPath(new URL("../../", import.meta.url));
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
