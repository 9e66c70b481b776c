/** The data files that a page asks for as soon as its script runs. A client page asks for those of its client. */
export const firstData: Readonly<Record<string, readonly string[]>> = {
  "index.html": ["overview"],
  "charts.html": ["charts"],
  "billing.html": ["billing"],
  "work.html": ["work", "mappings"],
  "margin.html": ["margin"],
  "mapping.html": ["mapping"],
  "mapping/clients.html": ["mapping/clients", "mappings"],
  "mapping/services.html": ["mapping/services", "mappings"],
  "history.html": ["history"],
  "integrations.html": ["integrations"],
  "explore.html": ["explore"],
  "guide.html": ["guide"],
};

/** Lets a browser fetch data files beside a page's scripts, which ask for them only once they run. */
export function preloads(names: readonly string[], toRoot: string, version: string): string {
  const tag = (name: string) =>
    `<link rel="preload" as="fetch" crossorigin href="${toRoot}/data/${name}.json?v=${version}">\n`;
  return names.map(tag).join("");
}
