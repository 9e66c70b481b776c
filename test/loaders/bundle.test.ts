import {cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {expect, it} from "vitest";

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
