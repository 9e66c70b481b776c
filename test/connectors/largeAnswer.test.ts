import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {gzipSync} from "node:zlib";
import {expect, it} from "vitest";
import {createHttpClient} from "../../loaders/connectors/http/client.js";
import {createLimiter} from "../../loaders/connectors/http/limiter.js";
import {createRedactor} from "../../loaders/connectors/http/redact.js";

it("gives up an answer that is unpacked to more than memory should hold, and does not ask again", async () => {
  let asked = 0;
  const packed = gzipSync(Buffer.alloc(300 * 2 ** 20, " "), {level: 1});
  const server = createServer((_, response) => {
    asked += 1;
    response.setHeader("content-encoding", "gzip");
    response.end(packed);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const client = createHttpClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    limiter: createLimiter({concurrency: 1}),
    redactor: createRedactor(),
    signal: new AbortController().signal,
    backoff: 1,
  });
  await expect(client.read({path: "/seats"})).rejects.toThrow("GET /seats answered with more than 256 MB.");
  expect(asked).toBe(1);
  server.closeAllConnections();
  server.close();
});
