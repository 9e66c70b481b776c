import {createHash, randomUUID} from "node:crypto";
import {existsSync} from "node:fs";
import {mkdir, readdir, readFile, rename, rm, stat, writeFile} from "node:fs/promises";
import {join, relative} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const installation = fileURLToPath(new URL("..", import.meta.url));
const cache = join(installation, "node_modules", ".cache", "trueup-command");
const inputsFile = join(cache, "inputs.json");
const day = 24 * 60 * 60 * 1000;

/**
 * The command as JavaScript, in few files: loading it file by file, transpiled as it goes, takes longer than reconciling a
 * small workspace. It lies below node_modules under a name that follows from everything it was made from, and is made anew
 * whenever that changed. Returns the path of the module to import.
 */
export async function bundleCommand() {
  const known = await readFile(inputsFile, "utf8").then(JSON.parse, () => []);
  const current = moduleOf(await digestOf(known));
  if (existsSync(current)) return current;

  const {build} = await import("esbuild");
  const made = join(cache, `unfinished-${randomUUID()}`);
  await mkdir(made, {recursive: true});
  await removeOld();
  const {metafile} = await build({
    absWorkingDir: installation,
    entryPoints: {command: "./loaders/cli.ts"},
    outdir: made,
    outExtension: {".js": ".mjs"},
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // Libraries with binaries of their own, or that are started as commands.
    external: ["@duckdb/node-bindings", "@observablehq/framework", "esbuild", "playwright-core", "tsx"],
    // Some libraries have a createRequire of their own.
    banner: {
      js: "import {createRequire as requireFrom} from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    metafile: true,
    plugins: [{name: "places", setup: keepPlaces}],
  });
  const inputs = Object.keys(metafile.inputs)
    .map((path) => relative(installation, join(installation, path)))
    .filter((path) => !path.startsWith("node_modules"))
    .sort();
  const module = moduleOf(await digestOf(inputs));
  await writeFile(join(made, "inputs.json"), JSON.stringify(inputs));
  await rename(join(made, "inputs.json"), inputsFile);
  // Another process may have been quicker with the same.
  await rename(made, join(module, "..")).catch(() => rm(made, {recursive: true, force: true}));
  return module;
}

function moduleOf(digest) {
  return join(cache, digest, "command.mjs");
}

/** The versions of all libraries stand in the lock file; the place is part of it, since modules look for files beside them. */
async function digestOf(inputs) {
  const paths = ["package-lock.json", "loaders/bundle.js", ...inputs];
  const texts = await Promise.all(paths.map((path) => readFile(join(installation, path), "utf8").catch(() => "")));
  const hash = createHash("sha256").update(JSON.stringify([installation, paths]));
  for (const text of texts) hash.update(text).update("\0");
  return hash.digest("hex").slice(0, 32);
}

/** A module that looks for files beside itself goes on finding them. */
function keepPlaces({onLoad}) {
  onLoad({filter: /\.ts$/}, async ({path}) => {
    if (path.includes("node_modules")) return undefined;
    const text = await readFile(path, "utf8");
    return {contents: text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)), loader: "ts"};
  });
}

/** Not those of today: a command that runs may still load parts of its bundle. */
async function removeOld() {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const entry = await stat(path).catch(() => null);
    if (entry?.isDirectory() && Date.now() - entry.mtimeMs > day) await rm(path, {recursive: true, force: true});
  }
}
