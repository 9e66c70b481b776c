import {spawn} from "node:child_process";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {fileURLToPath} from "node:url";
import {stringify} from "yaml";
import {sync} from "../../loaders/lake/sync.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {vendors} from "../vendors/index.js";
import type {Vendor} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";

/** What is read of which vendor. */
export interface Load {
  readonly vendor: string;
  readonly clients: number;
  readonly peoplePerClient: number;
  readonly devicesPerClient: number;
  /** Of each answer, in milliseconds. Without it the vendor's limits are left out too. */
  readonly latency: number;
}

export interface SyncFigures {
  readonly vendor: string;
  readonly clients: number;
  readonly seats: number;
  readonly latency_ms: number;
  readonly seconds: number;
  readonly seats_per_second: number;
  /** Of processor time, of all threads: what one core would come to. */
  readonly seats_per_core_second: number;
  /** What the vendor's pages take at this latency, one after the other; null without latency. */
  readonly floor_seconds: number | null;
  readonly peak_mb: number;
}

/** Reads a vendor into Parquet and measures it; the vendor runs in another process. */
export async function measureSync(load: Load): Promise<SyncFigures> {
  const {clients, latency} = load;
  const vendor = vendors.find(({name}) => name === load.vendor) as Vendor;
  const directory = await mkdtemp(join(tmpdir(), "trueup-bench-sync-"));
  const script = fileURLToPath(new URL("serveVendor.ts", import.meta.url));
  const server = spawn(process.execPath, ["--import", "tsx", script, JSON.stringify(load)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const url = await new Promise<string>((done) => createInterface(server.stdout).once("line", done));
    const connection = {id: "vendor", connector: load.vendor, ...vendor.settings(url, makeWorld({clients: 0}))};
    await writeFile(
      join(directory, "workspace.yaml"),
      stringify({
        name: "Bench",
        currency: "USD",
        connections: [{id: "psa", connector: "csv-psa", path: "imports"}, connection],
      }),
    );
    const workspace = await readWorkspace(directory);
    let pages = 0;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 50);
    const cpuBefore = process.cpuUsage();
    const start = performance.now();
    const [record] = await sync(workspace, {
      only: ["vendor"],
      env: vendor.env,
      isUnlimited: latency === 0,
      progress: (_, event) => {
        if (event.pages !== undefined) pages += 1;
      },
    });
    const milliseconds = performance.now() - start;
    const cpu = process.cpuUsage(cpuBefore);
    clearInterval(watch);
    if (record?.status !== "succeeded") throw new Error(record?.error ?? "The sync did not succeed.");
    const seats = record.files.find(({table}) => table === "seats")?.rows_kept ?? 0;
    return {
      vendor: load.vendor,
      clients,
      seats,
      latency_ms: latency,
      seconds: Number((milliseconds / 1000).toFixed(2)),
      seats_per_second: Math.round(seats / (milliseconds / 1000)),
      seats_per_core_second: Math.round(seats / ((cpu.user + cpu.system) / 1e6)),
      floor_seconds: latency === 0 ? null : Number(((pages * latency) / 1000).toFixed(2)),
      peak_mb: Math.round(peak / 1e6),
    };
  } finally {
    server.kill();
    await rm(directory, {recursive: true, force: true});
  }
}
