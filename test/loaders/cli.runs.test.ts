import {mkdtemp, readdir, readFile, rm, stat, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, expect, it} from "vitest";
import {listSyncs} from "../../loaders/lake/lake.js";
import {sync} from "../../loaders/lake/sync.js";
import {readModels} from "../../loaders/marts/models.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {copySample} from "../sample/copySample.js";
import {copySynced} from "../sample/madeSample.js";
import {runTrueup} from "./runTrueup.js";

/** What the commands that make, read and reconcile a workspace say, and what they leave behind. */

const sample = fileURLToPath(new URL("../../data/sample/", import.meta.url));
let folder: string;

const trueup = (...args: string[]) => runTrueup(args, {cwd: folder});

const workspace = (name: string) => copySample(join(folder, name));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-runs-"));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

it("makes a starter workspace once, and never into a folder with something in it", async () => {
  expect(await trueup("init", "Ann's new")).toMatchObject({
    code: 0,
    err: "Made Ann's new/workspace.yaml. Next: put exports into Ann's new/imports and run `trueup sync -w 'Ann'\\''s new'`.\n",
  });
  const made = [".gitignore", "imports", "mappings", "workspace.yaml"];
  expect(await readdir(join(folder, "Ann's new"))).toEqual(made);
  const again = await trueup("init", "Ann's new");
  expect(again.code).toBe(2);
  expect(again.err).toContain("the folder is not empty");
});

it("syncs, reconciles and prints the summary alone on stdout", async () => {
  const directory = await workspace("whole");
  const synced = await trueup("sync", "-w", directory);
  expect(synced.code).toBe(1);
  expect(synced.err).toContain("  imports/passwords lacks accounts.csv.");
  const {code, out} = await trueup("reconcile", "--json", "-w", directory);
  expect(code).toBe(0);
  const usd = JSON.parse(out).find((row: {currency: string}) => row.currency === "USD");
  expect(usd).toMatchObject({currency: "USD", discrepancy_count: 40, underbilled_monthly: "848.80"});
  const documented = (await readModels()).find(({name}) => name === "summary")?.doc.columns.map(({name}) => name);
  expect(Object.keys(usd)).toEqual(documented);
  expect(await trueup("check", "-w", directory)).toMatchObject({code: 0});
  const suggested = await trueup("map", "suggest", "-w", "whole", "--min-score", "0.5", "--out", "review.csv");
  expect(suggested.err).toContain(" and run `trueup map apply review.csv -w whole`.\n");
  await writeFile(join(directory, "marts", "margin.parquet"), "PAR1");
  await rm(join(directory, "marts", "seats.parquet"));
  const damaged = await trueup("check", "-q", "-w", directory);
  expect(damaged).toEqual({
    ...{code: 2, out: ""},
    err: ["margin", "seats"]
      .map((name) => `marts/${name}.parquet: it is not as it was made. Run \`trueup reconcile --force\`.\n`)
      .join(""),
  });
});

it("names the first quarantined rows of each connection and where all of them are, whatever stands in them", async () => {
  const directory = await workspace("quarantined");
  const path = join(directory, "imports", "rmm", "seats.csv");
  const [header = "", first = "", ...lines] = (await readFile(path, "utf8")).split("\n");
  const column = header.split(",").indexOf("created_at");
  const spoilt = (value: string) => first.split(",").with(0, "new").with(column, value).join(",");
  const hostile = `\u001b[2J\u202e${"9".repeat(100)}`;
  await writeFile(
    path,
    [header, first, spoilt(hostile), spoilt("soon"), spoilt("2026-13-01"), spoilt("x"), ...lines].join("\n"),
  );
  const {code, err} = await trueup("sync", "--only", "rmm", "-w", directory);
  expect(code).toBe(0);
  const [, file, ...named] = err.split("\n");
  expect(file).toBe("  seats.csv: 1,155 of 1,160 rows kept, 5 quarantined");
  expect(named.slice(0, 3).map((line) => line.replace(/: expected .*/, ""))).toEqual([
    `    seats.csv:3 created_at " [2J ${"9".repeat(54)}…"`,
    '    seats.csv:4 created_at "soon"',
    '    seats.csv:5 created_at "2026-13-01"',
  ]);
  const [{sync_id = ""} = {}] = await listSyncs({directory}, "rmm");
  expect(named.slice(3)).toEqual([`    see ${join(directory, "lake", "rmm", sync_id, "quarantine.parquet")}`, ""]);
});

