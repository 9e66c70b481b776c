import {existsSync} from "node:fs";
import {cp} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {exportAdjustments} from "../../loaders/exports/adjustments.js";
import {type OpenMarts, openMarts, readMarts} from "../../loaders/exports/openMarts.js";
import {exportWorkbook} from "../../loaders/exports/workbook.js";
import {replaceFolder} from "../../loaders/files/replaceFolder.js";
import {sampleMarts} from "./sampleMarts.js";

let sample: Awaited<ReturnType<typeof sampleMarts>>;
beforeAll(async () => {
  sample = await sampleMarts();
});
afterAll(() => sample.remove());

/** Another run replaces the marts by the same again. */
async function replaceMarts(): Promise<void> {
  const [marts, next] = ["marts", "next"].map((name) => join(sample.directory, name)) as [string, string];
  await cp(marts, next, {recursive: true});
  await replaceFolder(marts, next);
}

const out = (name: string): string => join(sample.directory, name);

it.each<[string, (marts: OpenMarts) => Promise<unknown>]>([
  ["adjustments.csv", (marts) => exportAdjustments(marts, {format: "csv", state: "all", out: out("adjustments.csv")})],
  [
    "adjustments.xlsx",
    (marts) => exportAdjustments(marts, {format: "xlsx", state: "all", out: out("adjustments.xlsx")}),
  ],
  ["workbook.xlsx", (marts) => exportWorkbook(marts, {name: "Acme", currency: "USD"}, out("workbook.xlsx"))],
])("writes no %s of two runs", async (name, write) => {
  const marts = await openMarts(sample.directory);
  await replaceMarts();
  await expect(write(marts)).rejects.toThrow("was replaced by another run while it was read. Run it again.");
  marts.database.close();
  expect(existsSync(out(name))).toBe(false);
});

it("says that marts were replaced also where what is left of them cannot be read", async () => {
  const reading = readMarts(sample.directory, undefined, async () => {
    await replaceMarts();
    throw new Error("No files found.");
  });
  await expect(reading).rejects.toThrow("was replaced by another run");
  const broken = readMarts(sample.directory, undefined, () => Promise.reject(new Error("The disk is full.")));
  await expect(broken).rejects.toThrow("The disk is full.");
  expect(await readMarts(sample.directory, undefined, async ({period}) => period)).toBe("2026-11");
});
