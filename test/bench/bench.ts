import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Command} from "commander";
import {type Measured, measureCommand} from "./measureCommand.js";
import {measureCsv} from "./measureCsv.js";
import {measureEngines} from "./measureEngines.js";
import {measureFloor} from "./measureFloor.js";
import {measurePages} from "./measurePages.js";
import {measurePreview} from "./measurePreview.js";
import {measureSite} from "./measureSite.js";
import {measureSync} from "./measureSync.js";
import {median} from "./median.js";
import {type Size, writeWorkspace} from "./writeWorkspace.js";

const command = new Command("bench")
  .description("Measures reconciling and building at given sizes, against what DuckDB itself needs for the seats.")
  .argument(
    "[what]",
    "instead: csv or sync, reading a CSV file or a vendor's API into Parquet; preview, trying other mappings in a browser; " +
      "pages, building and opening pages of ten times as many clients; " +
      "engines, DuckDB beside ClickHouse's engine (after `npm run test:engines`)",
  )
  .option("--clients <n>", "clients of the workspace", Number)
  .option("--seats <n>", "seats of the workspace", Number)
  .option("--memory-limit <size>", "give reconcile no more than this", "3GB")
  .option("--repetitions <n>", "how often floor and reconcile are measured in turn; the medians count", Number, 3)
  .option("--no-build", "leave the site out")
  .option("--json <file>", "write the figures as JSON as well")
  .addHelpText(
    "after",
    `
What some figures are:
  build_ms_per_client, site_kb_per_client   the build's whole time, and the whole site, divided by clients
  client_page_kb, _gzip_kb, _requests       the data files of the largest client page alone
  …_wire_kb, …_requests                     everything that a page fetches, headers included
  …_data_kb                                 of that all but scripts, styles, fonts and DuckDB: the document and its data
  …_rows_ms                                 from the start of the navigation until the first rows are painted; bars on the
                                            overview, the first query's rows on SQL
  billing_filter_ms, _search_ms, _sort_ms   from a change in the table of invoices until the next frame is painted`,
  )
  .parse();
const [what] = command.args;
const options = command.opts<{
  clients?: number;
  seats?: number;
  memoryLimit: string;
  repetitions: number;
  build: boolean;
  json?: string;
}>();

const usual: readonly Size[] = [
  {clients: 100, seats: 10_000},
  {clients: 1000, seats: 300_000},
  {clients: 1000, seats: 1_000_000},
];

async function measure(size: Size) {
  const directory = await mkdtemp(join(tmpdir(), "trueup-bench-"));
  try {
    const seats = await writeWorkspace(directory, size);
    const floors: number[] = [];
    const runs: Measured[] = [];
    for (let run = 0; run < options.repetitions; run += 1) {
      floors.push(await measureFloor(seats, directory));
      // Without --force the marts of the run before would stay.
      const limit = ["--memory-limit", options.memoryLimit];
      runs.push(await measureCommand(["reconcile", "--force", ...limit, "--workspace", directory]));
    }
    const floor = median(floors);
    const reconcile = median(runs.map(({milliseconds}) => milliseconds));
    const measured = {
      clients: size.clients,
      seats: size.seats,
      floor_seconds: seconds(floor),
      reconcile_seconds: seconds(reconcile),
      ratio: Number((reconcile / floor).toFixed(2)),
      reconcile_peak_mb: Math.round(Math.max(...runs.map(({peakBytes}) => peakBytes)) / 1e6),
    };
    if (!options.build) return measured;
    return {...measured, ...(await measureBuild(directory, size))};
  } finally {
    await rm(directory, {recursive: true, force: true});
  }
}

/** What a build takes, what it leaves, and what its pages ask of a browser. Expects marts. */
async function measureBuild(directory: string, {clients}: Size) {
  const out = join(directory, "dist");
  const build = await measureCommand(["build", "--workspace", directory, "--out", out]);
  const site = await measureSite(out);
  return {
    build_seconds: seconds(build.milliseconds),
    build_ms_per_client: Number((build.milliseconds / clients).toFixed(1)),
    build_peak_mb: Math.round(build.peakBytes / 1e6),
    pages: site.pages,
    site_mb: Number((site.bytes / 1e6).toFixed(1)),
    site_kb_per_client: Number((site.bytes / 1e3 / clients).toFixed(1)),
    client_page_requests: site.clientPage.requests,
    client_page_kb: Number((site.clientPage.bytes / 1e3).toFixed(1)),
    client_page_gzip_kb: Number((site.clientPage.gzipped / 1e3).toFixed(1)),
    ...(await measurePages(out, site.clientPage.slug)),
  };
}

