import {cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {expect, it} from "vitest";
import {runTrueup} from "./runTrueup.js";

const installation = fileURLToPath(new URL("../..", import.meta.url));

it.skipIf(process.platform === "win32")(
  "bundles the command of an installation whose path looks like a pattern",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "trueup-*-[bundle]-"));
    try {
      await mkdir(join(folder, "loaders"));
      await mkdir(join(folder, "node_modules"));
      await cp(join(installation, "loaders", "bundle.js"), join(folder, "loaders", "bundle.js"));
      await writeFile(join(folder, "loaders", "cli.ts"), 'export const said: string = "bundled";\n');
      await symlink(join(installation, "node_modules", "esbuild"), join(folder, "node_modules", "esbuild"));
      const {bundleCommand} = await import(pathToFileURL(join(folder, "loaders", "bundle.js")).href);
      expect(await readFile(await bundleCommand(), "utf8")).toContain("bundled");
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  },
);

/** A command of its own, as an installation has it. */
async function install(folder: string): Promise<string> {
  await mkdir(join(folder, "loaders"));
  await mkdir(join(folder, "node_modules"));
  await cp(join(installation, "package.json"), join(folder, "package.json"));
  for (const file of ["bin.js", "bundle.js"]) {
    await cp(join(installation, "loaders", file), join(folder, "loaders", file));
  }
  await writeFile(join(folder, "loaders", "cli.ts"), 'const said: string = "it ran";\nconsole.log(said);\n');
  for (const name of ["esbuild", "tsx"]) {
    await symlink(join(installation, "node_modules", name), join(folder, "node_modules", name));
  }
  return join(folder, "loaders", "bin.js");
}

it.skipIf(process.platform === "win32")(
  "runs where nothing can be written, neither below node_modules nor among temporary files",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "trueup-read-only-"));
    try {
      const command = await install(folder);
      await writeFile(join(folder, "node_modules", ".cache"), "");
      const env = {TMPDIR: join(folder, "package.json")};
      expect(await runTrueup([], {command, env})).toEqual({code: 0, out: "it ran\n", err: ""});
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  },
);

it.skipIf(process.platform === "win32").each([true, false])(
  "keeps no code among temporary files, where another user could put his own in its place (a bundle: %s)",
  async (isBundled) => {
    const folder = await mkdtemp(join(tmpdir(), "trueup-shared-"));
    try {
      const command = await install(folder);
      if (!isBundled) await writeFile(join(folder, "node_modules", ".cache"), "");
      const shared = join(folder, "tmp");
      await mkdir(shared);
      expect(await runTrueup([], {command, env: {TMPDIR: shared}})).toMatchObject({out: "it ran\n"});
      expect(await readdir(shared)).toEqual([]);
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  },
);
