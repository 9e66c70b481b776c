import {existsSync, statSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {dirname, join, relative, resolve} from "node:path";
import {build as bundle, type Message, type Plugin} from "esbuild";
import {filesOf} from "../../files/filesOf.js";
import {blockImports} from "./scriptImports.js";
import {inlineScripts} from "./shell.js";

/** What Framework gives a page's code without anything being downloaded. */
const provided = new Set(["display", "view", "visibility", "invalidation", "width", "now", "dark"]);

/**
 * Finds what would fail in a browser: Framework reports success for pages with syntax errors, unresolved imports, names
 * that nothing defines and links that lead nowhere. Each fault is a sentence; none means that the site holds together.
 */
export async function findFaults(dist: string): Promise<string[]> {
  const pages = await filesOf(dist, ".html");
  const faults: string[] = [];
  for (const page of pages) {
    const html = await readFile(page, "utf8");
    const name = relative(dist, page);
    const scripts = inlineScripts(html);
    faults.push(...renderedErrors(html).map((fault) => `${name}: ${fault}`));
    for (const script of scripts) faults.push(...undefinedNames(script).map((fault) => `${name}: ${fault}`));
    faults.push(...(await brokenScripts(scripts, page, dist)));
    faults.push(...brokenReferences(html, page, dist).map((fault) => `${name}: ${fault}`));
    faults.push(...foreignReferences(html).map((fault) => `${name}: ${fault}`));
  }
  for (const file of await filesOf(dist, ".css")) {
    const css = await readFile(file, "utf8");
    for (const [reference] of css.matchAll(/(?:url\(\s*['"]?|@import\s+['"])(?:https?:)?\/\/[^'")]*/g)) {
      faults.push(`${relative(dist, file)}: would load ${reference}`);
    }
  }
  return [...new Set(faults)];
}

/** What Framework puts into a page in place of a block that it could not read. */
function renderedErrors(html: string): string[] {
  return [...html.matchAll(/<\w+ class="[^"]*observablehq--error"[^>]*>([^<]*)</g)].map(([, message = ""]) => message);
}

/** Names that a block of a page needs and no block of it makes. */
function undefinedNames(script: string): string[] {
  const blocks = [...script.matchAll(/define\(\{id: "[^"]*"((?:, \w+: (?:\[[^\]]*\]|\w+))*), body:/g)].map(
    ([, facts = ""]) => facts,
  );
  const listed = (kind: string): string[] =>
    blocks.flatMap((facts) => JSON.parse(new RegExp(`${kind}: (\\[[^\\]]*\\])`).exec(facts)?.[1] ?? "[]") as string[]);
  const made = new Set(listed("outputs"));
  return listed("inputs")
    .filter((name) => !made.has(name) && !provided.has(name))
    .map((name) => `${name} is not defined`);
}

/** Follows every import of a page as a browser would: syntax, files, and the names that they export. */
async function brokenScripts(scripts: readonly string[], page: string, dist: string): Promise<string[]> {
  const describe = ({text, location}: Message): string =>
    `${location === null || location.file === "<stdin>" ? relative(dist, page) : relative(dist, resolve(dist, location.file))}: ${text}${
      location === null ? "" : ` (line ${location.line}: ${location.lineText.trim().slice(0, 80)})`
    }`;
  const faults: string[] = [];
  for (const contents of scripts) {
    try {
      await bundle({
        stdin: {contents: contents + neededExports(contents), resolveDir: dirname(page), loader: "js"},
        absWorkingDir: dist,
        bundle: true,
        write: false,
        format: "esm",
        target: "es2022",
        logLevel: "silent",
        plugins: [unusedFeatures],
      });
    } catch (error) {
      faults.push(...(error as {errors: Message[]}).errors.map(describe));
    }
  }
  return faults;
}

/**
 * The names that a page's blocks take from modules, as imports that have to be there: Framework turns a page's imports into
 * calls, which would only give `undefined` for a name that a module does not export.
 */
function neededExports(script: string): string {
  return blockImports(script)
    .map(({path, names}, module) => {
      const needed = names.map((name, index) => `${name} as needed_${module}_${index}`);
      return `\nimport {${needed.join(", ")}} from "${path}";`;
    })
    .join("");
}

/**
 * Framework's own client names libraries that it loads only for features that no page uses; `provided` sees to that. Bundled
 * pages do not name them any more.
 */
const unusedFeatures: Plugin = {
  name: "unused-features",
  setup({onResolve}) {
    onResolve({filter: /^\.{1,2}\//}, ({kind, importer, path, resolveDir}) => {
      const isFeature = kind === "dynamic-import" && importer.includes("_observablehq");
      return isFeature && !existsSync(resolve(resolveDir, path)) ? {path, external: true} : undefined;
    });
  },
};

const absent = {throwIfNoEntry: false} as const;

function brokenReferences(html: string, page: string, dist: string): string[] {
  return [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)]
    .map(([, reference = ""]) => reference.split(/[?#]/)[0] ?? "")
    .filter((reference) => reference !== "" && !/^([a-z]+:|\/\/)/.test(reference))
    .filter((reference) => {
      const target = resolve(reference.startsWith("/") ? dist : dirname(page), `./${reference.replace(/^\//, "")}`);
      // A folder is no page: a host has nothing to show of it.
      return ![target, `${target}.html`, join(target, "index.html")].some((path) => statSync(path, absent)?.isFile());
    })
    .map((reference) => `refers to ${reference}, which is not there`);
}

function foreignReferences(html: string): string[] {
  const loading = /<(?!a\s)[a-z]+\s[^>]*\b(?:href|src|srcset|action|data)="((?:https?:)?\/\/[^"]*)"/g;
  return [...html.matchAll(loading)].map(([, reference]) => `would load ${reference}`);
}
