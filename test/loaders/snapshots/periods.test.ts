import {createHash} from "node:crypto";
import {appendFile, copyFile, cp, readdir, readFile, rename, rm, truncate, writeFile} from "node:fs/promises";
import {basename, join} from "node:path";
import {beforeEach, describe, expect, it, vi} from "vitest";
import {literal, openDatabase} from "../../../loaders/database.js";
import {openMarts} from "../../../loaders/exports/openMarts.js";
import {sync} from "../../../loaders/lake/sync.js";
import {reconcile} from "../../../loaders/marts/reconcile.js";
import {describeProblem} from "../../../loaders/problems.js";
import {closePeriod, lastDayOfMonth} from "../../../loaders/snapshots/closePeriod.js";
import {
  closedMarts,
  findSnapshot,
  findTampering,
  isClosed,
  listSnapshots,
  reopenPeriod,
  type Snapshot,
  sealManifest,
} from "../../../loaders/snapshots/snapshots.js";
import {snapshotMarts} from "../../../loaders/snapshots/snapshotViews.js";
import {readWorkspace, type Workspace} from "../../../loaders/workspace/workspace.js";
import {runTrueup} from "../runTrueup.js";
import {mart, reconciledOctober, work} from "./months.js";

// A rename within a folder that fails after one that did not cannot be had from a disk.
vi.mock("node:fs/promises", {spy: true});

const now = new Date("2026-11-02T08:00:00Z");
const copyOctober = reconciledOctober();
let directory: string;
beforeEach(async () => {
  directory = await copyOctober();
});

const close = (workspace: Workspace, replace = false) => closePeriod(workspace, {period: "2026-10", replace, now});