it("says in reconcile and check what the data lacks, and calls figures sound only without it", async () => {
  const directory = await copySynced(join(folder, "lacking"));
  const caveats = [
    "warning: mail-security is yellow: The data is older than 24 hours. Its data is of 19 Nov 2026.",
    "warning: passwords is red: The last sync failed and there is no earlier data. imports/passwords lacks accounts.csv.",
    "warning: 1 row of rmm was quarantined and is in no figure.",
  ];
  expect((await trueup("reconcile", "-w", directory)).err.split("\n").slice(0, 3)).toEqual(caveats);
  expect((await trueup("check", "-w", directory)).err.split("\n")).toEqual([
    ...caveats,
    "The workspace and its mappings are sound. The figures (CAD, EUR, USD) add up, but for what the warnings say of their data.",
    "",
  ]);
  expect(await trueup("check", "-q", "-w", directory)).toEqual({code: 0, out: "", err: ""});
});

it("leaves marts that are made from the same, says so, and makes them all the same with --force", async () => {
  const directory = await copySynced(join(folder, "unchanged"));
  const run = (...args: string[]) => trueup("reconcile", ...args, "-w", directory);
  await run();
  const made = async () => (await stat(join(directory, "marts", "summary.parquet"))).mtimeMs;
  const first = await made();
  const kept = await run();
  expect(kept.err).toMatch(
    /^Nothing is new: the marts as of 2026-11-23T23:59:59\.999Z stay\. --force works them out again\.\n/,
  );
  expect(kept.err).toContain("\nUSD: underbilled 848.80, overbilled ");
  expect(kept.err).toMatch(/\nto decide: \d+ unlinked accounts, \d+ unaccounted products?\n$/);
  expect(await made()).toBe(first);
  expect((await run("--force")).err).not.toContain("Nothing is new");
  expect(await made()).toBeGreaterThan(first);
}, 180_000);

it("says that the PSA's sync failed, and why, where there is no earlier one", async () => {
  const directory = await workspace("unbilled");
  expect((await trueup("reconcile", "-w", directory)).err).toBe(
    "lake: the PSA was never synced, so nothing is known to be billed. Run `trueup sync` first.\n",
  );
  await rm(join(directory, "imports", "psa", "clients.csv"));
  await trueup("sync", "-w", directory);
  const {code, err} = await trueup("reconcile", "-w", directory);
  expect(code).toBe(2);
  expect(err).toMatch(
    /^lake "psa": the PSA's sync failed on \d{4}-\d\d-\d\d, and there is no earlier one, so nothing is known to be billed: imports\/psa lacks clients\.csv\. Put that right and run `trueup sync --only psa`\.\n$/,
  );
});

it("takes a size as the memory to work in, and nothing else", async () => {
  for (const size of ["2", "0GB", "lots"]) {
    const {code, err} = await trueup("reconcile", "--memory-limit", size, "-w", sample);
    expect(code).toBe(2);
    expect(err).toContain(`--memory-limit ${JSON.stringify(size)}: expected a size such as 2GB`);
  }
  const directory = await copySynced(join(folder, "limited"));
  expect(await trueup("reconcile", "--memory-limit", "500MB", "-w", directory)).toMatchObject({code: 0});
});

it.each([
  [["--url", "http://127.0.0.1:1"], "only --engine clickhouse has an address"],
  [["--engine", "clickhouse"], "expected the address of a ClickHouse server"],
  [["--engine", "clickhouse", "--url", "ftp://127.0.0.1"], "expected the address of a ClickHouse server"],
  [["--engine", "clickhouse", "--url", "http://me:secret@127.0.0.1"], "TRUEUP_CLICKHOUSE_PASSWORD"],
  [["--engine", "sqlite"], "Allowed choices are duckdb, clickhouse"],
])("refuses %j for reconcile", async (flags, message) => {
  const {code, err} = await trueup("reconcile", ...flags);
  expect(err).toContain(message);
  expect(err).not.toContain("secret");
  expect(code).toBe(2);
});

