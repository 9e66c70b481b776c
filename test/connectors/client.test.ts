import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {headerAuth, type Send, tokenAuth} from "../../loaders/connectors/http/auth.js";
import {createHttpClient, type HttpClient} from "../../loaders/connectors/http/client.js";
import {createLimiter} from "../../loaders/connectors/http/limiter.js";
import {createRedactor} from "../../loaders/connectors/http/redact.js";
import {type Emulator, startEmulator} from "../vendors/emulator.js";

const signal = new AbortController().signal;

describe("a client", () => {
  let emulator: Emulator;
  let client: HttpClient;
  beforeEach(async () => {
    emulator = await startEmulator({authorize: () => null, answer: () => ({body: []})});
    const limiter = createLimiter({concurrency: 1});
    const options = {limiter, redactor: createRedactor(), signal, backoff: 1};
    const auth = () => headerAuth({"x-key": "planted"});
    client = createHttpClient({baseUrl: `${emulator.url}/v1/`, auth, ...options});
  });
  afterEach(() => emulator.close());

  it.each(["https://elsewhere.example/v1/users", "http://127.0.0.1:1/v1/users"])(
    "sends nothing to %s, where a page leads away from the vendor",
    async (path) => {
      await expect(client.read({path})).rejects.toThrow(
        `A page leads to ${new URL(path).origin}, away from ${emulator.url}: credentials are not sent there.`,
      );
      expect(emulator.exchanges).toEqual([]);
    },
  );

  it("asks for a token again only after as long as Retry-After says", async () => {
    const limiter = createLimiter({concurrency: 1});
    const redactor = createRedactor();
    emulator.service = {authorize: () => null, answer: () => ({body: {access_token: "planted-token"}})};
    emulator.faults = [
      {times: 1, act: () => ({status: 429, headers: {"retry-after": "0.3"}, body: {message: "Later"}})},
    ];
    const auth = (send: Send) => tokenAuth({url: `${emulator.url}/token`, form: {}}, send, redactor);
    await createHttpClient({baseUrl: emulator.url, auth, limiter, redactor, signal, backoff: 1}).read({path: "/users"});
    const [refused, given, asked] = emulator.exchanges;
    expect([refused, given, asked].map((one) => one?.request.path)).toEqual(["/token", "/token", "/users"]);
    expect((given?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(299);
  });

  it("waits a minute in all where a vendor asks for fewer requests and does not say for how long", async () => {
    const slowed = createHttpClient({
      ...{baseUrl: emulator.url, limiter: createLimiter({concurrency: 2}), redactor: createRedactor(), signal},
      // A hundredth of the default, as the waits that follow.
      backoff: 10,
    });
    emulator.faults = [{act: () => ({status: 429, body: {message: "Slow down"}})}];
    await expect(slowed.read({path: "/users"})).rejects.toThrow("answered 429");
    const times = emulator.exchanges.map(({at}) => at);
    expect(times).toHaveLength(5);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(600);
  });

  it("asks below its address, or a whole address of the same vendor, with what is given of a query", async () => {
    await client.read({path: "/users", query: {limit: 2, all: false, after: undefined}});
    await client.read({path: `${emulator.url}/v2/users?page=2`});
    await client.read({path: "/users", json: {limit: 2}});
    const asked = emulator.exchanges.map(({request: {method, path, query}}) => `${method} ${path} ${query}`);
    expect(asked).toEqual(["GET /v1/users limit=2&all=false", "GET /v2/users page=2", "POST /v1/users "]);
  });
});