describe("closing a period", () => {
  it("freezes marts, mappings, settings and sync ids, each file with its checksum", async () => {
    const {manifest, daysBeforeEnd} = await close(await readWorkspace(directory, {asOf: "2026-10-31"}));
    const [snapshot] = await listSnapshots(directory);
    expect(snapshot).toMatchObject({name: "2026-10", period: "2026-10", isSuperseded: false, manifest});
    const paths = manifest.files.map(({path}) => path);
    expect(paths).toEqual(expect.arrayContaining(["marts/seats.parquet", "mappings/services.csv", "settings.json"]));
    expect(manifest.syncs.map(({connection_id}) => connection_id)).toEqual(["psa", "rmm"]);
    expect(await readdir(join(directory, "lake", "rmm"))).toContain(manifest.syncs[1]?.sync_id);
    expect(await findTampering(snapshot as NonNullable<typeof snapshot>)).toEqual([]);
    expect(await readdir(join(directory, "snapshots"))).toEqual(["2026-10"]);
    expect([manifest.as_of, manifest.closed_at, daysBeforeEnd]).toEqual([
      ...["2026-10-31T23:59:59.999Z", now.toISOString(), 0],
    ]);
    const settings = JSON.parse(await readFile(join(directory, "snapshots", "2026-10", "settings.json"), "utf8"));
    const exported_at = "2026-10-31T02:00:00Z";
    expect(settings).toEqual({
      ...{name: "Two months", currency: "USD", inactive_after_days: 21, stale_after_hours: 9000, billed_basis: "auto"},
      connections: [
        {id: "psa", connector: "csv-psa", path: "imports/psa", exported_at},
        {id: "rmm", connector: "csv-usage", path: "imports/rmm", exported_at},
      ],
    });
  });

  it("counts for its own month and later ones, and what was due in it for earlier ones", async () => {
    await close(await readWorkspace(directory, {asOf: "2026-10-31"}));
    const closedFor = async (day: string) => (await closedMarts(directory, day)).map(({marts}) => marts);
    expect(await closedFor("2026-09-30")).toEqual([["adjustments"]]);
    expect(await closedFor("2026-10-01")).toEqual([snapshotMarts]);
    expect(await closedFor("2027-01-01")).toEqual([snapshotMarts]);
  });

  it("knows the last day of every month", () => {
    expect(["2026-02", "2028-02", "2026-04", "2026-12"].map(lastDayOfMonth)).toEqual([
      ...["2026-02-28", "2028-02-29", "2026-04-30", "2026-12-31"],
    ]);
  });

  it("keeps the names of secrets and never their values", async () => {
    const reference = `$${"{DUO_SECRET}"}`;
    await appendFile(
      join(directory, "workspace.yaml"),
      '  - {id: duo, connector: duo, base_url: https://api-1.duosecurity.com, integration_key: "$DUO", secret_key: "$DUO", reports_activity: false}\n'.replaceAll(
        "$DUO",
        reference,
      ),
    );
    process.env.DUO_SECRET = "never-to-be-seen";
    const workspace = await readWorkspace(directory, {asOf: "2026-10-31"});
    await reconcile(workspace);
    await close(workspace);
    const settings = await readFile(join(directory, "snapshots", "2026-10", "settings.json"), "utf8");
    delete process.env.DUO_SECRET;
    expect(settings).toContain(reference);
    expect(JSON.parse(settings).connections[2]).toMatchObject({id: "duo", connector: "duo", reports_activity: false});
    expect(settings).not.toContain("never-to-be-seen");
  });

  it.each([
    ["a day outside it", "2026-11", "2026-10-31", /outside 2026-11.*reconcile --as-of 2026-11-30/],
    ["what is not a month", "2026-13", "2026-10-31", /expected a month such as 2026-10/],
  ])("refuses %s and says what to do", async (_, period, asOf, message) => {
    const workspace = await readWorkspace(directory, {asOf});
    await expect(closePeriod(workspace, {period, now})).rejects.toThrow(message);
    expect(await readdir(directory)).not.toContain("snapshots");
  });

  it("refuses figures that were worked out before a mapping was changed", async () => {
    await appendFile(join(directory, "mappings", "services.csv"), "R9,BK,rmm,SC\n");
    await writeFile(join(directory, "mappings", "prices.csv"), "service_id,unit_price\n");
    const closing = close(await readWorkspace(directory, {asOf: "2026-10-31"}));
    await expect(closing).rejects.toThrow(
      /mappings\/prices.csv: it changed since .*\nmappings\/services.csv: it changed since .*reconcile --as-of 2026-10-31/,
    );
  });

  it("refuses figures that were worked out before a mapping was taken away, and where there are none", async () => {
    await rm(join(directory, "mappings", "services.csv"));
    const workspace = await readWorkspace(directory, {asOf: "2026-10-31"});
    await expect(close(workspace)).rejects.toThrow(/^mappings\/services.csv: it changed since the figures/);
    await rm(join(directory, "marts"), {recursive: true});
    await expect(close(workspace)).rejects.toThrow("there are no marts. Run `trueup reconcile` first.");
  });

  it("refuses marts of which one is missing that nobody noted, as an earlier version made them", async () => {
    await rm(join(directory, "marts", "margin.parquet"));
    const note = join(directory, "marts", "provenance.json");
    const {files, ...rest} = JSON.parse(await readFile(note, "utf8"));
    const {"margin.parquet": _, ...others} = files;
    await writeFile(note, JSON.stringify({...rest, files: others}));
    const closing = close(await readWorkspace(directory, {asOf: "2026-10-31"}));
    await expect(closing).rejects.toThrow("marts/margin.parquet: it is not as it was made.");
  });

  it("refuses marts of which one lacks a column of today, as an earlier version made them", async () => {
    const file = join(directory, "marts", "summary.parquet");
    const database = await openDatabase();
    await database.run(`create table summary as select * exclude (open_count) from read_parquet(${literal(file)})`);
    await database.run(`copy summary to ${literal(file)} (format parquet)`);
    database.close();
    const note = join(directory, "marts", "provenance.json");
    const {files, ...rest} = JSON.parse(await readFile(note, "utf8"));
    const written = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
    await writeFile(note, JSON.stringify({...rest, files: {...files, "summary.parquet": written}}));
    const closing = close(await readWorkspace(directory, {asOf: "2026-10-31"}));
    await expect(closing).rejects.toThrow(
      "summary has no open_count: an earlier version made these marts. Run `trueup reconcile --as-of 2026-10-31`, look at them, then close.",
    );
  });

  it.each([
    ["was cut short", (path: string) => truncate(path, 1000)],
    ["is missing", (path: string) => rm(path)],
    [
      "has another byte in it",
      async (path: string) => {
        const bytes = await readFile(path);
        await writeFile(path, bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 0xff));
      },
    ],
  ])("refuses a mart that %s", async (_, damage) => {
    await damage(join(directory, "marts", "seats.parquet"));
    const closing = close(await readWorkspace(directory, {asOf: "2026-10-31"}));
    await expect(closing).rejects.toThrow(
      /^marts\/seats\.parquet: it is not as it was made\. Run `trueup reconcile --as-of 2026-10-31 --force`, then close\.$/,
    );
    expect(await listSnapshots(directory)).toEqual([]);
  });

  it("happens once; --replace closes again and keeps what was closed before", async () => {
    const workspace = await readWorkspace(directory, {asOf: "2026-10-31"});
    const first = await close(workspace);
    await expect(close(workspace)).rejects.toThrow(/2026-10.*closed on 2026-11-02.*--replace/);
    const second = await close(workspace, true);
    await close(workspace, true);
    const snapshots = await listSnapshots(directory);
    expect(snapshots.map(({name, isSuperseded}) => [name, isSuperseded])).toEqual([
      ["2026-10", false],
      ["2026-10.superseded-1", true],
      ["2026-10.superseded-2", true],
    ]);
    expect(snapshots[1]?.checksum).toBe(first.checksum);
    expect(snapshots[2]?.checksum).toBe(second.checksum);
    for (const snapshot of snapshots) expect(await findTampering(snapshot)).toEqual([]);
    const at = (name: string) => join(directory, "snapshots", name);
    await rename(at("2026-10.superseded-1"), at("2026-10.superseded-9"));
    await rename(at("2026-10.superseded-2"), at("2026-10.superseded-12"));
    await rename(at("2026-10"), at("2026-10.copy"));
    expect((await listSnapshots(directory)).map(({name}) => name)).toEqual([
      ...["2026-10.superseded-9", "2026-10.superseded-12"],
    ]);
    expect(await isClosed(directory, "2026-10")).toBe(false);
    expect(await findSnapshot(directory, "2026-10")).toBeUndefined();
  });

  it("leaves the earlier snapshot in its place where the new one cannot be put there", async () => {
    const workspace = await readWorkspace(directory, {asOf: "2026-10-31"});
    const {checksum} = await close(workspace);
    const actual = await vi.importActual<typeof import("node:fs/promises")>("node:fs/promises");
    vi.mocked(rename).mockImplementation(async (from, to) => {
      if (String(from).includes(".closing-")) throw new Error("EIO: i/o error, rename");
      await actual.rename(from, to);
    });
    await expect(close(workspace, true).finally(() => vi.mocked(rename).mockReset())).rejects.toThrow("EIO");
    expect(await listSnapshots(directory)).toMatchObject([{name: "2026-10", checksum}]);
    expect(await readdir(join(directory, "snapshots"))).toEqual(["2026-10"]);
    await close(workspace, true);
    expect(await listSnapshots(directory)).toMatchObject([{name: "2026-10"}, {name: "2026-10.superseded-1", checksum}]);
  });

  it("is read without adjustments and decisions where an earlier version closed it, which made none", async () => {
    await close(await readWorkspace(directory, {asOf: "2026-10-31"}));
    const [{folder: snapshot, manifest}] = (await listSnapshots(directory)) as [Snapshot];
    const later = ["marts/adjustments.parquet", "marts/decisions.parquet"];
    const files = manifest.files.filter(({path}) => !later.includes(path));
    expect(files).toHaveLength(manifest.files.length - 2);
    for (const path of later) await rm(join(snapshot, path));
    await writeFile(join(snapshot, "manifest.json"), sealManifest({...manifest, files}).text);
    await work(directory, "2026-11-30");
    expect(await mart(directory, "history", "period", "period")).toEqual([{period: "2026-10"}, {period: "2026-11"}]);
  });

  it.each([
    ["are being frozen", () => true],
    ["are being frozen, and the rest is not there any more", (name: string) => name === "summary.parquet"],
  ])("leaves nothing where the marts are replaced while they %s", async (_, stays) => {
    const workspace = await readWorkspace(directory, {asOf: "2026-10-31"});
    vi.mocked(copyFile).mockImplementationOnce(async (from, to) => {
      await cp(String(from), String(to));
      const filter = (path: string): boolean => !path.endsWith(".parquet") || stays(basename(path));
      await cp(join(directory, "marts"), join(directory, "others"), {recursive: true, filter});
      await rm(join(directory, "marts"), {recursive: true});
      await rename(join(directory, "others"), join(directory, "marts"));
    });
    await expect(close(workspace)).rejects.toThrow("marts was replaced by another run while it was read.");
    expect(await readdir(join(directory, "snapshots"))).toEqual([]);
  });

  it("tells what went away, also before the oldest sync in the lake, from what never was", async () => {
    const rules = (row: string) => appendFile(join(directory, "mappings", "services.csv"), `${row}\n`);
    await close(await readWorkspace(directory, {asOf: "2026-10-31"}));
    for (const name of ["psa/clients", "psa/agreements", "rmm/products"]) {
      const file = join(directory, "imports", `${name}.csv`);
      await writeFile(file, (await readFile(file, "utf8")).replace(/^(dune|A-dune|BK),.*\n/m, ""));
    }
    const seats = join(directory, "imports", "rmm", "seats.csv");
    await writeFile(seats, (await readFile(seats, "utf8")).replaceAll(/^.*,BK,.*\n/gm, ""));
    await appendFile(join(directory, "workspace.yaml"), "keep_syncs: 1\n");
    const workspace = await readWorkspace(directory, {asOf: "2026-11-30"});
    await sync(workspace);
    expect((await reconcile(workspace)).warnings.map(describeProblem)).toEqual([
      'mappings/clients.csv:5 client_id "dune": The PSA no longer has this client.',
      'mappings/services.csv:3 product_ids "BK": rmm no longer has this product.',
    ]);
    await rules("R3,EP,rmm,never-was");
    await expect(reconcile(workspace)).rejects.toThrow(/^.*"never-was": rmm has no such id.*$/);
  });

  it("can be taken back: the month is open again and its snapshot is kept", async () => {
    const workspace = await readWorkspace(directory, {asOf: "2026-10-31"});
    await expect(reopenPeriod(directory, "2026-10")).rejects.toThrow(/not closed.*trueup periods/);
    const {checksum} = await close(workspace);
    expect(await reopenPeriod(directory, "2026-10")).toBe("2026-10.superseded-1");
    await work(directory, "2026-11-30");
    expect(await mart(directory, "history", "*", "period")).toEqual([]);
    expect(await listSnapshots(directory)).toMatchObject([{name: "2026-10.superseded-1", checksum}]);
    await work(directory, "2026-10-31");
    await close(workspace);
  });
});

