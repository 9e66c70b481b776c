import {existsSync} from "node:fs";
import {readdir, readFile, rm, rmdir, writeFile} from "node:fs/promises";
import {dirname, join, relative, resolve} from "node:path";
import {build as bundle, type Metafile, type Plugin} from "esbuild";
import {filesOf} from "../../files/filesOf.js";
import {blockImports, clientImports, laterImports} from "./scriptImports.js";
import {inlineScripts} from "./shell.js";

/** A module with which a browser begins. */
interface Entry {
  /** The page, which has a copy of its own of every module but those of packages; "file" for those. */
  readonly namespace: string;
  /** In the site's folder. */
  readonly path: string;
  /** What is in it, where it is no file. */
  readonly contents?: string;
  /** The modules in whose place it comes, as the page's scripts name them. */
  readonly replaces: readonly string[];
}

interface Page {
  readonly file: string;
  readonly html: string;
  /** All that its scripts begin with. */
  readonly atOnce: Entry;
  /** What they ask for in their course. */
  readonly later: readonly Entry[];
}

/**
 * Gives every page few files to load. Framework leaves every module in a file of its own, which makes a hundred for a page
 * with a chart. Here what pages use of packages goes into files that they share. Their own modules are small and differ in who
 * needs them, so that every page has a copy of its own, all in one file. What a page asks for only later stays apart.
 */
export async function bundlePages(dist: string): Promise<void> {
  const files = await filesOf(dist, ".html");
  const pages = await Promise.all(files.map(async (file) => readPage(dist, file, await readFile(file, "utf8"))));
  const later = new Set(pages.flatMap((page) => page.later.map(nameOf)));
  const {metafile} = await bundle({
    absWorkingDir: dist,
    entryPoints: [
      ...pages.map(({atOnce}) => ({in: nameOf(atOnce), out: "page"})),
      ...[...later].map((name) => ({in: name, out: "later"})),
    ],
    outdir: "_import",
    entryNames: "[name].[hash]",
    chunkNames: "shared.[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    metafile: true,
    // Else names of files would follow from where the site is made.
    preserveSymlinks: true,
    logLevel: "silent",
    plugins: [placeModules(dist, pages)],
  });
  for (const page of pages) await writeFile(page.file, withBundle(dist, page, metafile.outputs));
  const bundled = Object.keys(metafile.inputs).filter((input) => input.endsWith(".js"));
  for (const input of bundled) await rm(join(dist, input.slice(input.indexOf(":") + 1)), {force: true});
  await removeEmptyFolders(dist);
}

function readPage(dist: string, file: string, html: string): Page {
  const page = relative(dist, file);
  const scripts = inlineScripts(html);
  const blocks = scripts.flatMap(blockImports);
  const wholes = blocks.filter(({names}) => names.length === 0).map(({path}) => path);
  const later = new Set([...wholes, ...scripts.flatMap(laterImports)]);
  const modules = new Map<string, readonly string[]>();
  for (const {path, names} of [...scripts.flatMap(clientImports), ...blocks]) {
    if (!later.has(path)) modules.set(path, [...new Set([...(modules.get(path) ?? []), ...names])]);
  }
  const contents = [...modules].map(([path, names]) =>
    names.length === 0 ? `import "${path}";` : `export {${names.join(", ")}} from "${path}";`,
  );
  return {
    file,
    html,
    atOnce: {namespace: page, path: page, contents: contents.join("\n"), replaces: [...modules.keys()]},
    later: [...later].map((path) => ({...placeOf(dist, resolve(dirname(file), path), page), replaces: [path]})),
  };
}

/** As the bundle's own record names it. */
function nameOf({namespace, path}: {namespace: string; path: string}): string {
  return namespace === "file" ? path : `${namespace}:${path}`;
}

/** Where a module of a page belongs. */
function placeOf(dist: string, file: string, page: string): {namespace: string; path: string} {
  const path = relative(dist, file);
  return {namespace: path.startsWith("_import") ? page : "file", path};
}

function placeModules(dist: string, pages: readonly Page[]): Plugin {
  const entries = new Map(
    pages.flatMap(({atOnce, later}) => [atOnce, ...later]).map((entry) => [nameOf(entry), entry]),
  );
  return {
    name: "place-modules",
    setup({onLoad, onResolve, resolve: find}) {
      const place = async ({namespace, path}: {namespace: string; path: string}) => {
        if (namespace !== "file") return {namespace, path};
        const [, name] = /^_node\/((?:@[^/]+\/)?[^/@]+)@/.exec(path) ?? [];
        // Whether a module may be left out where nothing is taken from it stands in its package, no longer beside it.
        const found = name && (await find(name, {kind: "import-statement", resolveDir: dist}));
        return {path: join(dist, path), sideEffects: found ? found.sideEffects : true};
      };
      onResolve({filter: /^_|\.html:/}, ({path}) => {
        const entry = entries.get(path);
        return entry && place(entry);
      });
      onResolve({filter: /^\.{1,2}\//}, ({path, kind, importer, namespace, resolveDir}) => {
        const file = resolve(resolveDir, path);
        // Framework's client names libraries that it would load for features that no page uses.
        const isFeature = kind === "dynamic-import" && importer.includes("_observablehq") && !existsSync(file);
        if (isFeature) return {path: "unused", namespace: "feature"};
        return place(placeOf(dist, file, namespace));
      });
      onLoad({filter: /./}, async ({path, namespace}) => {
        if (namespace === "file") return undefined;
        if (namespace === "feature") return {contents: 'throw new Error("No page was built to use this.");'};
        const file = join(dist, path);
        return {
          contents: entries.get(`${namespace}:${path}`)?.contents ?? (await readFile(file)),
          resolveDir: dirname(file),
        };
      });
    },
  };
}

/** The page with its scripts, and what it tells the browser to load before them, referring to the bundle. */
function withBundle(dist: string, {file, html, atOnce, later}: Page, outputs: Metafile["outputs"]): string {
  const fileOf = new Map(Object.entries(outputs).map(([path, {entryPoint}]) => [entryPoint, path]));
  const addressOf = (path: string): string => {
    const address = relative(dirname(file), join(dist, path));
    return address.startsWith(".") ? address : `./${address}`;
  };
  const preloads = withImports(fileOf.get(nameOf(atOnce)) ?? "", outputs).map(
    (path) => `<link rel="modulepreload" href="${addressOf(path)}">\n`,
  );
  let page = html.replace(/(<link rel="modulepreload" href="[^"]*">\n)+/, preloads.join(""));
  for (const script of inlineScripts(html)) {
    let bundled = script;
    for (const entry of [atOnce, ...later]) {
      const address = addressOf(fileOf.get(nameOf(entry)) ?? "");
      for (const path of entry.replaces) bundled = bundled.replaceAll(`"${path}"`, `"${address}"`);
    }
    page = page.replace(script, () => bundled);
  }
  return page;
}

/** A file of the bundle and all that it needs before it runs. */
function withImports(path: string, outputs: Metafile["outputs"], found = new Set<string>()): string[] {
  if (!found.has(path)) {
    found.add(path);
    for (const {kind, path: needed} of outputs[path]?.imports ?? []) {
      if (kind === "import-statement") withImports(needed, outputs, found);
    }
  }
  return [...found];
}

async function removeEmptyFolders(dist: string): Promise<void> {
  const entries = await readdir(dist, {recursive: true, withFileTypes: true});
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  // Those within others first.
  for (const folder of folders.sort().reverse()) {
    if ((await readdir(folder)).length === 0) await rmdir(folder);
  }
}
