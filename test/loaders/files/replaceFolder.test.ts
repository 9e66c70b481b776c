import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {recoverFolder, replaceFolder} from "../../../loaders/files/replaceFolder.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-marts-"));
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const at = (name: string): string => join(directory, name);
/** Folders that hold their own names. */
async function make(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(at(name));
    await writeFile(join(at(name), "name"), name);
  }
}
const found = async (): Promise<string[][]> => {
  const names = (await readdir(directory)).sort();
  return Promise.all(names.map(async (name) => [name, await readFile(join(at(name), "name"), "utf8")]));
};

it.each([
  ["nothing stood there", ["next"]],
  ["others stood there", ["next", "marts"]],
  ["a killed run had set the others aside", ["next", ".marts.previous"]],
  ["a killed run had not removed those before", ["next", "marts", ".marts.previous"]],
])("puts new marts in their place where %s", async (_, names) => {
  await make(...names);
  await replaceFolder(at("marts"), at("next"));
  expect(await found()).toEqual([["marts", "next"]]);
});

it.each([
  [[".marts.previous"], [["marts", ".marts.previous"]]],
  [["marts", ".marts.previous"], [["marts", "marts"]]],
  [["marts"], [["marts", "marts"]]],
])("after a kill that left %j there are whole marts, the newest", async (names, left) => {
  await make(...names);
  await recoverFolder(at("marts"));
  expect(await found()).toEqual(left);
});

it("leaves a copy alone that somebody keeps beside them", async () => {
  await make("next", "marts", "marts.previous");
  await replaceFolder(at("marts"), at("next"));
  expect(await found()).toEqual([
    ["marts", "next"],
    ["marts.previous", "marts.previous"],
  ]);
});
