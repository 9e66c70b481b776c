import {chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {ConfigurationError} from "../../../loaders/problems.js";
import {initWorkspace} from "../../../loaders/workspace/init.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-init-"));
});
afterEach(async () => {
  await chmod(directory, 0o700);
  await rm(directory, {recursive: true, force: true});
});

const refused = async (folder: string): Promise<string> => {
  const refusal = await initWorkspace(folder).catch((error) => error);
  expect(refusal).toBeInstanceOf(ConfigurationError);
  return refusal.message;
};

it("makes a workspace in a new folder, folders above included, and in an empty one", async () => {
  await mkdir(join(directory, "empty"));
  for (const name of ["empty", "a/b"]) {
    await initWorkspace(join(directory, name));
    expect(await readdir(join(directory, name))).toEqual([".gitignore", "imports", "mappings", "workspace.yaml"]);
  }
  expect(await readFile(join(directory, "a/b/.gitignore"), "utf8")).toBe(
    "lake/\nmarts/\n.marts-*\n.last-report.json\n",
  );
});

it.each(["", "  "])("refuses %j, as a variable that is not set gives", async (name) => {
  expect(await refused(name)).toContain("DIR: names no folder.");
});

it("refuses a folder with something in it", async () => {
  await writeFile(join(directory, "workspace.yaml"), "mine");
  expect(await refused(directory)).toContain(`${directory}: the folder is not empty.`);
  expect(await readFile(join(directory, "workspace.yaml"), "utf8")).toBe("mine");
});

it("refuses what is a file, or lies below one", async () => {
  const file = join(directory, "file");
  await writeFile(file, "mine");
  expect(await refused(file)).toContain("the folder cannot be read: a part of the path is a file");
  expect(await refused(join(file, "below"))).toContain("a part of the path is a file");
});

it.runIf(process.platform === "linux")("ends where no folder can be made", {timeout: 5000}, async () => {
  expect(await refused("/proc/trueup/below")).toContain("/proc/trueup/below: no workspace can be made there");
});

it.skipIf(process.getuid?.() === 0)("refuses a folder that may not be read", async () => {
  await chmod(directory, 0o300);
  expect(await refused(directory)).toContain("the folder cannot be read: you may not read or write there.");
});

it.runIf(process.platform === "linux")(
  "makes what makes it a workspace last, so that half of one is none",
  async () => {
    // So deep that workspace.yaml has a place, and files in its folders have none.
    const longest = 4095 - "/imports/README.md".length + 1;
    let deep = directory;
    while (deep.length < longest) deep += `/${"x".repeat(Math.min(250, Math.max(1, longest - deep.length - 1)))}`;
    expect(await refused(deep)).toContain("no workspace can be made there");
    expect(await readdir(deep)).toEqual([".gitignore", "imports", "mappings"]);
  },
);
