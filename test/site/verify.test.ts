import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {findFaults} from "../../loaders/site/pages/verify.js";

let dist: string;
beforeEach(async () => {
  dist = await mkdtemp(join(tmpdir(), "trueup-verify-"));
});
afterEach(() => rm(dist, {recursive: true, force: true}));

async function faultsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dist, path)), {recursive: true});
    await writeFile(join(dist, path), text);
  }
  return findFaults(dist);
}

const block = (inputs: string[], outputs: string[], body = "") =>
  `define({id: "1", inputs: ${JSON.stringify(inputs)}, outputs: ${JSON.stringify(outputs)}, body: async () => {\n${body}\n}});\n`;
const page = (script: string, html = "") => `<script type="module">\nfunction define() {}\n${script}</script>\n${html}`;

it("finds nothing wrong with pages that refer to each other, to parts of themselves and to other sites as links", async () => {
  const html = `<a href="./mapping/clients?a=1#b">a</a> <a href="#c">b</a> <a href="https://example.com">c</a> <a href="mailto:a@b.example">d</a>
    <a href="/mapping/clients">e</a> <a href="./">f</a> <img src="data:image/png;base64,AA==">`;
  expect(
    await faultsOf({
      "index.html": page(block(["display", "table"], []) + block([], ["table"]), html),
      "mapping/clients.html": page(
        "",
        '<a href="../">home</a><a href="/mapping/clients">here</a><link rel="stylesheet" href="../a.css">',
      ),
      // Framework's own script has parts that no page uses.
      "features.html": page(block([], [], 'const {there} = await import("./_observablehq/client.js");')),
      "_observablehq/client.js": 'export const there = () => import("./unused.js");',
      "a.css": "h1 { background: url(data:image/png;base64,AA==) }",
    }),
  ).toEqual([]);
});

it("names every fault with its page", async () => {
  const exported = 'const {there, gone} = await import("./lib.js");';
  const unresolved = 'const [{also}] = await Promise.all([import("./none.js")]);';
  const faults = await faultsOf({
    "index.html": page(
      block(["missing", "now"], []),
      '<div class="observablehq observablehq--error">SyntaxError: no</div>',
    ),
    "a/links.html": page("", '<a href="./gone">a</a><a href="./gone">b</a><a href="/root">c</a><a href="../a/">d</a>'),
    "foreign.html": page("", '<img srcset="//example.com/a.png"><form action="http://example.com/"></form>'),
    "exports.html": page(block([], [], exported)),
    "imports.html": page(block([], [], unresolved)),
    "lib.js": "export const there = 1;",
    "later.html": page(block([], [], 'const {there} = await import("./later.js");')),
    "later.js": 'export const there = () => import("./gone.js");',
    "b.css": '@import "https://example.com/b.css"; h1 { background: url( "//example.com/a.png") }',
  });
  expect([...new Set(faults.map((fault) => fault.replace(/ \(line .*/s, "")))].sort()).toEqual([
    "a/links.html: refers to ../a/, which is not there",
    "a/links.html: refers to ./gone, which is not there",
    "a/links.html: refers to /root, which is not there",
    'b.css: would load @import "https://example.com/b.css',
    'b.css: would load url( "//example.com/a.png',
    'exports.html: No matching export in "lib.js" for import "gone"',
    "foreign.html: would load //example.com/a.png",
    "foreign.html: would load http://example.com/",
    'imports.html: Could not resolve "./none.js"',
    "index.html: SyntaxError: no",
    "index.html: missing is not defined",
    'later.js: Could not resolve "./gone.js"',
  ]);
});
