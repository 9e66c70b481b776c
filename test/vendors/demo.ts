import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {stringify} from "yaml";
import {makeFolder} from "../../loaders/files/makeFolder.js";
import {ConfigurationError} from "../../loaders/problems.js";
import {startEmulator} from "./emulator.js";
import {vendors} from "./index.js";
import {mappingFiles} from "./mappings.js";
import {makeWorld} from "./world.js";

/** PSAs that the demonstration leaves out: a workspace has one. */
const otherPsas = ["autotask", "halopsa", "http-json-psa"];

export interface Demonstration {
  /** Addresses by connector. */
  readonly urls: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

const name = "Northwind IT (demonstration)";

/** A workspace of somebody's own must not become the demonstration's. */
async function refuseOther(directory: string): Promise<void> {
  const settings = await readFile(join(directory, "workspace.yaml"), "utf8").catch(() => null);
  if (settings === null || settings.includes(name)) return;
  throw new ConfigurationError([
    {
      ...{file: "--dir", value: directory, message: "holds another workspace."},
      remedy: "Name a new folder; the demonstration overwrites its own only.",
    },
  ]);
}

/**
 * Starts every vendor of the demonstration on this machine and writes a workspace whose connections lead to them, with a
 * file of the made-up credentials that they accept.
 */
export async function startDemonstration(directory: string, latency: number): Promise<Demonstration> {
  await refuseOther(directory);
  // Before the vendors are there: they keep a command that fails from ending.
  await makeFolder(join(directory, "mappings"));
  const world = makeWorld({clients: 12, peoplePerClient: 40, devicesPerClient: 60, now: new Date()});
  const shown = vendors.filter((vendor) => ![...otherPsas, "http-json"].includes(vendor.name));
  const running = await Promise.all(
    shown.map(async (vendor) => ({
      vendor,
      emulator: await startEmulator(vendor.emulate(world, {most: 50}), {latency, isRecorded: false}),
    })),
  );
  const connections = running.map(({vendor, emulator}) => ({
    id: vendor.name,
    connector: vendor.name,
    ...vendor.settings(emulator.url, world),
  }));
  await writeFile(
    join(directory, "workspace.yaml"),
    stringify({name, currency: "USD", billed_basis: "agreement", connections}),
  );
  for (const [file, text] of Object.entries(mappingFiles(world, shown))) {
    await writeFile(join(directory, "mappings", file), text);
  }
  const env = Object.entries(Object.assign({}, ...shown.map((vendor) => vendor.env)) as Record<string, string>);
  await writeFile(join(directory, "demo.env"), env.map(([name, value]) => `${name}='${value}'\n`).join(""));
  return {
    urls: new Map(running.map(({vendor, emulator}) => [vendor.name, emulator.url])),
    async close() {
      for (const {emulator} of running) await emulator.close();
    },
  };
}
