import {appendFile, chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it, vi} from "vitest";
import {build} from "../../loaders/site/build.js";
import {readWorkspace, type Workspace} from "../../loaders/workspace/workspace.js";
import {copyReconciled} from "../sample/madeSample.js";

const pages = new URL("../../src/", import.meta.url).pathname;
/** Where pages are made. */
const made = new URL("../../node_modules/.cache/trueup/", import.meta.url).pathname;
let folder: string;
let workspace: Workspace;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-build-"));
  await copyReconciled(folder);
  workspace = await readWorkspace(folder);
});
afterAll(() => rm(folder, {recursive: true, force: true}));

it("keeps the old site and nothing else, and names twenty faults, where a page would fail in a browser", async () => {
  const source = join(folder, "src");
  await cp(pages, source, {recursive: true});
  const page = join(source, "integrations.md");
  const faults = [
    "```js\nconst = 1;\n```",
    "```js\ndisplay(nowhereToBeFound);\n```",
    '```js\nimport {notExported} from "./lib/cents.js";\ndisplay(notExported);\n```',
    "[gone](./gone)",
    '<img alt="" src="https://example.com/a.png">',
  ];
  await writeFile(page, `${await readFile(page, "utf8")}\n${faults.join("\n\n")}\n`);
  // Of a page that comes later.
  const gone = Array.from({length: 20}, (_, place) => `[gone](./gone-${place})`);
  await appendFile(join(source, "work.md"), `\n${gone.join("\n\n")}\n`);
  const out = join(folder, "dist");
  await mkdir(join(out, "_import"), {recursive: true});
  await writeFile(join(out, "index.html"), "the old site");
  const {directory, name, currency, inactiveAfterDays} = workspace;
  const failure = await build({directory, name, currency, inactiveAfterDays, out, source}).catch(
    (error: Error) => error.message,
  );
  expect(failure).toMatch(/integrations\.html: SyntaxError/);
  expect(failure).toMatch(/integrations\.html: nowhereToBeFound is not defined/);
  expect(failure).toMatch(/No matching export .* for import "notExported"/);
  expect(failure).toMatch(/integrations\.html: refers to \.\/gone, which is not there/);
  expect(failure).toMatch(/integrations\.html: would load https:\/\/example\.com\/a\.png/);
  const [first, ...lines] = String(failure).split("\n");
  expect(first).toBe("The site does not hold together; the old one stays.");
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toMatch(/^and \d+ more$/);
  expect(await readFile(join(out, "index.html"), "utf8")).toBe("the old site");
  expect((await readdir(made)).filter((name) => name.startsWith("build-") && name.endsWith(`-${process.pid}`))).toEqual(
    [],
  );
  expect((await readdir(folder)).filter((name) => name.startsWith("dist"))).toEqual(["dist"]);
}, 180_000);

it("makes the same pages where nothing can be kept below the installation, and leaves nothing behind", async () => {
  const {directory, name, currency, inactiveAfterDays} = workspace;
  const temporary = join(folder, "temporary");
  await mkdir(temporary);
  vi.stubEnv("TMPDIR", temporary);
  // Not even root can make a folder below a file.
  const cache = join(folder, "workspace.yaml", "cache");
  const [usual, other] = [join(folder, "usual"), join(folder, "other")];
  const settings = {directory, name, currency, inactiveAfterDays};
  await build({...settings, out: other, cache}).finally(() => vi.unstubAllEnvs());
  expect((await readdir(temporary)).filter((name) => name.startsWith("trueup-"))).toEqual([]);
  await build({...settings, out: usual});
  expect((await readdir(other, {recursive: true})).sort()).toEqual((await readdir(usual, {recursive: true})).sort());
  for (const page of ["index.html", "explore.html"]) {
    expect(await readFile(join(other, page), "utf8")).toBe(await readFile(join(usual, page), "utf8"));
  }
}, 180_000);

it("keeps the old site where it is stopped, and where what the tables for SQL are made of is not there any more", async () => {
  const {directory, name, currency, inactiveAfterDays} = workspace;
  const out = join(folder, "published");
  await mkdir(join(out, "_import"), {recursive: true});
  await writeFile(join(out, "index.html"), "the old site");
  const settings = {directory, name, currency, inactiveAfterDays, out};
  await rename(join(directory, "lake", "edr"), join(directory, "elsewhere"));
  await expect(build(settings)).rejects.toThrow(/lake\/edr .* is no longer there/);
  await rename(join(directory, "elsewhere"), join(directory, "lake", "edr"));
  // The pages are rendered by now: nothing else looks whether it is to stop.
  await expect(build({...settings, signal: AbortSignal.abort(new Error("stopped"))})).rejects.toThrow("stopped");
  expect(await readFile(join(out, "index.html"), "utf8")).toBe("the old site");
  expect((await readdir(folder)).filter((name) => name.startsWith("published"))).toEqual(["published"]);
}, 180_000);

it("lets a web server read all of a site that the process lets read what it makes, whoever made the marts", async () => {
  const {directory, name, currency, inactiveAfterDays} = workspace;
  const marts = join(directory, "marts");
  for (const path of await readdir(marts, {recursive: true})) {
    if (path.includes(".")) await chmod(join(marts, path), 0o600);
  }
  const out = join(folder, "readable");
  await build({directory, name, currency, inactiveAfterDays, out});
  const modes = new Map<string, string[]>();
  for (const path of await readdir(out, {recursive: true})) {
    const entry = await stat(join(out, path));
    const mode = `${entry.isFile() ? "file" : "folder"} ${(entry.mode & 0o777).toString(8)}`;
    modes.set(mode, [...(modes.get(mode) ?? []), path]);
  }
  await mkdir(join(folder, "anew"));
  const mode = (await stat(join(folder, "anew"))).mode & 0o777;
  expect([...modes.keys()].sort()).toEqual([`file ${(mode & 0o666).toString(8)}`, `folder ${mode.toString(8)}`]);
}, 180_000);
