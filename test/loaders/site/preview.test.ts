import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {type IncomingMessage, request, Server} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {checkPort, preview} from "../../../loaders/site/preview.js";

let directory: string;
let server: Server;
let url: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-preview-"));
  await writeFile(join(directory, "index.html"), "0123456789");
  ({server, url} = await preview(directory, 0));
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, {recursive: true, force: true});
});

function ask(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const {port} = server.address() as AddressInfo;
  return new Promise((resolve, reject) =>
    request({host: "127.0.0.1", port, path, headers}, resolve).once("error", reject).end(),
  );
}

async function get(
  headers: Record<string, string>,
  path = "/index.html",
): Promise<{status: number | undefined; text: string}> {
  const response = await ask(path, headers);
  const parts = await response.setEncoding("utf8").toArray();
  return {status: response.statusCode, text: parts.join("")};
}

it("is reached from this machine alone", () => {
  expect(server.address()).toMatchObject({address: "127.0.0.1"});
  expect(url).toBe(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

it("says what to do where there is no site", async () => {
  await rm(join(directory, "index.html"));
  await expect(preview(directory, 0)).rejects.toThrow("there is no built site. Run `trueup build` first");
});

it("serves what a later build put there, by addresses without an ending", async () => {
  await writeFile(join(directory, "guide.html"), "a guide");
  expect(await get({}, "/guide?section=a")).toEqual({status: 200, text: "a guide"});
  await writeFile(join(directory, "guide.html"), "a longer guide");
  expect(await get({}, "/guide")).toEqual({status: 200, text: "a longer guide"});
});

it("shows the site's own page for what is not there, or says so in plain text", async () => {
  expect(await get({}, "/nowhere")).toEqual({status: 404, text: "There is no such page.\n"});
  expect((await ask("/nowhere")).headers["content-type"]).toBe("text/plain; charset=utf-8");
  await writeFile(join(directory, "404.html"), "<h1>Nowhere</h1>");
  expect(await get({}, "/nowhere")).toEqual({status: 404, text: "<h1>Nowhere</h1>"});
  expect((await ask("/nowhere")).headers["content-type"]).toBe("text/html; charset=utf-8");
});

it("tells a taken port from a free one, which stays free", async () => {
  const {port} = server.address() as AddressInfo;
  await expect(checkPort(port)).rejects.toThrow(`Port ${port} is taken.`);
  await new Promise((done) => server.close(done));
  await checkPort(port);
  await checkPort(port);
});

it("says why nobody may listen on a port that is not taken", async () => {
  const refusal = Object.assign(new Error("listen EACCES: permission denied 127.0.0.1:80"), {code: "EACCES"});
  const listening = vi.spyOn(Server.prototype, "listen").mockImplementation(function (this: Server) {
    this.emit("error", refusal);
    return this;
  });
  const checking = checkPort(80).finally(() => listening.mockRestore());
  await expect(checking).rejects.toThrow(`Port 80 cannot be used: ${refusal.message}. Name another one with --port`);
});

it.each(["127.0.0.1:4173", "localhost:8080", "localhost", "[::1]:4173"])("answers who asks for %s", async (host) => {
  expect(await get({host})).toEqual({status: 200, text: "0123456789"});
});

it.each([
  ...["attacker.example", "attacker.example:4173", "127.0.0.1.attacker.example", "localhost.attacker.example"],
  ...["attacker-localhost", "127-0-0-1"],
])("answers no page of another site, whose name leads to this machine: %s", async (host) => {
  const {status, text} = await get({host});
  expect(status).toBe(421);
  expect(text).not.toContain("0123456789");
});

it("gives a part of a file, and goes on after a range that is none", async () => {
  expect(await get({range: "bytes=2-4"})).toEqual({status: 206, text: "234"});
  expect(await get({range: "bytes=4-4"})).toEqual({status: 206, text: "4"});
  expect(await get({range: "bytes=8-"})).toEqual({status: 206, text: "89"});
  const endless = `bytes=0-${"9".repeat(20)}`;
  for (const range of ["bytes=5-2", "bytes=-3", "bytes=0-1,4-5", "lines=1-2", endless]) {
    expect(await get({range}), range).toEqual({status: 200, text: "0123456789"});
  }
});

it.each([
  ["/mapping/", "/mapping"],
  ["/mapping/clients//?list=linked&search=a/", "/mapping/clients?list=linked&search=a/"],
  ["//attacker.example/", "/attacker.example"],
  ["/\\attacker.example/", "/attacker.example"],
])("leads from %s to the page, as what a page asks for would be sought below the slash", async (path, place) => {
  await mkdir(join(directory, "mapping"));
  for (const page of ["mapping", "mapping/clients", "attacker.example"]) {
    await writeFile(join(directory, `${page}.html`), "a page");
  }
  const {statusCode, headers} = await ask(path);
  expect([statusCode, headers.location]).toEqual([307, place]);
});

it.each(["/nowhere/", "/nowhere/?a=/", "/%zz/", "/a/../b/"])(
  "leads from %s nowhere, where no page is",
  async (path) => {
    expect((await ask(path)).statusCode).toBe(404);
  },
);