it("says which server did not answer, and keeps the marts", async () => {
  const directory = await copySynced(join(folder, "elsewhere"));
  const flags = ["-w", directory, "--engine", "clickhouse", "--url", "http://127.0.0.1:1"];
  const {code, err} = await trueup("reconcile", ...flags);
  expect(err).toBe("ClickHouse at http://127.0.0.1:1/ cannot be used: connect ECONNREFUSED 127.0.0.1:1\n");
  expect(code).toBe(1);
  expect(await readdir(directory)).not.toContain("marts");
});

it("leaves the last good data in use when a sync fails", async () => {
  const directory = await workspace("failing");
  await trueup("sync", "--only", "rmm", "-w", directory);
  await writeFile(join(directory, "imports", "rmm", "seats.csv"), "seat_id\n1\n");
  expect((await trueup("sync", "--only", "rmm", "-w", directory)).code).toBe(1);
  const syncs = await listSyncs({directory}, "rmm");
  expect(syncs.map((sync) => sync.status)).toEqual(["succeeded", "failed"]);
  expect(await readdir(join(directory, "lake", "rmm", syncs[1]?.sync_id ?? ""))).toEqual(["sync.json"]);
});

it("names with --quiet the connections that failed, and why, and no other", async () => {
  const directory = await workspace("quiet");
  const {code, err} = await trueup("sync", "--quiet", "-w", directory);
  expect(code).toBe(1);
  expect(err).toMatch(/^passwords +failed +\d+\.\d s\n {2}imports\/passwords lacks accounts\.csv\.\n {2}Data of .*\n$/);
});

it("keeps the newest ten syncs", async () => {
  const directory = await workspace("many");
  for (let run = 0; run < 11; run++) await sync(await readWorkspace(directory), {only: ["distributor"]});
  await trueup("sync", "--only", "distributor", "-w", directory);
  expect(await listSyncs({directory}, "distributor")).toHaveLength(10);
});

it("shows every mistake in the mappings at once, with file and line, and leaves the marts alone", async () => {
  const directory = await copySynced(join(folder, "mistaken"));
  await writeFile(
    join(directory, "mappings", "services.csv"),
    "rule_id,service_id,connection_id,product_ids,minimum,maximum,count\nR1,S-RMM,rmm,rmm-agent,9,5,\nR1,S-NONE,nowhere,rmm-agent,,,guesses\nR3,S-NONE,rmm,gone,,,\n",
  );
  await writeFile(
    join(directory, "mappings", "prices.csv"),
    "service_id,unit_price,valid_from\nS-RMM,12.00,2026-02-30\n",
  );
  const {code, err} = await trueup("reconcile", "-w", directory);
  expect(code).toBe(2);
  expect(err).toContain('mappings/services.csv:2 maximum "5": is less than the minimum 9.');
  expect(err).toContain('mappings/services.csv:3 count "guesses"');
  expect(err).toContain('mappings/services.csv:4 service_id "S-NONE": The PSA has no such id.');
  expect(err).toContain('mappings/services.csv:4 product_ids "gone": rmm has no such id.');
  expect(err).toContain('mappings/prices.csv:2 valid_from "2026-02-30"');
  expect(await readdir(directory)).not.toContain("marts");
});

it("reports several mistakes in workspace.yaml with their lines", async () => {
  const directory = await workspace("yaml");
  const path = join(directory, "workspace.yaml");
  const text = await readFile(path, "utf8");
  await writeFile(
    path,
    text.replace("currency: USD", "currency: dollars").replace("stale_after_hours: 24", "stale_after_hour: 24"),
  );
  const {code, err} = await trueup("check", "-w", directory);
  expect(code).toBe(2);
  expect(err).toMatch(/workspace\.yaml:3 currency "dollars": expected an ISO 4217 code/);
  expect(err).toMatch(/workspace\.yaml:6.*stale_after_hour/);
});
