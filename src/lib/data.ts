import type {Row} from "./rows.js";

/** Reads one of the site's data files; `root` leads from the page to the site's folder. */
export async function loadData<T = Row[]>(root: string, name: string): Promise<T> {
  const url = new URL(`${root}data/${name}.json`, document.baseURI);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${name} could not be loaded (${response.status}). Build the site again.`);
  return response.json();
}
