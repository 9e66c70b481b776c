import {existsSync} from "node:fs";
import {join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {Command, CommanderError, Option} from "commander";
import {checkSize, parsePort, parseWhole, refuseEmpty, refuseWrongPlace, serverOf} from "./arguments.js";
import type {CommandLine} from "./commandLine.js";
import {createRedactor} from "./connectors/http/redact.js";
import {describeSummary, describeSyncs} from "./describeResults.js";
import {addExportCommands} from "./exports/commands.js";
import {describeSystemError, describeWithPlace} from "./files/systemErrors.js";
import {storageSecrets} from "./lake/objectStorage.js";
import {describeQuarantinedRows} from "./lake/quarantine.js";
import {type SyncOptions, sync, testConnection} from "./lake/sync.js";
import {addMapCommands} from "./map/commands.js";
import {describeCaveats} from "./marts/caveats.js";
import type {MartResult} from "./marts/marts.js";
import {findDamagedMarts} from "./marts/provenance.js";
import {type ReconcileOptions, reconcile} from "./marts/reconcile.js";
import {ConfigurationError, describeProblems} from "./problems.js";
import {type Progress, showProgress} from "./progress.js";
import {addPeriodCommands} from "./snapshots/commands.js";
import {shellWord, withoutControls} from "./terminalText.js";
import {version} from "./version.js";
import {withNumbers} from "./withNumbers.js";
import {initWorkspace} from "./workspace/init.js";
import {readWorkspace, type Workspace} from "./workspace/workspace.js";

const installation = fileURLToPath(new URL("..", import.meta.url));
const sample = resolve(installation, "data/sample");
const defaultSite = resolve(installation, "dist");

/** Exit codes: 0 done, 1 failed, 2 bad usage or configuration. */
const exit = {done: 0, failed: 1, usage: 2} as const;

interface GlobalOptions {
  workspace?: string;
  quiet?: boolean;
}

interface ReconcileFlags {
  asOf?: string;
  json?: boolean;
  force?: boolean;
  memoryLimit?: string;
  engine: string;
  url?: string;
}

let stop: AbortController | undefined;

/** Aborted by Ctrl-C and SIGTERM. What never asks for it is ended by them at once, and everything by the second. */
function stopSignal(): AbortSignal {
  if (stop === undefined) {
    const controller = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => controller.abort(new Error("Stopped.")));
    stop = controller;
  }
  return stop.signal;
}

const program = new Command("trueup")
  .description("Reconciles what a managed service provider bills with what its clients use.")
  .option("-w, --workspace <dir>", "the workspace folder")
  .option("-q, --quiet", "print results and errors only")
  .version(version, "-V, --version", "print the version")
  .showHelpAfterError("(add --help for what is possible)")
  .configureHelp({showGlobalOptions: true})
  .exitOverride()
  .addHelpText(
    "after",
    `
Without --workspace (or TRUEUP_WORKSPACE) the workspace is the current folder if it has a workspace.yaml, else the sample.

A first real workspace:
  trueup init acme-msp                  make a commented starter workspace
  trueup sync -w acme-msp               read every connection into acme-msp/lake
  trueup reconcile -w acme-msp          work out the marts, print what was found
  trueup build -w acme-msp              make the site in dist
  trueup preview                        look at it

Exit codes: 0 done, 1 failed, 2 bad usage or configuration.`,
  );

program.hook("preAction", (_, command) => {
  refuseEmpty(program, command);
  refuseWrongPlace(command);
});

function log(...lines: string[]): void {
  if (!program.opts<GlobalOptions>().quiet) tell(...lines);
}

function tell(...lines: string[]): void {
  for (const line of lines) process.stderr.write(`${withoutControls(line)}\n`);
}

/** The folder that is named, or the current one if it is a workspace. */
function namedWorkspace(): string | undefined {
  const named = program.opts<GlobalOptions>().workspace ?? process.env.TRUEUP_WORKSPACE;
  if (named) return named;
  return existsSync("workspace.yaml") ? "." : undefined;
}

/** Once is enough, and `start` on a fresh checkout means it. */
let saysSample = true;

function open(asOf?: string): Promise<Workspace> {
  const named = namedWorkspace();
  if (named === undefined && saysSample) log("Working on the sample workspace; name yours with -w.");
  saysSample = false;
  return readWorkspace(named ?? sample, {asOf, now: new Date(), env: process.env});
}

function progressOf(label: string): Progress {
  const isShown = process.stderr.isTTY === true && !process.env.CI && program.opts<GlobalOptions>().quiet !== true;
  return showProgress(label, {isShown});
}

const commandLine: CommandLine = {
  open,
  log,
  fail() {
    process.exitCode = exit.failed;
  },
  progress: progressOf,
  signal: stopSignal,
  now: () => new Date(),
  user: process.env.USER ?? process.env.USERNAME ?? "",
};

