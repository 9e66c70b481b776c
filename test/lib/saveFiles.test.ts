import {execFileSync} from "node:child_process";
import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {diffLines, patchOf, writeFiles} from "../../src/lib/saveFiles.js";
import {writtenFiles} from "../../src/lib/writtenFiles.js";
import {memoryFolder} from "./memoryFolder.js";
import {memoryStorage} from "./memoryStorage.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-save-"));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

const change = {
  fileName: "mappings/clients.csv",
  before: "a,b\n1,x\n2,y\n3,z\n4,w\n5,v\n",
  after: "a,b\n1,x\n2,Y\n3,z\n4,w\n5,v\n6,new\n",
  addedColumns: [],
};
const made = {fileName: "mappings/exclusions.csv", before: null, after: "a\n1\n", addedColumns: []};

describe("a patch", () => {
  it.each([
    ["the top", ""],
    ["a folder", "clients/acme"],
  ])("is one that git applies to a workspace in %s of a repository", async (_, place) => {
    const workspace = join(folder, place);
    await mkdir(join(workspace, "mappings"), {recursive: true});
    await writeFile(join(workspace, change.fileName), change.before);
    const git = (...args: string[]) => execFileSync("git", args, {cwd: workspace, stdio: "pipe"});
    git("init", "--quiet", folder);
    await writeFile(join(folder, "decisions.patch"), patchOf([change, made]));
    git("apply", join(folder, "decisions.patch"));
    expect(await readFile(join(workspace, change.fileName), "utf8")).toBe(change.after);
    expect(await readFile(join(workspace, made.fileName), "utf8")).toBe(made.after);
  });

  it.each([
    ["carriage returns", "a,b\r\n1,x\r\n", "a,b\r\n1,x\r\n2,y\r\n"],
    ["no line feed at its end", "a,b\n1,x", "a,b\n1,x\n2,y\n"],
  ])("is one that git applies to a file with %s", async (_, before, after) => {
    await mkdir(join(folder, "mappings"));
    await writeFile(join(folder, change.fileName), before);
    await writeFile(join(folder, "decisions.patch"), patchOf([{...change, before, after}]));
    execFileSync("git", ["apply", "decisions.patch"], {cwd: folder, stdio: "pipe"});
    expect(await readFile(join(folder, change.fileName), "utf8")).toBe(after);
  });
});

it("shows a line a decision, with its neighbours", () => {
  expect(diffLines(change).map(({kind, text}) => `${kind} ${text}`)).toEqual([
    "gap ",
    "same 1,x",
    "removed 2,y",
    "added 2,Y",
    "same 3,z",
    "gap ",
    "same 5,v",
    "added 6,new",
  ]);
});

it("shows only what is decided where columns are added to every line", () => {
  const wider = {
    ...change,
    before: "a,b\r\n1,x\r\n2,y\r\n3,z\r\n",
    after: "a,b,who\r\n1,x,\r\n2,Y,Ada\r\n3,z,\r\n",
    addedColumns: ["who"],
  };
  expect(diffLines(wider).map(({kind, text}) => `${kind} ${text}`)).toEqual([
    "gap ",
    "same 1,x,",
    "removed 2,y,",
    "added 2,Y,Ada",
    "same 3,z,",
  ]);
});

describe("writing into the workspace's folder", () => {
  it("changes the files and makes those that were not there", async () => {
    const files = new Map([
      ["workspace.yaml", "name: A"],
      [change.fileName, change.before],
    ]);
    await writeFiles(memoryFolder(files), [change, made]);
    expect(files.get(change.fileName)).toBe(change.after);
    expect(files.get(made.fileName)).toBe(made.after);
  });

  it("makes the folder of mappings where the workspace has none yet", async () => {
    const files = new Map([["workspace.yaml", "name: A"]]);
    await writeFiles(memoryFolder(files), [made]);
    expect(files.get(made.fileName)).toBe(made.after);
  });

  it("writes nothing at all where one file is not as the build read it", async () => {
    const files = new Map([
      ["workspace.yaml", ""],
      [change.fileName, change.before],
      [made.fileName, "a\n9\n"],
    ]);
    await expect(writeFiles(memoryFolder(files), [change, made])).rejects.toThrow(
      "mappings/exclusions.csv is not as it was when this site was built, so nothing was written.",
    );
    expect(files.get(change.fileName)).toBe(change.before);
  });

  it("goes on from what it wrote before", async () => {
    const files = new Map([
      ["workspace.yaml", ""],
      [change.fileName, change.after],
    ]);
    const further = {...change, after: `${change.after}7,more\n`};
    const written = writtenFiles(memoryStorage());
    await writeFiles(memoryFolder(files), [change], written);
    await writeFiles(memoryFolder(files), [further], written);
    expect(files.get(change.fileName)).toBe(further.after);
  });

  it("refuses a folder that is no workspace", async () => {
    await expect(writeFiles(memoryFolder(new Map()), [change])).rejects.toThrow("has no workspace.yaml");
  });
});
