/** The way from the page to the site's folder: `.` or `..`. */
export function siteRoot(): string {
  return document.documentElement.dataset.root ?? ".";
}

/** The workspace that the site shows, as its header names it. */
export function workspaceName(): string {
  return document.querySelector("#observablehq-header .brand bdi")?.textContent ?? "";
}

/** The day of the figures, YYYY-MM-DD; empty where there are none. */
export function asOfDate(): string {
  return document.documentElement.dataset.asOf ?? "";
}

/** The workspace's own currency. */
export function workspaceCurrency(): string {
  return document.documentElement.dataset.currency ?? "";
}

/** Address of a place in the guide. */
export function guideUrl(anchor: string): string {
  return `${siteRoot()}/guide#${anchor}`;
}

/** Address of one of the site's data files: `dataUrl("billing.json")`. It names the build, so that no cache mixes two. */
export function dataUrl(file: string): URL {
  const version = document.querySelector<HTMLMetaElement>('meta[name="trueup-data"]')?.content ?? "";
  return new URL(`${siteRoot()}/data/${file}?v=${version}`, document.baseURI);
}

/** Reads one of the site's data files: `loadData("billing")`. */
export async function loadData<T>(name: string, get: typeof fetch = fetch): Promise<T> {
  return read<T>(await request(name, get), name);
}

/** The same of a file that there may not be, such as that of a client whom an address names. */
export async function loadDataIfAny<T>(name: string): Promise<T | null> {
  const response = await request(name, fetch);
  return response.status === 404 ? null : read<T>(response, name);
}

async function request(name: string, get: typeof fetch): Promise<Response> {
  return get(dataUrl(`${name}.json`)).catch(() => {
    throw new Error("The data could not be reached. Check the connection and try again.");
  });
}

async function read<T>(response: Response, name: string): Promise<T> {
  if (!response.ok) {
    throw new Error(
      `The data of this page could not be loaded (${name}, status ${response.status}). Build the site again.`,
    );
  }
  return (await response.json().catch(() => {
    throw new Error(
      `What the server answered is not the data of this page (${name}). If it asks people to sign in, reload the page to do so.`,
    );
  })) as T;
}
