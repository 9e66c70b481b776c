import {appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {sync} from "../../../loaders/lake/sync.js";
import {type Reconciled, reconcile} from "../../../loaders/marts/reconcile.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";
import {copySynced} from "../../sample/madeSample.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-reconcile-"));
  await copySynced(folder);
});
afterAll(() => rm(folder, {recursive: true, force: true}));

async function reconcileAt(moment: string): Promise<Reconciled> {
  return reconcile(await readWorkspace(folder, {now: new Date(moment)}));
}

async function editSettings(pattern: RegExp, text: string): Promise<void> {
  const path = join(folder, "workspace.yaml");
  await writeFile(path, (await readFile(path, "utf8")).replace(pattern, text));
}

async function writtenAt(): Promise<number> {
  return (await stat(join(folder, "marts", "summary.parquet"))).mtimeMs;
}

describe("reconciling again", () => {
  it("leaves marts that were made from the same, and gives the same summary, problems and warnings", async () => {
    await appendFile(join(folder, "mappings", "clients.csv"), "m365,gone-away,C1001,confirmed,,,\n");
    const workspace = await readWorkspace(folder);
    const {unchangedSince, ...first} = await reconcile(workspace);
    expect(unchangedSince).toBeNull();
    expect(first.warnings).toHaveLength(1);
    const written = await writtenAt();
    expect(await reconcile(workspace)).toEqual({...first, unchangedSince: workspace.asOf});
    expect(await writtenAt()).toBe(written);
    expect(await reconcile(workspace, {force: true})).toEqual({...first, unchangedSince: null});
    expect(await writtenAt()).toBeGreaterThan(written);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["a mapping", () => appendFile(join(folder, "mappings", "exclusions.csv"), "m365,,,U-1,test,,,\n")],
    ["a setting", () => editSettings(/^inactive_after_days:.*$/m, "inactive_after_days: 22")],
    ["the lake", async () => sync(await readWorkspace(folder), {only: ["rmm"]})],
    ["a mart, which is missing,", () => rm(join(folder, "marts", "seats.parquet"))],
    ["a mart, which was cut short,", () => truncate(join(folder, "marts", "summary.parquet"), 1000)],
    ["the note on the marts, which cannot be read,", () => writeFile(join(folder, "marts", "provenance.json"), "{")],
  ])("works everything out when %s is another", async (_, change) => {
    await reconcile(await readWorkspace(folder));
    await change();
    const workspace = await readWorkspace(folder);
    expect((await reconcile(workspace)).unchangedSince).toBeNull();
    expect((await reconcile(workspace)).unchangedSince).toEqual(workspace.asOf);
  });

  it("works everything out for another instant that somebody asked for", async () => {
    const at = async (asOf: string) => (await reconcile(await readWorkspace(folder, {asOf}))).unchangedSince;
    await at("2026-11-23T12:00:00Z");
    expect(await at("2026-11-23T13:00:00Z")).toBeNull();
    expect(await at("2026-11-23T14:00:00+01:00")).toEqual(new Date("2026-11-23T13:00:00Z"));
  });
});

describe("reconciling again without an instant in the workspace", () => {
  beforeAll(() => editSettings(/^as_of:.*$/m, ""));

  it("leaves the marts for as long as the day and the health of every connection are the same", async () => {
    await reconcileAt("2026-11-23T12:00:00Z");
    const {unchangedSince, summary} = await reconcileAt("2026-11-23T12:30:00Z");
    expect(unchangedSince).toEqual(new Date("2026-11-23T12:00:00Z"));
    expect(summary[0]?.as_of).toBe("2026-11-23 12:00:00+00");
  });

  it("works everything out for an earlier instant and for another day", async () => {
    await reconcileAt("2026-11-23T12:00:00Z");
    expect((await reconcileAt("2026-11-23T11:59:59Z")).unchangedSince).toBeNull();
    expect((await reconcileAt("2026-11-24T00:00:00Z")).unchangedSince).toBeNull();
  });

  it("works everything out once a sync has got too old", async () => {
    // Most files of the sample were exported at 02:00 of the 23rd; after a day they are stale.
    await reconcileAt("2026-11-24T01:00:00Z");
    expect((await reconcileAt("2026-11-24T02:00:00Z")).unchangedSince).not.toBeNull();
    expect((await reconcileAt("2026-11-24T02:00:00.001Z")).unchangedSince).toBeNull();
  });
});

describe("a product that a vendor gives up", () => {
  const products = () => join(folder, "imports", "distributor", "products.csv");
  const addRule = (row: string) => appendFile(join(folder, "mappings", "services.csv"), `${row}\n`);

  it("stops nothing although a rule names it, as one does that never was", async () => {
    const listed = await readFile(products(), "utf8");
    await appendFile(products(), "retired,Retired,,,,,\n");
    const workspace = await readWorkspace(folder);
    await sync(workspace, {only: ["distributor"]});
    const rules = await readFile(join(folder, "mappings", "services.csv"), "utf8");
    const [header = ""] = rules.split("\n");
    const row = (id: string, product: string) =>
      header
        .split(",")
        .map(
          (name) =>
            ({rule_id: id, service_id: "S-M365BP", connection_id: "distributor", product_ids: product})[name] ?? "",
        )
        .join(",");
    await addRule(row("R98", "retired"));
    expect((await reconcile(workspace)).warnings.map(({value}) => value)).not.toContain("retired");
    await writeFile(products(), listed);
    await sync(workspace, {only: ["distributor"]});
    const {warnings} = await reconcile(workspace);
    expect(warnings.map(({value, message}) => `${value}: ${message}`)).toContain(
      "retired: distributor no longer has this product.",
    );
    // The syncs that listed it leave the lake some day.
    await sync({...workspace, keepSyncs: 1}, {only: ["distributor"]});
    expect((await reconcile(workspace)).warnings).toEqual(warnings);
    expect((await reconcile(workspace, {force: true})).warnings).toEqual(warnings);
    await addRule(row("R99", "never-was"));
    await expect(reconcile(workspace)).rejects.toThrow(/"never-was": distributor has no such id/);
  });
});