describe("a changed snapshot", () => {
  it("can be taken back and closed again, whatever became of its manifest", async () => {
    await writeFile(join(directory, "snapshots", "2026-10", "manifest.json"), "{");
    expect(await reopenPeriod(directory, "2026-10")).toBe("2026-10.superseded-1");
    await work(directory, "2026-10-31");
    const {checksum} = await close(await readWorkspace(directory, {asOf: "2026-10-31"}));
    await work(directory, "2026-11-30");
    expect(await findSnapshot(directory, "2026-10")).toMatchObject({checksum});
  });

  it("is an error where its folder has the name of another month", async () => {
    await rename(join(directory, "snapshots", "2026-10"), join(directory, "snapshots", "2026-09"));
    await expect(listSnapshots(directory)).rejects.toThrow("snapshots/2026-09 is the snapshot of 2026-10.");
  });

  beforeEach(async () => {
    await close(await readWorkspace(directory, {asOf: "2026-10-31"}));
  });

  it.each([
    ["marts/reconciliation.parquet", "was changed after the period was closed", "reconcile"],
    ["marts/seats.parquet", "was changed after the period was closed", "periods"],
    ["mappings/clients.csv", "was changed after the period was closed", "periods"],
    ["manifest.json", "cannot be read", "reconcile"],
  ])("is an error that names %s", async (file, message, command) => {
    await appendFile(join(directory, "snapshots", "2026-10", file), "x");
    const {code, err} = await runTrueup([command, "-w", directory]);
    expect(err).toContain(`snapshots/2026-10/${file} ${message}`);
    expect(code).toBe(1);
  });

  it("is told file by file, with what each was and is, and what is no part of it", async () => {
    const [snapshot] = (await listSnapshots(directory)) as [Snapshot];
    await appendFile(join(snapshot.folder, "mappings", "clients.csv"), "x");
    const changed = await findTampering(snapshot, [
      "mappings/clients.csv",
      "marts/none.parquet",
      "marts/seats.parquet",
    ]);
    expect(changed).toEqual([
      expect.stringMatching(
        /^snapshots\/2026-10\/mappings\/clients\.csv was changed after the period was closed \(SHA-256 [0-9a-f]{12}, not [0-9a-f]{12}\)\.$/,
      ),
      "snapshots/2026-10/marts/none.parquet is not part of the snapshot.",
    ]);
  });

  it("is an error where its manifest was rewritten, a file is missing or one was added", async () => {
    const [snapshot] = await listSnapshots(directory);
    const at = (name: string) => join(directory, "snapshots", "2026-10", name);
    await rm(at("settings.json"));
    await writeFile(at("marts/more.parquet"), "x");
    const faults = ["snapshots/2026-10/settings.json is missing.", "snapshots/2026-10/marts/more.parquet was added."];
    expect(await findTampering(snapshot as NonNullable<typeof snapshot>)).toEqual(faults);
    await expect(openMarts(directory, "2026-10")).rejects.toThrow(faults.join("\n"));
    await writeFile(at("manifest.json"), (await readFile(at("manifest.json"), "utf8")).replace("58.00", "59.00"));
    await expect(listSnapshots(directory)).rejects.toThrow("snapshots/2026-10/manifest.json was changed after");
  });
});
