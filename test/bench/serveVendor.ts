import {startEmulator} from "../vendors/emulator.js";
import {vendors} from "../vendors/index.js";
import {benchWorld} from "./measureSync.js";

/** Serves one vendor in a process of its own: `serveVendor.ts ninjaone 200000 0`. */
const [name, seats, latency] = process.argv.slice(2);
const vendor = vendors.find((candidate) => candidate.name === name);
if (vendor === undefined) throw new Error(`There is no vendor ${name}.`);
const service = vendor.emulate(benchWorld(Number(seats)));
const {url} = await startEmulator(service, {
  latency: Number(latency),
  isLimited: Number(latency) > 0,
  isRecorded: false,
});
process.stdout.write(`${url}\n`);
