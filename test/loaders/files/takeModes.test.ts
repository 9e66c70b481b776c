import {chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {takeModes} from "../../../loaders/files/takeModes.js";

it("gives a folder and all that is in it the permissions of another, and what links lead to none", async () => {
  const parent = await mkdtemp(join(tmpdir(), "trueup-modes-"));
  try {
    const [copied, made] = [join(parent, "copied"), join(parent, "made")];
    await mkdir(join(copied, "marts"), {recursive: true, mode: 0o700});
    await mkdir(made);
    await chmod(made, 0o750);
    for (const file of ["copied/marts/a.parquet", "secret"]) await writeFile(join(parent, file), "", {mode: 0o600});
    await symlink(join(parent, "secret"), join(copied, "link"));
    await takeModes(copied, made);
    const modeOf = async (path: string) => ((await stat(join(parent, path))).mode & 0o777).toString(8);
    const modes = await Promise.all(["copied", "copied/marts", "copied/marts/a.parquet", "secret"].map(modeOf));
    expect(modes).toEqual(["750", "750", "640", "600"]);
  } finally {
    await rm(parent, {recursive: true, force: true});
  }
});
