/** The site's shell. Every calculation and component lives outside Framework, so that the shell can be replaced. */
const pages = [
  {name: "Overview", path: "/index"},
  {name: "Billing & Invoices", path: "/billing"},
  {name: "Work list", path: "/work"},
  {name: "Margin", path: "/margin"},
  {name: "Mapping", path: "/mapping"},
  {name: "History", path: "/history"},
  {name: "Integrations", path: "/integrations"},
  {name: "SQL", path: "/explore"},
  {name: "Guide", path: "/guide"},
];

/** Which entry a page stands under: clients and their memos are opened from the table of invoices, charts from the overview. */
function isCurrent(page: {path: string}, path: string): string {
  if (page.path === path) return ' aria-current="page"';
  const isClient = path.startsWith("/clients/") || path === "/memo";
  const place = isClient ? "/billing/" : path === "/charts" ? "/index/" : path;
  return place.startsWith(`${page.path}/`) ? ' aria-current="true"' : "";
}

/** The build fills in the workspace's name and the time that the figures hold for. */
function header({path}: {path: string}): string {
  const links = pages.map(
    (page) => `<li><a href="${page.path}"${isCurrent(page, path)}>${page.name.replace("&", "&amp;")}</a></li>`,
  );
  return `<a class="skip-link" href="#observablehq-main">Skip to the content</a>
<p class="brand"><a href="/index"><span class="logo" aria-hidden="true"></span>Trueup</a> <bdi>trueup-workspace-name</bdi></p>
<nav aria-label="Pages"><ul>${links.join("")}</ul></nav>
<p class="as-of">As of trueup-as-of</p>`;
}

export default {
  title: "Trueup",
  root: "src",
  globalStylesheets: [],
  duckdb: {
    platforms: {mvp: false, eh: true},
    extensions: {json: null, parquet: null},
  },
  style: "style.css",
  head: '<link rel="icon" type="image/svg+xml" href="/icon.svg">\n<meta name="robots" content="noindex">',
  header,
  sidebar: false,
  toc: false,
  pager: false,
  search: false,
  footer: "",
  pages,
  /** One client page is rendered; the build makes one per client from it. */
  dynamicPaths: ["/clients/client-page-template"],
};
