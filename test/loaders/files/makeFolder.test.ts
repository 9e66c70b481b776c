import {mkdir, mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {makeUnfinished} from "../../../loaders/files/unfinished.js";

vi.mock("node:fs/promises", {spy: true});

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "trueup-folder-"));
});
afterEach(() => rm(parent, {recursive: true, force: true}));

it("is made with those above it", async () => {
  const folder = await makeUnfinished(join(parent, "lake", "m365"), ".tmp-");
  expect(await readdir(folder)).toEqual([]);
});

it("says that nothing can be written there, and not that there is no such folder, as Node does of several at once", async () => {
  vi.mocked(mkdir).mockImplementation(async (_, options) => {
    const isRecursive = typeof options === "object" && options?.recursive === true;
    throw Object.assign(new Error("refused"), {code: isRecursive ? "ENOENT" : "EROFS"});
  });
  const making = makeUnfinished(parent, ".marts-").finally(() => vi.mocked(mkdir).mockReset());
  await expect(making).rejects.toMatchObject({code: "EROFS"});
});
