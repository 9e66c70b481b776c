import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import type {Preview} from "../../src/lib/preview.js";

/** What the code makes of a page: `globalThis as unknown as PreviewPage`. */
export interface PreviewPage {
  trueupPreview: {openPreview(): Promise<Preview>};
  preview: Preview;
}

/** The preview as one script that makes `trueupPreview`, to be evaluated in a page that does not import it itself. */
export async function bundlePreview(): Promise<string> {
  const {outputFiles} = await build({
    entryPoints: [fileURLToPath(new URL("../../src/lib/preview.ts", import.meta.url))],
    bundle: true,
    format: "iife",
    globalName: "trueupPreview",
    write: false,
  });
  return `${outputFiles[0]?.text}; globalThis.trueupPreview = trueupPreview;`;
}
