/**
 * What the page for unknown addresses does. A host shows it at any of them, so that it cannot know beforehand how far it is to
 * the site's folder: it is built for the root of a host, and looks for the folder elsewhere if it is not there.
 */
export async function notFound(document: Document, get: typeof fetch): Promise<void> {
  const {pathname} = document.location;
  const client = clientOf(pathname);
  if (client !== null) showClient(document, client);
  const style = document.querySelector<HTMLLinkElement>('link[rel="stylesheet"][href^="/_import/"]');
  // Of a style sheet that does not come some browsers make an empty one.
  if (style === null || (style.sheet?.cssRules.length ?? 0) > 0) return;
  const name = style.getAttribute("href");
  for (const folder of foldersAbove(pathname)) {
    const found = await get(`${folder}${name}`, {method: "HEAD"}).catch(() => null);
    if (!found?.ok) continue;
    for (const element of document.querySelectorAll('[href^="/"]')) {
      element.setAttribute("href", `${folder}${element.getAttribute("href")}`);
    }
    return;
  }
}

function showClient(document: Document, id: string): void {
  const title = "No page for this client";
  document.title = document.title.replace(/^[^|]*/, `${title} `);
  const place = (name: string): HTMLElement | null => document.getElementById(name);
  const heading = document.querySelector("h1");
  if (heading !== null) heading.textContent = title;
  place("client-id")?.replaceChildren(id);
  place("client-search")?.setAttribute("href", `/billing?search=${encodeURIComponent(id)}`);
  place("any-page")?.setAttribute("hidden", "");
  place("client-page")?.removeAttribute("hidden");
}

/** `/clients/~c_201` → `C 1`, which is how the build names the page of that client; null where no client is meant. */
export function clientOf(pathname: string): string | null {
  const [, slug] = /\/clients\/([^/]+?)(?:\.html)?\/?$/.exec(pathname) ?? [];
  if (slug === undefined) return null;
  try {
    const id = decodeURIComponent(slug).replace(/~([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return decodeURIComponent(id.replaceAll("%", "%25").replace(/_([0-9a-f]{2})/g, "%$1"));
  } catch {
    return slug;
  }
}

/** `/a/b/c` → `/a`, `/a/b`. */
export function foldersAbove(pathname: string): string[] {
  const parts = pathname.split("/").slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}
