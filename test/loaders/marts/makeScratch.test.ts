import {access, mkdir, mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it, vi} from "vitest";
import {diffMappings} from "../../../loaders/map/diffMappings.js";
import {reconcile} from "../../../loaders/marts/reconcile.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";
import {copySynced} from "../../sample/madeSample.js";

// Root may write everywhere.
vi.mock("node:fs/promises", {spy: true});

let folder: string;
let directory: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-scratch-"));
  directory = await copySynced(join(folder, "acme"));
  await mkdir(join(folder, "temporary"));
  vi.stubEnv("TMPDIR", join(folder, "temporary"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.mocked(access).mockReset();
  vi.mocked(mkdir).mockReset();
  await rm(folder, {recursive: true, force: true});
});

it("checks and compares a workspace in which nothing may be written, and leaves nothing elsewhere", async () => {
  const refuse = async (path: unknown) => {
    if (String(path).startsWith(directory)) throw Object.assign(new Error("EROFS"), {code: "EROFS", path});
    return undefined;
  };
  vi.mocked(access).mockImplementation(refuse);
  const actual = await vi.importActual<{mkdir: typeof mkdir}>("node:fs/promises");
  vi.mocked(mkdir).mockImplementation(async (...given) => (await refuse(given[0])) ?? actual.mkdir(...given));
  const workspace = await readWorkspace(directory);
  expect((await reconcile(workspace, {write: false})).summary).toHaveLength(3);
  const mappings = join(directory, "mappings");
  await diffMappings(workspace, {before: mappings, after: mappings});
  await expect(reconcile(workspace)).rejects.toMatchObject({code: "EROFS"});
  expect(await readdir(join(folder, "temporary"))).toEqual([]);
});
