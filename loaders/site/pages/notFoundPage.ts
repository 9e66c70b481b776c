import {existsSync} from "node:fs";
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {build as bundle} from "esbuild";
import {withPolicy} from "./shell.js";

/**
 * Makes the page that hosts show for unknown addresses independent of the address: its references begin at the root of the host,
 * and the one script that it needs stands in it. Framework gives it a base instead, which the policy does not let it have.
 */
export async function finishNotFoundPage(dist: string, source: string): Promise<void> {
  const file = join(dist, "404.html");
  if (!existsSync(file)) return;
  const {outputFiles} = await bundle({
    stdin: {
      contents: 'import {notFound} from "./lib/notFound.ts"; notFound(document, fetch);',
      resolveDir: source,
    },
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
    logLevel: "silent",
  });
  const html = await readFile(file, "utf8");
  const page = html
    .replace(/<script type="module">[\s\S]*?<\/script>\n?/g, "")
    .replace(/<base [^>]*>\n?/, "")
    .replace(/<link rel="modulepreload"[^>]*>\n?/g, "")
    .replaceAll(' href="./', ' href="/')
    .replace("</body>", () => `<script>${outputFiles[0]?.text.trim()}</script>\n</body>`);
  await writeFile(file, withPolicy(page));
}
