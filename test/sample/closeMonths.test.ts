import {spawnSync} from "node:child_process";
import {mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {expect, it} from "vitest";
import {closeMonths} from "../../data/sample/closeMonths.js";

const script = fileURLToPath(new URL("../../data/sample/closeMonths.ts", import.meta.url));

it.each(["--help", "elsewhere"])("makes no folder where it is given %s, which is no workspace", async (argument) => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-months-"));
  try {
    const tsx = import.meta.resolve("tsx");
    const {status, stderr} = spawnSync(process.execPath, ["--import", tsx, script, argument], {
      ...{cwd: folder, encoding: "utf8"},
    });
    expect(stderr).toBe("Usage: npx tsx data/sample/closeMonths.ts [folder of a sample workspace]\n");
    expect(status).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
});

it("closes none where it is stopped, and leaves nothing of what it began", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-months-"));
  try {
    const stop = new AbortController();
    const stopSecond = (done: number): void => {
      if (done === 1) stop.abort(new Error("Stopped."));
    };
    await expect(closeMonths(folder, stopSecond, stop.signal)).rejects.toThrow("Stopped.");
    expect(await readdir(join(folder, "snapshots"))).toEqual([]);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
});
