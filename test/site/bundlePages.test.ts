import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {bundlePages} from "../../loaders/site/pages/bundlePages.js";
import {findFaults} from "../../loaders/site/pages/verify.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-bundle-"));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

/** A page as Framework leaves it. */
function page(root: string, body: string): string {
  return `<!DOCTYPE html>
<head>
<meta charset="utf-8">
<link rel="modulepreload" href="${root}/_observablehq/client.1.js">
<link rel="modulepreload" href="${root}/_import/table.1.js">
<script type="module">

import {define} from "${root}/_observablehq/client.1.js";

define({id: "1", inputs: ["display"], outputs: ["table"], body: async (display) => {
${body}
}});

</script>
</head>
`;
}

const rendered: Readonly<Record<string, string>> = {
  "_observablehq/client.1.js":
    'export function define(block) { block.body(console.log); }\nexport const d3 = () => import("../_npm/d3@0.0.0/_esm.js");',
  "_node/shapes@1.0.0/index.1.js": 'export const circle = () => "circle";\nexport const square = () => "square";',
  "_node/@scope/colours@1.0.0/index.1.js": 'export const red = () => "red";\nexport const blue = () => "blue";',
  "_import/table.1.js": `import {red} from "../_node/@scope/colours@1.0.0/index.1.js";
import {circle} from "../_node/shapes@1.0.0/index.1.js";
export const table = (rare) => rare ? import("./rare.1.js") : "table of " + circle() + red();`,
  "_import/rare.1.js": 'export const rare = () => "rare";',
  "_import/heavy.1.js": 'import {table} from "./table.1.js";\nexport const heavy = () => "heavy " + table();',
  "_import/style.1.css": "h1 { color: red }",
  "index.html": page(
    ".",
    `const {table} = await import("./_import/table.1.js");

// When somebody says "now.
const later = async () => (await import("./_import/heavy.1.js")).heavy();
display(table());`,
  ),
  "mapping/a.html": page(
    "..",
    `const [{table: draw}, shapes] = await Promise.all([import("../_import/table.1.js"), import("../_node/shapes@1.0.0/index.1.js")]);

display(draw(), shapes);`,
  ),
};

/** Bundles the pages in a folder of that name; returns what is there then. */
async function bundle(name: string): Promise<Record<string, string>> {
  const dist = join(folder, name, "dist");
  for (const [path, contents] of Object.entries(rendered)) {
    await mkdir(dirname(join(dist, path)), {recursive: true});
    await writeFile(join(dist, path), contents);
  }
  await bundlePages(dist);
  expect(await findFaults(dist)).toEqual([]);
  const files = await readdir(dist, {recursive: true, withFileTypes: true});
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const found = await Promise.all(
    paths.sort().map(async (path) => [path.slice(dist.length + 1), await readFile(path, "utf8")] as const),
  );
  return Object.fromEntries(found);
}

/** What the browser is told to load at once, as paths of the site. */
function preloaded(html: string | undefined): string[] {
  return [...(html ?? "").matchAll(/modulepreload" href="\.{1,2}\/([^"]*)"/g)].map(([, path = ""]) => path);
}

it("gives a page one file of its own modules, shares those of packages, and keeps apart what comes later", async () => {
  const site = await bundle("first");
  const all = (html: string | undefined) => preloaded(html).map((path) => site[path]);
  expect(Object.keys(site).filter((path) => !path.startsWith("_import"))).toEqual(["index.html", "mapping/a.html"]);

  const [index, mapping] = [preloaded(site["index.html"]), preloaded(site["mapping/a.html"])];
  expect(index[0]).not.toBe(mapping[0]);
  expect(
    index
      .filter((path) => mapping.includes(path))
      .map((path) => site[path])
      .join(),
  ).toContain("circle");
  expect(all(site["index.html"]).join()).toContain("table of");
  expect(all(site["index.html"]).join()).not.toMatch(/"(heavy |rare)"/);
  expect(site["index.html"]).toMatch(/\(await import\("\.\/_import\/later\.\w+\.js"\)\)\.heavy\(\)/);
  expect(site["mapping/a.html"]).toMatch(
    /\[\{table: draw\}, shapes\] = await Promise\.all\(\[import\("\.\.\/_import\/page\.\w+\.js"\), import\("\.\.\/_import\/later\./,
  );
  expect(Object.values(site).filter((code) => code.includes('"heavy "'))).toHaveLength(1);
  expect((await readdir(join(folder, "first", "dist"))).sort()).toEqual(["_import", "index.html", "mapping"]);
  expect(site["_import/style.1.css"]).toBe(rendered["_import/style.1.css"]);
});

it("gives the same bytes under the same names wherever the site is made", async () => {
  expect(await bundle("one")).toEqual(await bundle("another/place"));
});

it("drops what no page takes of a package, and nothing of one that a page takes as a whole", async () => {
  const code = Object.values(await bundle("dropped")).join();
  expect(code).toContain('"red"');
  expect(code).not.toContain('"blue"');
  expect(code).toContain('"square"');
});
