import {readdir, stat} from "node:fs/promises";
import {basename, join} from "node:path";
import {gzipSync} from "node:zlib";
import {preview} from "../../loaders/site/preview.js";
import {openBrowser} from "../site/chromium.js";

export interface SiteMeasured {
  readonly pages: number;
  readonly bytes: number;
  readonly clientPage: {
    readonly slug: string;
    readonly requests: number;
    readonly bytes: number;
    readonly gzipped: number;
  };
}

/** Sizes of a built site, and what its largest client page asks for in Chromium besides the page's own code. */
export async function measureSite(dist: string): Promise<SiteMeasured> {
  const files = await readdir(dist, {recursive: true, withFileTypes: true});
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const sizes = new Map(await Promise.all(paths.map(async (path) => [path, (await stat(path)).size] as const)));
  const clientData = [...sizes].filter(([path]) => path.startsWith(join(dist, "data", "clients")));
  const [largest] = clientData.sort(([, a], [, b]) => b - a)[0] ?? [];
  if (largest === undefined) throw new Error("The site has no client pages.");
  const slug = basename(largest, ".json");
  const {server, url} = await preview(dist, 0);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const bodies: Promise<Buffer>[] = [];
    page.on("response", (response) => {
      if (new URL(response.url()).pathname.startsWith("/data/")) bodies.push(response.body());
    });
    await page.goto(`${url}clients/${encodeURIComponent(slug)}`);
    await page.getByRole("tab").first().waitFor();
    await page.waitForLoadState("networkidle");
    const data = await Promise.all(bodies);
    return {
      pages: paths.filter((path) => path.endsWith(".html")).length,
      bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
      clientPage: {
        slug,
        requests: data.length,
        bytes: data.reduce((sum, body) => sum + body.length, 0),
        gzipped: data.reduce((sum, body) => sum + gzipSync(body).length, 0),
      },
    };
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}
