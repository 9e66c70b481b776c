import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {beside} from "../../loaders/files/replaceFolder.js";
import {endingOf, removeUnfinished} from "../../loaders/files/unfinished.js";
import {ConfigurationError} from "../../loaders/problems.js";
import {claimPlace, placeSite} from "../../loaders/site/placeSite.js";

// A second disk cannot be had, nor one that is full.
vi.mock("node:fs/promises", {spy: true});

let folder: string;
let dist: string;
let out: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-place-"));
  [dist, out] = [join(folder, "work", "dist"), join(folder, "www", "site")];
  await makeSite(dist, "new");
});
afterEach(() => rm(folder, {recursive: true, force: true}));

async function makeSite(place: string, text: string): Promise<void> {
  await mkdir(join(place, "_import"), {recursive: true});
  await writeFile(join(place, "index.html"), text);
}

const shown = (): Promise<string> => readFile(join(out, "index.html"), "utf8");

it("puts a site where there is none, in the place of an old one and of what a killed build left, and leaves nothing beside it", async () => {
  await placeSite(dist, out);
  expect(await shown()).toBe("new");
  await makeSite(dist, "newer");
  await makeSite(beside(out, "next"), "unfinished");
  await writeFile(join(beside(out, "next"), "left.html"), "");
  await placeSite(dist, out);
  expect(await shown()).toBe("newer");
  expect(await readdir(join(folder, "www"))).toEqual(["site"]);
  expect((await readdir(out)).sort()).toEqual(["_import", "index.html"]);
});

it("replaces no folder that holds something else, such as a workspace, but an empty one", async () => {
  await mkdir(out, {recursive: true});
  await removeUnfinished(await claimPlace(out));
  await writeFile(join(out, "workspace.yaml"), "name: Acme");
  for (const work of [() => claimPlace(out), () => placeSite(dist, out)]) {
    await expect(work()).rejects.toThrow(`${out}: this folder holds something other than a built site`);
  }
  expect(await readdir(out)).toEqual(["workspace.yaml"]);
  await rm(join(out, "workspace.yaml"));
  await placeSite(dist, out);
  expect(await shown()).toBe("new");
});

it("puts a site where a link leads, and leaves the link", async () => {
  await makeSite(out, "old");
  const link = join(folder, "link");
  await symlink(out, link);
  await removeUnfinished(await claimPlace(link));
  await placeSite(dist, link);
  expect(await shown()).toBe("new");
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect((await readdir(folder)).sort()).toEqual(["link", "work", "www"]);
});

it("says before the work of a volume that no site can take its place", async () => {
  await makeSite(out, "old");
  vi.mocked(stat).mockResolvedValueOnce({...(await stat(out)), dev: 1} as Awaited<ReturnType<typeof stat>>);
  await expect(claimPlace(out)).rejects.toThrow(
    `${out}: this is a volume of its own, and the site is put in the place of a folder. Give \`--out\` a folder in it, such as ${out}/site.`,
  );
  expect(await readdir(join(folder, "www"))).toEqual(["site"]);
});

it("says of a file that no site can be put there", async () => {
  await mkdir(dirname(out), {recursive: true});
  await writeFile(out, "");
  const refusal = `${out}: no site can be put there: a part of the path is a file, not a folder.`;
  await expect(claimPlace(out)).rejects.toThrow(ConfigurationError);
  await expect(claimPlace(out)).rejects.toThrow(refusal);
});

it("brings back the old site that a killed build had set aside", async () => {
  await makeSite(out, "old");
  await rename(out, beside(out, "previous"));
  await removeUnfinished(await claimPlace(out));
  expect(await shown()).toBe("old");
});

const fault = (code: string): Error => Object.assign(new Error(`${code}: it failed`), {code});

it("copies a site to another disk, where nothing can be moved", async () => {
  await makeSite(out, "old");
  vi.mocked(rename).mockRejectedValueOnce(fault("EXDEV"));
  await placeSite(dist, out);
  expect(await shown()).toBe("new");
  expect(await readdir(join(folder, "www"))).toEqual(["site"]);
});

it.each([
  ["moved", () => vi.mocked(rename).mockRejectedValueOnce(fault("EIO")), "EIO"],
  [
    "copied to another disk",
    () => {
      vi.mocked(rename).mockRejectedValueOnce(fault("EXDEV"));
      vi.mocked(cp).mockImplementationOnce(async (_, to) => {
        await mkdir(String(to));
        throw fault("ENOSPC");
      });
    },
    "ENOSPC",
  ],
])("leaves the old site alone where the new one cannot be %s", async (_, fail, code) => {
  await makeSite(out, "old");
  fail();
  await expect(placeSite(dist, out)).rejects.toMatchObject({code, path: out});
  expect(await shown()).toBe("old");
  expect(await readdir(join(folder, "www"))).toEqual(["site"]);
});

it("refuses a second build of the same place while one is under way, and takes what a killed one left for none", async () => {
  const beside = (pid: number) => `${out}.building-${endingOf(pid)}`;
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  await mkdir(beside(dead), {recursive: true});
  const claim = await claimPlace(out);
  expect(await readdir(join(folder, "www"))).toEqual([`site.building-${endingOf(process.pid)}`]);
  await expect(claimPlace(out)).rejects.toThrow(
    `${out}: another build is about to put a site there. Wait until it has ended, or give \`--out\` another folder.`,
  );
  expect(await readdir(join(folder, "www"))).toEqual([`site.building-${endingOf(process.pid)}`]);
  await removeUnfinished(await claimPlace(`${out}.other`));
  await removeUnfinished(claim);
  // This very test runs in a process of its own parent.
  await mkdir(beside(process.ppid), {recursive: true});
  await expect(claimPlace(out)).rejects.toThrow("another build is about to put a site there");
  expect(await readdir(join(folder, "www"))).toEqual([`site.building-${endingOf(process.ppid)}`]);
});

it.skipIf(!existsSync("/proc/self"))(
  "says by the name that was given where no site can be put, before the work and after it",
  async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    for (const place of ["/proc/site", "/proc/below/site", join(file, "site")]) {
      await expect(claimPlace(place)).rejects.toThrow(`${place}: no site can be put there: `);
      await expect(placeSite(dist, place)).rejects.toMatchObject({path: place});
    }
    await removeUnfinished(await claimPlace(out));
    expect(await readdir(join(folder, "www"))).toEqual([]);
  },
);
