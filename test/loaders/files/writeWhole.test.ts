import {execFile} from "node:child_process";
import {readdirSync, statSync} from "node:fs";
import {chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {makeDurable} from "../../../loaders/files/makeDurable.js";
import {writeWhole} from "../../../loaders/files/writeWhole.js";

vi.mock("../../../loaders/files/makeDurable.js", {spy: true});

const run = promisify(execFile);
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-whole-"));
  file = join(folder, "report.json");
});
afterEach(() => rm(folder, {recursive: true, force: true}));

it("leaves what was there where the disk is full, and nothing beside it", async () => {
  await writeFile(file, "before");
  vi.mocked(makeDurable).mockRejectedValueOnce(Object.assign(new Error("full"), {code: "ENOSPC"}));
  await expect(writeWhole(file, "after")).rejects.toMatchObject({code: "ENOSPC", path: file});
  expect(await readFile(file, "utf8")).toBe("before");
  expect(await readdir(folder)).toEqual(["report.json"]);
});

it("follows a link, and keeps who may write the file", async () => {
  await writeFile(file, "before");
  await chmod(file, 0o660);
  const link = join(folder, "last.json");
  await symlink(file, link);
  await writeWhole(link, "after");
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(file, "utf8")).toBe("after");
  expect((await stat(file)).mode & 0o777).toBe(0o660);
});

it.skipIf(process.platform === "win32")("never lets others read what they could not read before", async () => {
  await writeFile(file, "before", {mode: 0o600});
  const modes = new Set<number>();
  const look = setInterval(() => {
    for (const name of readdirSync(folder)) {
      const entry = statSync(join(folder, name), {throwIfNoEntry: false});
      if (entry !== undefined) modes.add(entry.mode & 0o777);
    }
  }, 1);
  await writeWhole(file, Buffer.alloc(2 ** 25)).finally(() => clearInterval(look));
  expect([...modes]).toEqual([0o600]);
});

it.skipIf(process.platform === "win32")("writes into a pipe, which stays one", async () => {
  await run("mkfifo", [file]);
  const [{stdout}] = await Promise.all([run("cat", [file]), writeWhole(file, "after")]);
  expect(stdout).toBe("after");
  expect((await stat(file)).isFIFO()).toBe(true);
});
