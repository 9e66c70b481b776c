import {copyFile, mkdir, readFile, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {basename, dirname, join} from "node:path";

/**
 * Puts the typeface into the site, with the style sheet `inter.css` that declares it. A page that has it too late keeps
 * the system's typeface, so that nothing moves under the reader's eyes.
 */
export async function copyFonts(folder: string): Promise<void> {
  const styles = createRequire(import.meta.url).resolve("@fontsource-variable/inter/wght.css");
  const css = await readFile(styles, "utf8");
  await mkdir(folder, {recursive: true});
  for (const [, file = ""] of css.matchAll(/url\(([^)]+\.woff2)\)/g)) {
    await copyFile(join(dirname(styles), file), join(folder, basename(file)));
  }
  await writeFile(
    join(folder, "inter.css"),
    css.replaceAll("./files/", "./").replaceAll("font-display: swap", "font-display: optional"),
  );
}
