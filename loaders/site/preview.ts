import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import sirv from "sirv";
import {ConfigurationError} from "../problems.js";

/** Serves a built site on loopback. Port 0 takes a free one. */
export async function preview(directory: string, port: number): Promise<{server: Server; url: string}> {
  if (!existsSync(join(directory, "index.html"))) {
    throw new ConfigurationError([
      {
        file: directory,
        message: "there is no built site.",
        remedy: "Run `trueup build` first, with the same `--out`.",
      },
    ]);
  }
  const serve = sirv(directory, {dev: true, extensions: ["html"]});
  const server = createServer((request, response) => {
    if (!isThisMachine(request.headers.host)) {
      response.writeHead(421, {"content-type": "text/plain; charset=utf-8"});
      response.end("This preview answers on this machine only, as 127.0.0.1 or localhost.\n");
      return;
    }
    const elsewhere = withoutSlash(directory, request.url);
    if (elsewhere !== null) {
      response.writeHead(307, {location: elsewhere}).end();
      return;
    }
    if (!isRange(request.headers.range)) delete request.headers.range;
    serve(request, response, async () => {
      const page = await readFile(join(directory, "404.html")).catch(() => null);
      response.statusCode = 404;
      response.setHeader("content-type", `text/${page === null ? "plain" : "html"}; charset=utf-8`);
      response.end(page ?? "There is no such page.\n");
    });
  });
  await listen(server, port);
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
}

/** A page of another site can give its own name this machine's address, and would then be read as one of this site. */
function isThisMachine(host = ""): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}

/**
 * Where the page of an address that ends with a slash is, as what it asks for would be sought below that: `/mapping/?a=1` →
 * `/mapping?a=1`. Null where there is none.
 */
function withoutSlash(directory: string, url = "/"): string | null {
  // Two slashes at its beginning would name another host.
  const [, page = "", query = ""] = /^[/\\]+([^?]*[^?/])\/+(\?.*)?$/s.exec(url) ?? [];
  return page !== "" && existsSync(join(directory, `${page}.html`)) ? `/${page}${query}` : null;
}

/** Whether a range is one that can be given; any other may be ignored, and would end the server. */
function isRange(range = ""): boolean {
  const [, start, end] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(range) ?? [];
  return start !== undefined && (end === "" || Number(start) <= Number(end));
}

/** Fails if nothing can listen on the port now. It may still be taken before anything does. */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  await new Promise((done) => server.close(done));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      const cause = isTaken ? "is taken" : `cannot be used: ${error.message}`;
      reject(new Error(`Port ${port} ${cause}. Name another one with --port; --port 0 takes a free one.`));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}
