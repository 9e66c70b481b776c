import {readdir, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {escapeHtml} from "../../escapeHtml.js";
import type {ClientPage} from "../data/rankClients.js";
import {preloads} from "./firstData.js";
import {withPolicy} from "./shell.js";

/** The route parameter of the one client page that Framework renders. */
const templateSlug = "client-page-template";
/** Stands in that page wherever the client's name belongs. */
const templateName = "client-page-name";

/**
 * Makes a page for every client from the one that was rendered: two client pages differ only in the client, and a page
 * of its own costs Framework more than a hundred copies. Returns the number of pages of the whole site.
 */
export async function stampClientPages(
  dist: string,
  {clients, version}: {clients: readonly ClientPage[]; version: string},
): Promise<number> {
  const template = join(dist, "clients", `${templateSlug}.html`);
  const html = await readFile(template, "utf8");
  if (!html.includes(`"${templateSlug}"`) || !html.includes(templateName)) {
    throw new Error("The rendered client page does not name its client: Framework's output has changed.");
  }
  // A client may be called what stands in its place.
  await rm(template);
  const places = new RegExp(`${templateSlug}|${templateName}`, "g");
  for (const {slug, name} of clients) {
    const escaped = escapeHtml(name);
    const page = html
      .replace(places, (place) => (place === templateSlug ? slug : escaped))
      .replace("</title>\n", () => `</title>\n${preloads([`clients/${slug}`], "..", version)}`);
    await writeFile(join(dist, "clients", `${slug}.html`), withPolicy(page));
  }
  const others = (await readdir(dist)).filter((file) => file.endsWith(".html"));
  return others.length + clients.length;
}
