/** The site's shell. Every calculation and component lives outside Framework, so that the shell can be replaced. */
export default {
  title: "Trueup",
  root: "src",
  globalStylesheets: [],
  duckdb: {
    platforms: {mvp: false, eh: true},
    extensions: {json: null, parquet: null},
  },
  style: "style.css",
  head: '<link rel="icon" href="data:,">',
  toc: false,
  pager: false,
  search: false,
  footer: "",
  pages: [
    {name: "Overview", path: "/index"},
    {name: "Billing & Invoices", path: "/billing"},
    {name: "Mapping", path: "/mapping"},
    {name: "Integrations", path: "/integrations"},
    {name: "Guide", path: "/guide"},
  ],
  /** One client page is rendered; the build makes one per client from it. */
  dynamicPaths: ["/clients/client-page-template"],
};