/** Seats of a client stay the same, so that what grows is the number of clients only. */
async function benchPages(): Promise<object[]> {
  const sizes = [1000, 10_000].map((clients): Size => ({clients, seats: clients * 300}));
  const results: Awaited<ReturnType<typeof measureBuild>>[] = [];
  for (const size of sizes) {
    const directory = await mkdtemp(join(tmpdir(), "trueup-bench-pages-"));
    try {
      await writeWorkspace(directory, size);
      await measureCommand(["reconcile", "--workspace", directory]);
      results.push(await measureBuild(directory, size));
    } finally {
      await rm(directory, {recursive: true, force: true});
    }
  }
  const [before, after] = results as [(typeof results)[0], (typeof results)[0]];
  const figures = Object.keys(before) as (keyof typeof before)[];
  const rows = figures.map((figure) => [
    figure,
    {"1,000 clients": before[figure], "10,000 clients": after[figure], times: growth(before[figure], after[figure])},
  ]);
  console.table(Object.fromEntries(rows));
  return sizes.map((size, index) => ({...size, ...results[index]}));
}

function growth(before: number, after: number): number {
  return Number((after / before).toFixed(2));
}

function seconds(milliseconds: number): number {
  return Number((milliseconds / 1000).toFixed(2));
}

async function benchSync(): Promise<object[]> {
  const devices = Math.ceil((options.seats ?? 200_000) / 100);
  const loads = [
    {vendor: "ninjaone", clients: 100, peoplePerClient: 0, devicesPerClient: devices, latency: 0},
    {vendor: "datto-rmm", clients: 100, peoplePerClient: 0, devicesPerClient: 200, latency: 100},
    // Each client is a tenant with a token of its own.
    {vendor: "microsoft-365", clients: 250, peoplePerClient: 100, devicesPerClient: 0, latency: 0},
    {vendor: "microsoft-365", clients: 1000, peoplePerClient: 100, devicesPerClient: 0, latency: 0},
  ];
  const figures: object[] = [];
  for (const load of loads) figures.push(await measureSync(load));
  console.table(figures);
  return figures;
}

async function benchCsv(): Promise<object[]> {
  const figures: object[] = [];
  for (const seats of options.seats === undefined ? [1_000_000, 4_000_000, 10_000_000] : [options.seats])
    figures.push(await measureCsv(seats));
  console.table(figures);
  return figures;
}

async function benchPreview(): Promise<object[]> {
  const {clients = 1000, seats} = options;
  const sizes = seats === undefined ? [null, ...usual] : [{clients, seats}];
  const figures: object[] = [];
  for (const size of sizes) figures.push(await measurePreview(size));
  console.table(figures);
  return figures;
}

async function benchEngines(): Promise<object[]> {
  const {clients = 1000, seats = 1_000_000} = options;
  const figures = [await measureEngines({clients, seats})];
  console.table(figures);
  return figures;
}

async function benchSizes(): Promise<object[]> {
  const {clients = 1000, seats} = options;
  const sizes =
    seats === undefined && options.clients === undefined ? usual : [{clients, seats: seats ?? clients * 300}];
  const results: Awaited<ReturnType<typeof measure>>[] = [];
  for (const size of sizes) results.push(await measure(size));
  const figures = [...new Set(results.flatMap((result) => Object.keys(result)))];
  console.table(
    Object.fromEntries(
      figures.map((figure) => [
        figure,
        Object.fromEntries(
          results.map((result) => [
            `${result.clients} clients, ${result.seats} seats`,
            result[figure as keyof typeof result],
          ]),
        ),
      ]),
    ),
  );
  return results;
}

const kinds: Record<string, () => Promise<object[]>> = {
  csv: benchCsv,
  sync: benchSync,
  preview: benchPreview,
  engines: benchEngines,
  pages: benchPages,
};
const results = await (kinds[what ?? ""] ?? benchSizes)();
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
