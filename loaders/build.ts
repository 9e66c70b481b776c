import {spawn} from "node:child_process";
import {existsSync} from "node:fs";
import {cp, mkdir, readdir, readFile, rename, rm, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {dirname, join, relative, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {ConfigurationError} from "./problems.js";
import {type ClientPage, writeSiteData} from "./siteData.js";

export interface BuildOptions {
  /** The workspace folder; its marts must exist. */
  readonly directory: string;
  /** Shown on the pages. */
  readonly name: string;
  readonly inactiveAfterDays: number;
  /** Folder of the finished site; replaced as a whole, and only by a site that holds together. */
  readonly out: string;
}

const installation = fileURLToPath(new URL("..", import.meta.url));
const templateSlug = "client-page-template";

/** Names that Framework asks the registry for at every build unless its cache has a folder for them. */
const askedFor = [
  "lodash",
  "arquero",
  "apache-arrow",
  "d3",
  "echarts",
  "htl",
  "leaflet",
  "mapbox-gl",
  "@observablehq/plot",
  "@observablehq/sample-datasets",
  "react",
  "react-dom",
  "topojson-client",
  "d3-dsv",
  "parquet-wasm",
];

/** Makes the static site of a workspace. Asks nobody outside this machine. */
export async function build({directory, name, inactiveAfterDays, out}: BuildOptions): Promise<{pages: number}> {
  const marts = join(directory, "marts");
  if (!existsSync(join(marts, "summary.parquet"))) {
    throw new ConfigurationError([
      {
        file: marts,
        message: "there are no marts.",
        remedy: "Run `trueup reconcile` first.",
      },
    ]);
  }
  const work = join(installation, "node_modules", ".cache", "trueup", `build-${process.pid}`);
  await rm(work, {recursive: true, force: true});
  await mkdir(work, {recursive: true});
  try {
    const dist = join(work, "dist");
    await renderPages(work, dist);
    const clients = await writeSiteData({
      marts,
      folder: join(dist, "data"),
      name,
      inactiveAfterDays,
    });
    await stampClientPages(dist, clients);
    const pages = await mendPages(dist, name);
    await findBrokenReferences(dist);
    await replaceSite(dist, out);
    return {pages};
  } finally {
    await rm(work, {recursive: true, force: true});
  }
}

async function renderPages(work: string, dist: string): Promise<void> {
  const root = join(work, "src");
  await cp(join(installation, "src"), root, {recursive: true});
  for (const asked of askedFor)
    await mkdir(join(root, ".observablehq", "cache", "_npm", `${asked}@0.0.0`), {recursive: true});
  const config = await readFile(join(installation, "observablehq.config.ts"), "utf8");
  await writeFile(
    join(work, "observablehq.config.ts"),
    config.replace(
      'root: "src"',
      `root: ${JSON.stringify(relative(work, root))},\n  output: ${JSON.stringify(relative(work, dist))}`,
    ),
  );
  await writeFile(join(work, "package.json"), `${JSON.stringify({type: "module"})}\n`);
  const framework = createRequire(import.meta.url).resolve("@observablehq/framework/package.json");
  const command = join(dirname(framework), "dist", "bin", "observable.js");
  await run(["--import", import.meta.resolve("tsx"), command, "build", "--config", "observablehq.config.ts"], work);
}

function run(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: {...process.env, OBSERVABLE_TELEMETRY_DISABLE: "true"},
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", fail);
    child.once("close", (code) => {
      if (code === 0) done();
      else fail(new Error(`The pages could not be built:\n${Buffer.concat(output).toString()}`));
    });
  });
}

/** Two client pages differ only in the client, so one rendered page serves for all. */
async function stampClientPages(dist: string, clients: readonly ClientPage[]): Promise<void> {
  const template = join(dist, "clients", `${templateSlug}.html`);
  const html = await readFile(template, "utf8");
  if (!html.includes(templateSlug))
    throw new Error("The rendered client page does not name its client: Framework's output has changed.");
  for (const {slug, name} of clients) {
    const page = html
      .replaceAll(templateSlug, slug)
      .replace(/<title>[^<]*<\/title>/, () => `<title>${escapeHtml(name)} | Trueup</title>`);
    await writeFile(join(dist, "clients", `${slug}.html`), page);
  }
  await rm(template);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Mends what Framework's shell leaves undone for people who do not see the page. Returns the number of pages. */
async function mendPages(dist: string, name: string): Promise<number> {
  const pages = await htmlFiles(dist);
  for (const page of pages) {
    const html = await readFile(page, "utf8");
    await writeFile(
      page,
      html
        .replace("<html>", '<html lang="en">')
        .replace("<!DOCTYPE html>\n<head>", '<!DOCTYPE html>\n<html lang="en">\n<head>')
        .replace(/, ?maximum-scale=1/, "")
        .replace(
          '<input id="observablehq-sidebar-toggle"',
          '<input aria-label="Show the list of pages" id="observablehq-sidebar-toggle"',
        )
        .replace(/<ol>\s*(<label id="observablehq-sidebar-close"[^>]*><\/label>)/, "$1<ol>")
        .replace("</title>", () => ` — ${escapeHtml(name)}</title>`),
    );
  }
  return pages.length;
}

async function htmlFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".html"))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Framework reports success for pages that fail in the browser; a reference that leads nowhere must not reach anybody. */
// Framework's own client names libraries that it loads only for features that no page uses; the browser tests see to that.
async function findBrokenReferences(dist: string): Promise<void> {
  const broken: string[] = [];
  const entries = await readdir(dist, {recursive: true, withFileTypes: true});
  const files = entries
    .filter((entry) => entry.isFile() && /\.(html|js)$/.test(entry.name) && !entry.parentPath.endsWith("_observablehq"))
    .map((entry) => join(entry.parentPath, entry.name));
  const found = new Map<string, boolean>();
  for (const file of files) {
    const text = await readFile(file, "utf8");
    const isPage = file.endsWith(".html");
    const references = isPage
      ? [...text.matchAll(/(?:href|src)="([^"#?]+)[^"]*"/g), ...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
      : [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)];
    for (const [, reference = ""] of references) {
      if (/^(data|mailto|blob):/.test(reference)) continue;
      if (/^(https?:)?\/\//.test(reference)) {
        if (isPage && !reference.startsWith("https://observablehq.com"))
          broken.push(`${relative(dist, file)} refers to ${reference}`);
        continue;
      }
      const target = resolve(reference.startsWith("/") ? dist : dirname(file), reference.replace(/^\//, ""));
      const exists =
        found.get(target) ?? [target, `${target}.html`, join(target, "index.html")].some((path) => existsSync(path));
      found.set(target, exists);
      if (!exists) broken.push(`${relative(dist, file)} refers to ${reference}, which is not there`);
    }
  }
  if (broken.length > 0)
    throw new Error(`The site does not hold together; nothing was replaced.\n${broken.slice(0, 20).join("\n")}`);
}

async function replaceSite(dist: string, out: string): Promise<void> {
  const previous = `${out}.previous`;
  await mkdir(dirname(out), {recursive: true});
  await rm(previous, {recursive: true, force: true});
  const next = `${out}.next`;
  await rm(next, {recursive: true, force: true});
  await cp(dist, next, {recursive: true});
  if (existsSync(out)) await rename(out, previous);
  await rename(next, out);
  await rm(previous, {recursive: true, force: true});
}