async function runSync(workspace: Workspace, {only, full}: Pick<SyncOptions, "only" | "full"> = {}): Promise<boolean> {
  const bar = progressOf("Syncing");
  const count = only?.length ?? workspace.connections.length;
  let ended = 0;
  const records = await sync(workspace, {
    only,
    full,
    now: () => new Date(),
    env: process.env,
    signal: stopSignal(),
    progress: (connectionId, {stream, rows, total}) => {
      const of = total === undefined ? "" : ` of ${total}`;
      bar.update(ended, count, `${connectionId}: ${stream} ${rows}${of} rows`);
    },
    ended: ({connection_id, status}) => {
      ended += 1;
      bar.update(ended, count, `${connection_id}: ${status}`);
    },
  }).finally(() => bar.end());
  const isQuiet = program.opts<GlobalOptions>().quiet === true;
  const told = records.filter(({status}) => status !== "succeeded" || !isQuiet);
  const quarantines = await Promise.all(told.map((record) => describeQuarantinedRows(workspace, record)));
  tell(...describeSyncs(told, quarantines));
  stopSignal().throwIfAborted();
  return records.every((record) => record.status === "succeeded");
}

/** Reconciles, and says what keeps the figures from being the whole truth. */
async function runReconcile(
  workspace: Workspace,
  options: Pick<ReconcileOptions, "write" | "force" | "server" | "memoryLimit"> = {},
): Promise<Pick<MartResult, "summary" | "totals"> & {caveats: readonly string[]}> {
  const bar = progressOf("Reconciling");
  const progress = (done: number, total: number, name: string): void => bar.update(done, total, name);
  const reconciled = await reconcile(workspace, {...options, progress, signal: stopSignal()}).finally(() => bar.end());
  const {summary, totals, warnings, unchangedSince} = reconciled;
  if (unchangedSince !== null) {
    log(`Nothing is new: the marts as of ${unchangedSince.toISOString()} stay. --force works them out again.`);
  }
  for (const warning of describeProblems(warnings)) log(`warning: ${warning}`);
  const caveats = describeCaveats(reconciled, {asOf: workspace.asOf, now: new Date()});
  for (const caveat of caveats) log(`warning: ${caveat}`);
  return {summary, totals, caveats};
}

async function runBuild(workspace: Workspace, out: string): Promise<void> {
  const {build} = await import("./site/build.js");
  const {pages} = await build({...workspace, out, signal: stopSignal()});
  log(`Built ${pages} pages in ${out}.`);
}

async function runPreview(out: string, port: number): Promise<void> {
  const {preview} = await import("./site/preview.js");
  const {server, url} = await preview(out, port);
  process.stdout.write(`${url}\n`);
  log("Ctrl-C ends it.");
  await new Promise<void>((done) => {
    const end = (): void => {
      server.closeAllConnections();
      server.close(() => done());
    };
    if (stopSignal().aborted) end();
    else stopSignal().addEventListener("abort", end, {once: true});
  });
}

/** The sample has a past as well: its months are worked out and closed the first time. */
async function closeSampleMonths(): Promise<void> {
  const {closeMonths} = await import("../data/sample/closeMonths.js");
  const bar = progressOf("Closing the sample's months");
  const progress = (done: number, total: number, period: string): void => bar.update(done, total, period);
  const closed = await closeMonths(sample, progress, stopSignal()).finally(() => bar.end());
  if (closed.length > 0) log(`Closed ${closed.join(", ")} of the sample.`);
}

program
  .command("init")
  .argument("<dir>", "a new or empty folder")
  .description("make a commented starter workspace")
  .action(async (directory: string) => {
    await initWorkspace(directory);
    log(
      `Made ${directory}/workspace.yaml. Next: put exports into ${directory}/imports and run \`trueup sync -w ${shellWord(directory)}\`.`,
    );
  });

program
  .command("sync")
  .description("read every connection into the lake")
  .option("--only <id...>", "these connections only")
  .option("--full", "everything, also where the vendor tells what changed since the last time")
  .action(async (options: {only?: string[]; full?: boolean}) => {
    if (!(await runSync(await open(), options))) process.exitCode = exit.failed;
  });

program
  .command("test-connection")
  .argument("<id>", "a connection of the workspace")
  .description("sign in to a vendor, and say who the credentials belong to and what they may read")
  .action(async (id: string) => {
    const options = {now: () => new Date(), env: process.env, signal: stopSignal()};
    process.stdout.write(`${withoutControls(await testConnection(await open(), id, options))}\n`);
  });

