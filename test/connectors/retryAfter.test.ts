import {afterEach, expect, it} from "vitest";
import {createHttpClient} from "../../loaders/connectors/http/client.js";
import type {Limiter} from "../../loaders/connectors/http/limiter.js";
import {createRedactor} from "../../loaders/connectors/http/redact.js";
import {type Emulator, startEmulator} from "../vendors/emulator.js";

/** How long a vendor may ask to wait. */

let emulator: Emulator;
afterEach(() => emulator.close());

/** Reads from a vendor that refuses once; returns for how many seconds nobody of the connection is to ask. */
async function readAfter(header: string, now = new Date()): Promise<number[]> {
  const waits: number[] = [];
  // Waits for nothing.
  const limiter: Limiter = {
    run: (task) => task(),
    hold: (wait) => waits.push(Math.round(wait / 1000)),
    released: async () => {},
    clear() {},
  };
  emulator = await startEmulator({authorize: () => null, answer: () => ({body: {}})}, {now: () => now});
  emulator.faults = [
    {times: 1, act: () => ({status: 429, headers: {"retry-after": header}, body: {message: "Later"}})},
  ];
  const signal = new AbortController().signal;
  const client = createHttpClient({baseUrl: emulator.url, limiter, redactor: createRedactor(), signal, backoff: 1});
  await client.read({path: "/"});
  return waits;
}

it("is five minutes, over which some vendors count requests", async () => {
  expect(await readAfter("300")).toEqual([300]);
});

it("is until a time by the vendor's clock, whatever this machine's says", async () => {
  const now = new Date("2020-01-01T00:00:00Z");
  expect(await readAfter("Wed, 01 Jan 2020 00:05:00 GMT", now)).toEqual([300]);
});

it("is no hour", async () => {
  await expect(readAfter("3600")).rejects.toThrow(/429: Later/);
});
