import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Command} from "commander";
import {describe, expect, it} from "vitest";
import {checkSize, parsePort, parseWhole, refuseEmpty, refuseWrongPlace, serverOf} from "../../loaders/arguments.js";

/** What is said of a command line of `trueup make`, or that it is taken. */
function said(args: readonly string[], check: (program: Command, command: Command) => void): string {
  const program = new Command("trueup").exitOverride().option("-w, --workspace <dir>", "", "");
  program
    .command("make")
    .argument("[first]")
    .argument("[second]")
    .option("--out <file>", "")
    .option("-q", "")
    .option("-n <name>", "")
    .option("--note <text>", "", "")
    .hook("preAction", (_, command) => check(program, command))
    .action(() => {});
  try {
    program.parse(["make", ...args], {from: "user"});
    return "taken";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("an argument", () => {
  it.each<[string[], ...string[]]>([
    [[]],
    [["a", "b", "--out", "x", "-w", "c"]],
    [["a", ""], "<second>"],
    [["-w", "", "", "b"], "<first>", "--workspace"],
    [["--out="], "--out"],
    [["-n", ""], "-n <name>"],
    [["--note", ""], "--note"],
  ])("is not taken where it is empty, unless nobody gave it: %j", (args, ...names) => {
    const messages = names.map((name) => `${name}: is empty. Is a variable of your shell not set?`);
    expect(said(args, refuseEmpty)).toBe(messages.join("\n") || "taken");
  });

  it("names a file whose folder is there, from wherever it is seen", async () => {
    const folder = await mkdtemp(join(tmpdir(), "trueup-arguments-"));
    const outIn = (out: string) => said(["--out", out], (_, command) => refuseWrongPlace(command));
    await writeFile(join(folder, "there.csv"), "");
    expect(outIn(join(folder, "there.csv"))).toBe("taken");
    expect(outIn(join(folder, "new.csv"))).toBe("taken");
    expect(outIn("new.csv")).toBe("taken");
    expect(outIn(join(folder, "none", "new.csv"))).toBe(
      `--out "${join(folder, "none", "new.csv")}": there is no folder ${join(folder, "none")}. Make it first.`,
    );
    expect(outIn(folder)).toBe(`--out "${folder}": is a folder. Name a file in it.`);
    expect(said([], (_, command) => refuseWrongPlace(command))).toBe("taken");
    await rm(folder, {recursive: true});
    const site = new Command("build").option("--out <dir>", "").parse(["--out", "/nowhere/dist"], {from: "user"});
    expect(() => refuseWrongPlace(site)).not.toThrow();
  });
});

describe("the server of a run", () => {
  const {signal} = new AbortController();
  const env = {TRUEUP_CLICKHOUSE_USER: "acme", TRUEUP_CLICKHOUSE_PASSWORD: "hush"};
  const of = (url: string | undefined, engine = "clickhouse") => serverOf({engine, url}, env, signal);

  it("is none where DuckDB runs the models, else has its address, who asks it and what stops it", () => {
    expect(of(undefined, "duckdb")).toBeUndefined();
    for (const url of ["http://127.0.0.1:8123/", "https://clickhouse.example:8443/"]) {
      expect(of(url)).toEqual({url, username: "acme", password: "hush", signal});
      expect(of(url)?.signal).toBe(signal);
    }
    expect(of("https://clickhouse.example:8443")?.url).toBe("https://clickhouse.example:8443/");
  });

  it.each([
    ["http://h:1", "duckdb", "only --engine clickhouse has an address"],
    [undefined, "clickhouse", "expected the address"],
    ["h:8123", "clickhouse", "expected the address"],
    ["httpx://h", "clickhouse", "expected the address"],
    ["http://me@h", "clickhouse", "user or password"],
    ["http://:hush@h", "clickhouse", "user or password"],
    ["http://h:8123/analytics", "clickhouse", "path"],
    ["http://h:8123/?database=analytics", "clickhouse", "path"],
    ["http://h:8123/?password=hush", "clickhouse", "path"],
  ])("is refused as %s with %s", (url, engine, message) => {
    expect(() => of(url, engine)).toThrow(message);
  });
});

it("takes whole numbers up to the largest alone", () => {
  expect([parsePort("0"), parsePort("65535"), parseWhole("--top", "007", 7)]).toEqual([0, 65_535, 7]);
  for (const text of ["65536", "-1", "1.5", "1e3", "", " 80", "0x50"]) {
    expect(() => parsePort(text), text).toThrow(`--port "${text}": expected a whole number from 0 to 65535.`);
  }
});

it("takes sizes with their unit alone", () => {
  for (const text of ["2GB", "1.5 GiB", "500mb", "0.5TB", "64KB"]) checkSize("--memory-limit", text);
  for (const text of ["2", "0GB", "0.0 MB", "2GBs", "GB", "-1GB", "1.GB"]) {
    expect(() => checkSize("--memory-limit", text), text).toThrow("expected a size such as 2GB");
  }
});
