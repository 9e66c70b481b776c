import {exec, execFile} from "node:child_process";
import {once} from "node:events";
import {existsSync} from "node:fs";
import {appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {createServer as createHttpServer} from "node:http";
import {type AddressInfo, createServer} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {copySample} from "../sample/copySample.js";
import {bin, runTrueup} from "./runTrueup.js";

let folder: string;

const trueup = (...args: string[]) => trueupIn({}, ...args);

const trueupIn = (where: {cwd?: string; env?: Readonly<Record<string, string>>}, ...args: string[]) =>
  runTrueup(args, {cwd: folder, ...where});

const workspace = (name: string) => copySample(join(folder, name));

/** A port that something else listens on until it is released. */
async function takePort(): Promise<{port: string; release(): void}> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return {port: String((server.address() as AddressInfo).port), release: () => server.close()};
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-cli-"));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

describe("trueup", () => {
  it("has the commands and options that the README names, and no others", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const rows = readme.split("\n").filter((line) => line.startsWith("| `trueup "));
    const named = rows.map((row) => /^\| `trueup ([a-z-]+(?: [a-z]+)?)(.*?)` \|/.exec(row)?.slice(1) ?? []);
    const optionsIn = (text: string) => [...new Set(text.match(/--[a-z-]+/g) ?? [])].sort();
    const groups = ["map", "export"];
    const commandsIn = async (...group: string[]) =>
      (await trueup(...group, "--help")).out
        .split("Commands:")[1]
        ?.split("\n\n")[0]
        ?.match(/(?<=^ {2})[a-z-]+/gm) ?? [];
    const known = (await commandsIn()).filter((name) => name !== "help" && !groups.includes(name));
    for (const group of groups) {
      known.push(...(await commandsIn(group)).filter((name) => name !== "help").map((name) => `${group} ${name}`));
    }
    expect(named.map(([command]) => command).sort()).toEqual(known.sort());
    for (const [command = "", options = ""] of named) {
      const {out} = await trueup(...command.split(" "), "--help");
      const own = out.split("Options:\n")[1]?.split("\n\n")[0] ?? "";
      // Below the table: what all of them take, and which take a period.
      const elsewhere = ["--help", ...(/^(export|report)/.test(command) ? ["--period"] : [])];
      const taken = optionsIn(own.replace(/^ {3,}.*/gm, "")).filter((option) => !elsewhere.includes(option));
      expect([command, taken]).toEqual([command, optionsIn(options)]);
    }
  });

  it("does not mind when nobody reads its output any more", async () => {
    const read = await new Promise<{code: unknown; err: string}>((done) => {
      exec(`"${process.execPath}" "${bin}" --help | true; exit \${PIPESTATUS[0]}`, {shell: "bash"}, (error, _, err) =>
        done({code: error === null ? 0 : error.code, err}),
      );
    });
    expect(read).toEqual({code: 0, err: ""});
  });

  it("says which Node it needs where it runs on an older one", async () => {
    const installation = join(folder, "installation");
    await mkdir(join(installation, "loaders"), {recursive: true});
    await writeFile(join(installation, "package.json"), '{"type": "module", "engines": {"node": ">=100.1"}}');
    for (const name of ["bin.js", "bundle.js"]) await cp(join(bin, "..", name), join(installation, "loaders", name));
    const ran = await new Promise<{code: unknown; err: string}>((done) => {
      execFile(process.execPath, [join(installation, "loaders", "bin.js"), "--version"], (error, _, err) =>
        done({code: error?.code ?? 0, err}),
      );
    });
    expect(ran).toEqual({code: 2, err: `Trueup needs Node 100.1 or newer; this is ${process.versions.node}.\n`});
  });

  it.skipIf(!existsSync("/dev/full"))("says that its output cannot be written, and fails", async () => {
    const directory = await workspace("full");
    const ran = await new Promise<{code: unknown; err: string}>((done) => {
      exec(`"${process.execPath}" "${bin}" periods -w "${directory}" > /dev/full`, {shell: "bash"}, (error, _, err) =>
        done({code: error?.code ?? 0, err}),
      );
    });
    expect(ran).toEqual({code: 1, err: "The output cannot be written: the disk is full.\n"});
  });

  it("tells its version", async () => {
    const {version} = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await trueup("--version")).toMatchObject({code: 0, out: `${version}\n`});
  });

  it("lets nothing that a vendor names steer the terminal", async () => {
    const vendor = createHttpServer((_, response) => {
      response.end(JSON.stringify({access_token: "a-token", page: {totalElements: "\u001b]0;steered\u0007\u202E3"}}));
    }).listen(0, "127.0.0.1");
    await once(vendor, "listening");
    const directory = await workspace("steered");
    const base_url = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
    await appendFile(
      join(directory, "workspace.yaml"),
      `  - {id: pax8, connector: pax8, base_url: "${base_url}", client_id: id, client_secret: "\${PAX8_SECRET}"}\n`,
    );
    const env = {PAX8_SECRET: "a-secret"};
    const {code, out} = await trueupIn({env}, "test-connection", "pax8", "-w", directory);
    vendor.close();
    expect({code, out}).toEqual({code: 0, out: "Pax8 answers; the integration sees  ]0;steered  3 companies.\n"});
  });

  it("says nothing of ClickHouse's password, whatever its server says", async () => {
    const clickhouse = createHttpServer((request, response) => {
      response.statusCode = 403;
      response.end(`Refused: hush-hush, ${request.headers.authorization}, ${request.headers["x-clickhouse-key"]}`);
    }).listen(0, "127.0.0.1");
    await once(clickhouse, "listening");
    const directory = await workspace("refused");
    await trueup("sync", "-w", directory);
    const url = `http://127.0.0.1:${(clickhouse.address() as AddressInfo).port}`;
    const env = {TRUEUP_CLICKHOUSE_USER: "acme", TRUEUP_CLICKHOUSE_PASSWORD: "hush-hush"};
    const {code, err} = await trueupIn({env}, "reconcile", "--engine", "clickhouse", "--url", url, "-w", directory);
    clickhouse.close();
    expect(code).toBe(1);
    expect(err).toContain("Refused: [redacted], ");
    expect(err).not.toMatch(new RegExp(`hush|${Buffer.from("acme:hush-hush").toString("base64")}`));
  });

  it("works on the workspace that is named, else on the current folder, else on the sample, and says so of the last", async () => {
    const named = await workspace("named");
    const current = await workspace("current");
    for (const directory of [named, current]) {
      await writeFile(join(directory, "workspace.yaml"), `name: ${directory}`);
    }
    const tells = (where: Parameters<typeof trueupIn>[0], ...args: string[]) =>
      trueupIn(where, "map", "check", ...args).then(({err}) => err);
    const env = {TRUEUP_WORKSPACE: named};
    expect(await tells({cwd: current})).toMatch(/^workspace\.yaml:/);
    expect(await tells({cwd: current}, "-w", "missing")).toMatch(/^missing\/workspace\.yaml: there is no such file/);
    expect(await tells({cwd: folder, env})).toMatch(/^workspace\.yaml:/);
    expect(await tells({cwd: folder, env: {TRUEUP_WORKSPACE: join(folder, "gone")}})).toContain("gone/workspace.yaml");
    const note = "Working on the sample workspace; name yours with -w.\n";
    expect((await tells({cwd: folder})).startsWith(note)).toBe(true);
    expect(await tells({cwd: folder, env: {TRUEUP_WORKSPACE: ""}})).toContain(note);
    expect(await tells({cwd: folder}, "--quiet")).not.toContain(note);
  });

  it.each([
    [["init", ""], "<dir>: is empty."],
    [["periods", "-w", ""], "--workspace: is empty."],
    [["build", "--out", ""], "--out: is empty."],
    [["demo-vendors", "--dir", ""], "--dir: is empty."],
  ])("refuses %j, as a variable that is not set gives", async (args, message) => {
    const {code, err} = await trueup(...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  it("says before the work that the folder of --out is not there", async () => {
    for (const args of [["report"], ["export", "workbook"], ["export", "adjustments"], ["map", "suggest"]]) {
      const {code, err} = await trueup(...args, "--out", "missing/file");
      expect(err).toBe('--out "missing/file": there is no folder missing. Make it first.\n');
      expect(code).toBe(2);
    }
  });

  it.each([
    [["export", "workbook", "--out", "november.csv"], "XLSX, not CSV. Name a file that ends with .xlsx."],
    [
      ["export", "adjustments", "--format", "halopsa", "--out", "h.XLSX"],
      "CSV, not XLSX. Name a file that ends with .csv, or choose --format xlsx.",
    ],
    [
      ["export", "adjustments", "--format", "xlsx", "--out", "a.csv"],
      "XLSX, not CSV. Name a file that ends with .xlsx, or choose --format csv.",
    ],
    [["report", "--out", "page.html"], "Markdown, not HTML. Name a file that ends with .md, or choose --format html."],
    [
      ["report", "--format", "json", "--out", "report.md"],
      "JSON, not Markdown. Name a file that ends with .json, or choose --format md.",
    ],
    [["map", "suggest", "--out", "review.xlsx"], "CSV, not XLSX. Name a file that ends with .csv."],
  ])("refuses %j: the name would say what the file is not", async (args, message) => {
    const {code, err} = await trueup(...args);
    expect(err).toBe(`--out "${args.at(-1)}": what is written is ${message}\n`);
    expect(code).toBe(2);
    expect(existsSync(join(folder, args.at(-1) ?? ""))).toBe(false);
  });

  it("takes endings that name no format", async () => {
    const {code, err} = await trueup("report", "--format", "json", "--out", "report.new", "-w", "nowhere");
    expect(err).toMatch(/^nowhere\/workspace\.yaml: there is no such file/);
    expect(code).toBe(2);
  });

  it("serves no folder without a site, and says which port is taken", async () => {
    await mkdir(join(folder, "no-site"));
    const none = await trueup("preview", "--out", "no-site", "--port", "0");
    expect(none).toMatchObject({code: 2});
    expect(none.err).toContain("no-site: there is no built site.");
    await writeFile(join(folder, "no-site", "index.html"), "");
    const {port, release} = await takePort();
    const taken = await trueup("preview", "--out", "no-site", "--port", port);
    release();
    expect(taken.err).toBe(`Port ${port} is taken. Name another one with --port; --port 0 takes a free one.\n`);
    expect(taken.code).toBe(1);
  });

  it("says before the work of start that the port is taken, or none", async () => {
    const directory = await workspace("port");
    const before = await readdir(directory);
    const {port, release} = await takePort();
    const taken = await trueup("start", "-w", directory, "--port", port);
    release();
    expect(taken.err).toBe(`Port ${port} is taken. Name another one with --port; --port 0 takes a free one.\n`);
    expect(taken.code).toBe(1);
    expect(await trueup("start", "-w", directory, "--port", "80a")).toMatchObject({code: 2});
    expect(await readdir(directory)).toEqual(before);
  });

  it.each([
    [["bogus"], 2],
    [["sync", "--only", "nobody"], 2],
    [["reconcile", "--as-of", "2026-02-30"], 2],
    [["demo-vendors", "--latency", "soon"], 2],
    [["preview", "--port", "80a"], 2],
    [["--help"], 0],
    [["reconcile", "-w", "missing"], 2],
  ])("%j ends with %i", async (args, code) => {
    expect((await trueup(...args)).code).toBe(code);
  });
});