program
  .command("demo-vendors")
  .description("start made-up vendors on this machine, and a workspace that reads them over their APIs")
  .option("--dir <dir>", "where to put the workspace", "demo-vendors")
  .option("--latency <ms>", "how long every answer takes", "100")
  .action(async ({dir, latency}: {dir: string; latency: string}) => {
    const {startDemonstration} = await import("../test/vendors/demo.js");
    const {urls, close} = await startDemonstration(resolve(dir), parseWhole("--latency", latency, 60_000));
    for (const [name, url] of urls) log(`${name.padEnd(16)} ${url}`);
    log("", "In another terminal, with the made-up credentials of demo.env in the environment:");
    process.stdout.write(`set -a; . ${shellWord(`${dir}/demo.env`)}; set +a\n`);
    for (const verb of ["sync", "reconcile", "build"])
      process.stdout.write(`npx trueup ${verb} -w ${shellWord(dir)}\n`);
    log("", "Ctrl-C ends the vendors.");
    const signal = stopSignal();
    if (!signal.aborted) await new Promise((done) => signal.addEventListener("abort", done, {once: true}));
    await close();
  });

program
  .command("reconcile")
  .description("work out the marts from the lake and the mappings")
  .option("--as-of <date>", "the day (2026-11-23) or instant to work everything out for")
  .option("--json", "print the summary: one object, or an array where there are several currencies")
  .option("--force", "work everything out even if nothing is new since the last time")
  .addOption(
    new Option("--memory-limit <size>", "memory to work in, such as 2GB; what needs more goes to the disk").env(
      "TRUEUP_MEMORY_LIMIT",
    ),
  )
  .addOption(new Option("--engine <name>", "what runs the models").choices(["duckdb", "clickhouse"]).default("duckdb"))
  .option("--url <address>", "the ClickHouse server; user and password stand in TRUEUP_CLICKHOUSE_USER and …_PASSWORD")
  .action(async ({asOf, json, force, memoryLimit, ...where}: ReconcileFlags) => {
    if (memoryLimit !== undefined) checkSize("--memory-limit", memoryLimit);
    const server = serverOf(where, process.env, stopSignal());
    const workspace = await open(asOf);
    const {summary, totals} = await runReconcile(workspace, {force, memoryLimit, server});
    const rows = summary.map(withNumbers);
    if (json) process.stdout.write(`${JSON.stringify(rows.length === 1 ? rows[0] : rows, null, 2)}\n`);
    else log(...describeSummary(totals, workspace.currency));
  });

addPeriodCommands(program, commandLine);

addExportCommands(program, commandLine);

program
  .command("build")
  .description("make the static site from the marts")
  .option("--out <dir>", "where to put it", defaultSite)
  .action(async ({out}: {out: string}) => runBuild(await open(), resolve(out)));

program
  .command("preview")
  .description("serve the built site on this machine only")
  .option("--out <dir>", "the built site", defaultSite)
  .option("--port <number>", "the port; 0 takes a free one", "4173")
  .action(async ({out, port}: {out: string; port: string}) => runPreview(resolve(out), parsePort(port)));

program
  .command("check")
  .description("validate workspace, mappings and marts without changing anything")
  .action(async () => {
    const workspace = await open();
    const {summary, caveats} = await runReconcile(workspace, {write: false});
    const damaged = await findDamagedMarts(join(workspace.directory, "marts"));
    if (damaged.length > 0) throw new ConfigurationError(damaged);
    const currencies = summary.map((row) => row.currency).join(", ");
    log(
      caveats.length === 0
        ? `The workspace, its mappings and its figures are sound (${currencies}).`
        : `The workspace and its mappings are sound. The figures (${currencies}) add up, but for what the warnings say of their data.`,
    );
  });

addMapCommands(program, commandLine);

program
  .command("start")
  .description("sync, reconcile, build and preview in one go")
  .option("--port <number>", "the port; 0 takes a free one", "4173")
  .action(async (options: {port: string}) => {
    const port = parsePort(options.port);
    const {checkPort} = await import("./site/preview.js");
    await checkPort(port);
    saysSample = false;
    const workspace = await open();
    if (workspace.directory === sample) await closeSampleMonths();
    if (!(await runSync(workspace))) log("Not every connection could be read; going on with what is there.");
    const {totals} = await runReconcile(workspace);
    await runBuild(workspace, defaultSite);
    log("", `${workspace.name}, as of ${workspace.asOfDate}`, ...describeSummary(totals, workspace.currency), "");
    await runPreview(defaultSite, port);
  });

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
  if (error instanceof ConfigurationError) {
    for (const problem of describeProblems(error.problems)) process.stderr.write(`${withoutControls(problem)}\n`);
    return exit.usage;
  }
  const {TRUEUP_CLICKHOUSE_USER: user = "default", TRUEUP_CLICKHOUSE_PASSWORD: password = ""} = process.env;
  const {redact} = createRedactor([
    ...storageSecrets(process.env),
    ...(password === "" ? [] : [password, `${user}:${password}`]),
  ]);
  process.stderr.write(`${withoutControls(redact(describeWithPlace(error)))}\n`);
  return exit.failed;
}

// Whoever reads the output may have seen enough, such as `head`; the work is done to its end all the same.
for (const output of [process.stdout, process.stderr]) {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.exitCode = exit.failed;
    if (output === process.stdout) {
      process.stderr.write(`The output cannot be written: ${describeSystemError(error)}\n`);
    }
  });
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}
