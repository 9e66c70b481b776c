import {existsSync} from "node:fs";
import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {selectMappedModels} from "../../loaders/marts/mappedModels.js";
import {readMacros} from "../../loaders/marts/models.js";
import {writePreview} from "../../loaders/marts/previewFiles.js";
import {openPreview, PreviewTooLargeError} from "../../src/lib/preview.js";
import {reconcileRows} from "../models/harness.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-limit-"));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await rm(folder, {recursive: true, force: true});
});

const world = {
  clients: [{client_id: "C1", client_name: "Acme"}],
  accounts: [{account_id: "A1", account_name: "Acme"}],
  seats: ["1", "2", "3"].map((seat_id) => ({account_id: "A1", product_id: "P1", seat_id, identifier: seat_id})),
};
const files = {clients: "", services: "", exclusions: "", prices: "", decisions: ""};

async function write(limit?: number): Promise<void> {
  await reconcileRows(world, async (database, models) => {
    const {mapped} = selectMappedModels(models, await readMacros());
    await writePreview(database, {mapped, files, folder, limit});
  });
}

it("gives a workspace to the browser that has as many rows as the limit, and not one that has more", async () => {
  await write();
  const {rows, seats, fits} = JSON.parse(await readFile(join(folder, "preview.json"), "utf8"));
  expect({seats, fits}).toEqual({seats: 3, fits: true});
  expect(existsSync(join(folder, "preview.duckdb"))).toBe(true);
  await rm(join(folder, "preview.duckdb"));
  await write(rows - 1);
  expect(JSON.parse(await readFile(join(folder, "preview.json"), "utf8"))).toMatchObject({
    rows,
    fits: false,
    models: null,
  });
  expect(existsSync(join(folder, "preview.duckdb"))).toBe(false);
  await write(rows);
  expect(existsSync(join(folder, "preview.duckdb"))).toBe(true);
});

it("says above the limit what to run, before anything large is loaded", async () => {
  await write(2);
  const asked: string[] = [];
  const root = {dataset: {}};
  vi.stubGlobal("document", {documentElement: root, baseURI: "http://site.test/", querySelector: () => null});
  vi.stubGlobal("fetch", async (url: URL) => {
    asked.push(url.pathname);
    return new Response(await readFile(join(folder, "preview.json")));
  });
  const failure = await openPreview().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PreviewTooLargeError);
  expect((failure as Error).message).toMatch(/3 seats.*at most 2\. .*`trueup map diff OLD NEW`/);
  expect(asked).toEqual(["/data/preview.json"]);
});
