import {spawn, spawnSync} from "node:child_process";
import {cp, mkdir, readdir, rename, rm, truncate, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {beforeEach, describe, expect, it} from "vitest";
import {endingOf} from "../../../loaders/files/unfinished.js";
import {closePeriod} from "../../../loaders/snapshots/closePeriod.js";
import {
  findTampering,
  isClosed,
  listSnapshots,
  type Manifest,
  sealManifest,
} from "../../../loaders/snapshots/snapshots.js";
import {readWorkspace, type Workspace} from "../../../loaders/workspace/workspace.js";
import {bin} from "../runTrueup.js";
import {reconciledOctober} from "./months.js";

const copyOctober = reconciledOctober();
let directory: string;
beforeEach(async () => {
  directory = await copyOctober();
});

const close = (workspace: Workspace, replace = false) =>
  closePeriod(workspace, {period: "2026-10", replace, now: new Date("2026-11-02T08:00:00Z")});

describe("a close that is killed", () => {
  it("leaves a whole snapshot of the period, whenever it is killed", async () => {
    const workspace = await readWorkspace(directory, {asOf: "2026-10-31"});
    await close(workspace);
    let killed = 0;
    for (const moment of [".closing-", "manifest.json", "superseded-1", "superseded-2", 100, 200, 300, 400, 600]) {
      const args = [bin, "close", "--period", "2026-10", "--replace", "-q", "-w", directory];
      const child = spawn(process.execPath, args, {stdio: "ignore"});
      const ended = new Promise<NodeJS.Signals | null>((done) => child.once("exit", (_, signal) => done(signal)));
      const start = Date.now();
      while (child.exitCode === null && Date.now() - start < 10_000) {
        // Folders are renamed and removed while they are read.
        const names = await readdir(join(directory, "snapshots"), {recursive: true}).catch((): string[] => []);
        if (typeof moment === "number" ? Date.now() - start > moment : names.some((name) => name.includes(moment)))
          break;
        await new Promise((done) => setTimeout(done, 1));
      }
      child.kill("SIGKILL");
      if ((await ended) === "SIGKILL") killed += 1;
      const snapshots = await listSnapshots(directory);
      expect(snapshots[0]?.name, String(moment)).toBe("2026-10");
      for (const snapshot of snapshots) expect(await findTampering(snapshot), String(moment)).toEqual([]);
      const left = await readdir(join(directory, "snapshots"));
      expect(left.filter((name) => name.startsWith("."))).toEqual([]);
    }
    expect(killed).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ["of a process that is no more", () => spawnSync(process.execPath, ["--version"]).pid],
    ["of the same id, as every run in a container has", () => process.pid],
  ])("is finished by the next one if it had set the earlier snapshot aside, %s", async (_, pidOf) => {
    const workspace = await readWorkspace(directory, {asOf: "2026-10-31"});
    await close(workspace);
    const {checksum} = await close(workspace, true);
    // As it was between the two renames.
    const pid = pidOf();
    const at = (name: string) => join(directory, "snapshots", name);
    await rename(at("2026-10"), at(`.closing-2026-10-${endingOf(pid)}`));
    expect((await listSnapshots(directory)).map((snapshot) => [snapshot.name, snapshot.checksum === checksum])).toEqual(
      [
        ["2026-10", true],
        ["2026-10.superseded-1", false],
      ],
    );
  });

  it.each<[string, (at: (name: string) => string, unfinished: string) => Promise<void>, [string, string][]]>([
    [
      "before it had set the earlier snapshot aside",
      (at) => rename(at("2026-10.superseded-1"), at("2026-10")),
      [["2026-10", "earlier"]],
    ],
    [
      "while the period has a snapshot again",
      (at, unfinished) => cp(unfinished, at("2026-10"), {recursive: true}),
      [
        ["2026-10", "later"],
        ["2026-10.superseded-1", "earlier"],
      ],
    ],
    ["whose earlier snapshot was taken away since", (at) => rm(at("2026-10.superseded-1"), {recursive: true}), []],
    [
      "before it had written the manifest",
      (_, unfinished) => rm(join(unfinished, "manifest.json")),
      [["2026-10.superseded-1", "earlier"]],
    ],
    [
      "in the middle of the manifest",
      (_, unfinished) => truncate(join(unfinished, "manifest.json"), 100),
      [["2026-10.superseded-1", "earlier"]],
    ],
  ])("leaves nothing of its own %s", async (_, leave, left) => {
    const workspace = await readWorkspace(directory, {asOf: "2026-10-31"});
    const {checksum} = await close(workspace);
    await close(workspace, true);
    const at = (name: string) => join(directory, "snapshots", name);
    const unfinished = at(`.closing-2026-10-${endingOf(spawnSync(process.execPath, ["--version"]).pid)}`);
    await rename(at("2026-10"), unfinished);
    await leave(at, unfinished);
    const found = await listSnapshots(directory);
    expect(found.map((snapshot) => [snapshot.name, snapshot.checksum === checksum ? "earlier" : "later"])).toEqual(
      left,
    );
    expect(await readdir(join(directory, "snapshots"))).toEqual(left.map(([name]) => name));
  });

  it("leaves no snapshot of a period that it closed for the first time", async () => {
    await close(await readWorkspace(directory, {asOf: "2026-10-31"}));
    const at = (name: string) => join(directory, "snapshots", name);
    await rename(at("2026-10"), at(`.closing-2026-10-${endingOf(spawnSync(process.execPath, ["--version"]).pid)}`));
    expect(await listSnapshots(directory)).toEqual([]);
    expect(await readdir(join(directory, "snapshots"))).toEqual([]);
  });

  it.each([
    ["a period", "../elsewhere", "2026-10.superseded-1"],
    ["an earlier snapshot", "2026-11", ".."],
  ])("is not finished where its manifest names %s that is none", async (_, period, supersedes) => {
    const at = (name: string) => join(directory, "snapshots", name);
    const unfinished = at(`.closing-2026-10-${endingOf(spawnSync(process.execPath, ["--version"]).pid)}`);
    for (const folder of [unfinished, at("2026-10.superseded-1")]) await mkdir(folder, {recursive: true});
    const manifest: Manifest = {
      format: 1,
      period,
      as_of: "",
      closed_at: "",
      supersedes,
      syncs: [],
      totals: [],
      files: [],
    };
    await writeFile(join(unfinished, "manifest.json"), sealManifest(manifest).text);
    expect(await isClosed(directory, "2026-10")).toBe(false);
    expect(await readdir(at(""))).toEqual(["2026-10.superseded-1"]);
    expect(await readdir(directory)).not.toContain("elsewhere");
  });
});
