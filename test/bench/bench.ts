import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Command} from "commander";
import {measureCommand} from "./measureCommand.js";
import {measureFloor} from "./measureFloor.js";
import {measurePreview} from "./measurePreview.js";
import {measureSite} from "./measureSite.js";
import {measureSync} from "./measureSync.js";
import {type Size, writeWorkspace} from "./writeWorkspace.js";

const command = new Command("bench")
  .description("Measures reconciling and building at given sizes, against what DuckDB itself needs for the seats.")
  .argument("[what]", "sync: reading a vendor's API into Parquet instead; preview: trying other mappings in a browser")
  .option("--clients <n>", "clients of the workspace", Number)
  .option("--seats <n>", "seats of the workspace", Number)
  .option("--no-build", "leave the site out")
  .option("--json <file>", "write the figures as JSON as well")
  .parse();
const [what] = command.args;
const options = command.opts<{clients?: number; seats?: number; build: boolean; json?: string}>();

const usual: readonly Size[] = [
  {clients: 100, seats: 10_000},
  {clients: 1000, seats: 300_000},
  {clients: 1000, seats: 1_000_000},
];

async function measure(size: Size) {
  const directory = await mkdtemp(join(tmpdir(), "trueup-bench-"));
  try {
    const seats = await writeWorkspace(directory, size);
    const floor = await measureFloor(seats, directory);
    const reconcile = await measureCommand(["reconcile", "--workspace", directory]);
    const measured = {
      clients: size.clients,
      seats: size.seats,
      floor_seconds: seconds(floor),
      reconcile_seconds: seconds(reconcile.milliseconds),
      ratio: Number((reconcile.milliseconds / floor).toFixed(2)),
      reconcile_peak_mb: Math.round(reconcile.peakBytes / 1e6),
    };
    if (!options.build) return measured;
    const out = join(directory, "dist");
    const build = await measureCommand(["build", "--workspace", directory, "--out", out]);
    const site = await measureSite(out);
    return {
      ...measured,
      build_seconds: seconds(build.milliseconds),
      build_peak_mb: Math.round(build.peakBytes / 1e6),
      pages: site.pages,
      site_mb: Number((site.bytes / 1e6).toFixed(1)),
      client_page_requests: site.clientPage.requests,
      client_page_kb: Number((site.clientPage.bytes / 1e3).toFixed(1)),
      client_page_gzip_kb: Number((site.clientPage.gzipped / 1e3).toFixed(1)),
    };
  } finally {
    await rm(directory, {recursive: true, force: true});
  }
}

function seconds(milliseconds: number): number {
  return Number((milliseconds / 1000).toFixed(2));
}

async function benchSync(): Promise<object[]> {
  const figures = [
    await measureSync("ninjaone", options.seats ?? 200_000, 0),
    await measureSync("datto-rmm", 20_000, 100),
  ];
  console.table(figures);
  return figures;
}

async function benchPreview(): Promise<object[]> {
  const {clients = 1000, seats} = options;
  const sizes = seats === undefined ? [null, ...usual.slice(1)] : [{clients, seats}];
  const figures: object[] = [];
  for (const size of sizes) figures.push(await measurePreview(size));
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

const kinds: Record<string, () => Promise<object[]>> = {sync: benchSync, preview: benchPreview};
const results = await (kinds[what ?? ""] ?? benchSizes)();
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
