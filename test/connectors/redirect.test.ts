import {afterEach, expect, it} from "vitest";
import {createHttpClient} from "../../loaders/connectors/http/client.js";
import {createLimiter} from "../../loaders/connectors/http/limiter.js";
import {createRedactor} from "../../loaders/connectors/http/redact.js";
import {type Emulator, startEmulator} from "../vendors/emulator.js";

let emulator: Emulator;
afterEach(() => emulator.close());

it.each([301, 302, 303, 307, 308])("a %i is neither followed nor asked for again", async (status) => {
  emulator = await startEmulator({authorize: () => null, answer: () => ({body: {}})});
  emulator.faults = [{act: () => ({status, headers: {location: "/elsewhere"}, body: ""})}];
  const client = createHttpClient({
    ...{baseUrl: emulator.url, limiter: createLimiter({concurrency: 1}), redactor: createRedactor()},
    ...{signal: new AbortController().signal, backoff: 1},
  });
  await expect(client.read({path: "/users"})).rejects.toThrow(
    `GET /users answered ${status}. The vendor answers at another address, where credentials are not sent: check the host in the connection's settings.`,
  );
  expect(emulator.exchanges).toHaveLength(1);
});
