import {appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, expect, it} from "vitest";
import {placeRenderedPages} from "../../loaders/site/renderedPages.js";

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
  await writeFile(join(folder, "observablehq.config.ts"), 'export default {root: "src", globalStylesheets: []};\n');
});
afterAll(() => rm(folder, {recursive: true, force: true}));

/** The rendered guide, made in a work folder of its own. */
async function render(name: string): Promise<string> {
  const work = join(folder, name);
  await mkdir(work);
  const config = join(folder, "observablehq.config.ts");
  await placeRenderedPages({source, work, cache, config, lockFile: join(installation, "package-lock.json")});
  return readFile(join(work, "dist", "guide.html"), "utf8");
}

it("renders pages once, and again when one of them changes", async () => {
  const first = await render("first");
  const [kept, ...others] = await readdir(cache);
  expect(others).toEqual([]);
  await appendFile(join(cache, String(kept), "guide.html"), "<!-- kept -->");
  expect(await render("second")).toBe(`${first}<!-- kept -->`);

  await appendFile(join(source, "guide.md"), "\nWritten later.\n");
  const third = await render("third");
  expect(third).toContain("Written later.");
  expect(third).not.toContain("<!-- kept -->");
  expect(await readdir(cache)).toHaveLength(2);
}, 180_000);
