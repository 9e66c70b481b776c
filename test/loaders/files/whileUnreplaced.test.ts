import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {replaceFolder} from "../../../loaders/files/replaceFolder.js";
import {whileUnreplaced} from "../../../loaders/files/whileUnreplaced.js";

let marts: string;
const summary = () => readFile(join(marts, "summary.parquet"), "utf8");

async function make(folder: string, text: string): Promise<string> {
  await mkdir(folder);
  await writeFile(join(folder, "summary.parquet"), text);
  return folder;
}

beforeEach(async () => {
  marts = await make(join(await mkdtemp(join(tmpdir(), "trueup-replaced-")), "marts"), "October");
});
afterEach(() => rm(join(marts, ".."), {recursive: true, force: true}));

it("gives what was read, or why it could not be", async () => {
  expect(await whileUnreplaced(marts, summary)).toBe("October");
  await expect(whileUnreplaced(marts, () => Promise.reject(new Error("The disk is full.")))).rejects.toThrow(
    "The disk is full.",
  );
});

it.each([
  ["before the rest was read", () => summary()],
  ["and the rest is not there any more", () => Promise.reject(new Error("No files found."))],
])("fails where another run replaced the marts %s", async (_, readRest) => {
  const reading = whileUnreplaced(marts, async () => {
    await summary();
    await replaceFolder(marts, await make(join(marts, "..", "next"), "November"));
    return readRest();
  });
  await expect(reading).rejects.toThrow(`${marts} was replaced by another run while it was read. Run it again.`);
});
