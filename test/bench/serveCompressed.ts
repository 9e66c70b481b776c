import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {extname, join} from "node:path";
import {gzipSync} from "node:zlib";
import sirv from "sirv";

/** One answer as it went over the wire, headers included. */
export interface Answer {
  readonly path: string;
  readonly bytes: number;
}

export interface CompressedSite {
  readonly url: string;
  /** Every answer so far; emptied by whoever wants to count from here. */
  readonly answers: Answer[];
  close(): void;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Serves a built site as a web server with gzip does: text and WebAssembly compressed, everything else as it is and in parts
 * where parts are asked for. What was compressed is kept, so that only the first request waits for it.
 */
export async function serveCompressed(directory: string): Promise<CompressedSite> {
  const answers: Answer[] = [];
  const compressed = new Map<string, Buffer>();
  const plain = sirv(directory, {dev: true, dotfiles: false});
  const server: Server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const before = request.socket.bytesWritten;
    response.once("close", () => answers.push({path, bytes: request.socket.bytesWritten - before}));
    const file = [path, `${path}.html`, join(path, "index.html")]
      .map((name) => join(directory, name))
      .find((name) => extname(name) in types && existsSync(name));
    if (file === undefined) {
      plain(request, response, () => void response.writeHead(404).end());
      return;
    }
    const body = compressed.get(file) ?? gzipSync(await readFile(file));
    compressed.set(file, body);
    response.writeHead(200, {
      "content-type": types[extname(file)],
      "content-encoding": "gzip",
      "content-length": body.length,
    });
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    answers,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
