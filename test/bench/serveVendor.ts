import {startEmulator} from "../vendors/emulator.js";
import {vendors} from "../vendors/index.js";
import {makeWorld} from "../vendors/world.js";
import type {Load} from "./measureSync.js";

/** Serves one vendor in a process of its own: `serveVendor.ts LOAD`, which is JSON. */
const {latency, ...load}: Load = JSON.parse(process.argv[2] ?? "");
const vendor = vendors.find(({name}) => name === load.vendor);
if (vendor === undefined) throw new Error(`There is no vendor ${load.vendor}.`);
const service = vendor.emulate(makeWorld(load));
const {url} = await startEmulator(service, {latency, isLimited: latency > 0, isRecorded: false});
process.stdout.write(`${url}\n`);
