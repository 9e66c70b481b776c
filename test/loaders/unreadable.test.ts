import {mkdir, mkdtemp, rm, symlink} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {fingerprintDecisions} from "../../loaders/files/fingerprint.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {closePeriod} from "../../loaders/snapshots/closePeriod.js";
import {listSnapshots} from "../../loaders/snapshots/snapshots.js";
import {readMappingFolder} from "../../loaders/workspace/mappings.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {copySynced} from "../sample/madeSample.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-unreadable-"));
  await copySynced(folder);
});
afterAll(() => rm(folder, {recursive: true, force: true}));

/** A folder that leads to itself is there and cannot be read, not even by root. */
async function makeUnreadable(name: string): Promise<void> {
  await rm(join(folder, name), {recursive: true, force: true});
  await symlink(join(folder, name), join(folder, name));
}

it("a folder of mappings or snapshots that is not there decides and closes nothing", async () => {
  const empty = join(folder, "empty");
  await mkdir(empty);
  expect((await readMappingFolder(join(empty, "mappings"))).files.clients).toBe("");
  expect(await listSnapshots(empty)).toEqual([]);
});

it("snapshots that cannot be read fail the run: history would lack what was closed", async () => {
  await makeUnreadable("snapshots");
  await expect(listSnapshots(folder)).rejects.toThrow("ELOOP");
  await expect(reconcile(await readWorkspace(folder))).rejects.toThrow("ELOOP");
  await rm(join(folder, "snapshots"));
});

it("a folder in the place of a mapping file fails the run, with its path", async () => {
  const mappings = join(folder, "odd");
  const path = join(mappings, "clients.csv");
  await mkdir(path, {recursive: true});
  await expect(readMappingFolder(mappings)).rejects.toMatchObject({code: "EISDIR", path});
});

it("a snapshot's manifest that cannot be read is not told to be missing: to take the month back would be the advice", async () => {
  await mkdir(join(folder, "snapshots", "2026-10"), {recursive: true});
  await expect(listSnapshots(folder)).rejects.toThrow("snapshots/2026-10/manifest.json is missing.");
  await makeUnreadable(join("snapshots", "2026-10", "manifest.json"));
  await expect(listSnapshots(folder)).rejects.toThrow(/^ELOOP/);
  await rm(join(folder, "snapshots"), {recursive: true});
});

it("mappings that cannot be read fail the run: nothing would be linked, and so nothing found", async () => {
  const workspace = await readWorkspace(folder);
  await reconcile(workspace);
  await makeUnreadable("mappings");
  await expect(readMappingFolder(join(folder, "mappings"))).rejects.toThrow("ELOOP");
  await expect(fingerprintDecisions(folder)).rejects.toThrow("ELOOP");
  await expect(reconcile(workspace)).rejects.toThrow("ELOOP");
  await expect(closePeriod(workspace, {period: "2026-11", now: new Date()})).rejects.toThrow("ELOOP");
});
