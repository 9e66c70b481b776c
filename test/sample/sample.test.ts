import {mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {closeMonths} from "../../data/sample/closeMonths.js";
import {writeSample} from "../../data/sample/generate.js";
import {openDatabase} from "../../loaders/database.js";
import {sync} from "../../loaders/lake/sync.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {readWorkspace, type Workspace} from "../../loaders/workspace/workspace.js";
import {copySample} from "./copySample.js";

type Row = Record<string, unknown>;

const sample = new URL("../../data/sample/", import.meta.url).pathname;
let folder: string;
let workspace: Workspace;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-sample-"));
  await copySample(folder);
  workspace = await readWorkspace(folder);
  await closeMonths(folder);
  await sync(workspace);
  await reconcile(workspace);
});

afterAll(() => rm(folder, {recursive: true, force: true}));

async function mart(name: string, columns: readonly string[], where = "true"): Promise<Row[]> {
  const database = await openDatabase({threads: 1});
  const rows = await database.rows(
    `select ${columns.join(", ")} from read_parquet('${join(folder, "marts", name)}.parquet') where ${where}`,
  );
  database.close();
  return inOrder(rows);
}

function inOrder(rows: readonly Row[]): Row[] {
  return rows
    .map((row) => Object.fromEntries(Object.entries(row).sort()))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Counts come as text; the key has them as numbers. */
function withNumbers(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      /(_count|_accounts|_seats|_discrepant)$/.test(name) ? Number(value) : value,
    ]),
  );
}

async function answers(): Promise<
  Record<
    | "discrepancies"
    | "decisions"
    | "flags"
    | "inactive"
    | "clients"
    | "summary"
    | "mappingWork"
    | "belowCost"
    | "unassigned",
    Row[]
  > & {
    health: Record<string, string>;
    history: Record<"months" | "changes", Row[]>;
  }
> {
  return JSON.parse(await readFile(join(sample, "answer-key.json"), "utf8"));
}

describe("the sample workspace", () => {
  it("is what its generator writes, byte for byte", async () => {
    const again = await mkdtemp(join(tmpdir(), "trueup-generated-"));
    await writeSample(again);
    const files = (await readdir(again, {recursive: true, withFileTypes: true})).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const path = join(file.parentPath, file.name);
      expect(await readFile(path, "utf8"), path).toBe(await readFile(path.replace(again, sample), "utf8"));
    }
    await rm(again, {recursive: true, force: true});
  });

  it("has exactly the discrepancies of its answer key", async () => {
    const {discrepancies} = await answers();
    const columns = Object.keys(discrepancies[0] as Row);
    expect(await mart("reconciliation", columns, "status = 'discrepancy'")).toEqual(inOrder(discrepancies));
  });

  it("has exactly the flags of its answer key", async () => {
    const {flags} = await answers();
    expect(await mart("flagged_services", Object.keys(flags[0] as Row))).toEqual(inOrder(flags));
  });

  it("finds the line of a current flag among what is billed, by the key that the mart's head gives", async () => {
    const billed = new Set((await mart("services_billed", ["line_id"])).map((row) => row.line_id));
    const flagged = await mart("flagged_services", ["invoice_id", "line_id"], "is_current and line_id is not null");
    expect(flagged.length).toBeGreaterThan(10);
    for (const {invoice_id, line_id} of flagged) {
      expect(billed).toContain(`${invoice_id === null ? "agreement" : "invoice"}:${line_id}`);
    }
  });

  it("has exactly the inactive seats of its answer key", async () => {
    const {inactive} = await answers();
    expect(await mart("inactive_seats", Object.keys(inactive[0] as Row))).toEqual(inOrder(inactive));
  });

  it.each([
    ["clients", "clients"],
    ["summary", "summary"],
    ["mapping_work", "mappingWork"],
  ] as const)("has exactly the %s of its answer key", async (name, part) => {
    const rows = (await answers())[part];
    const found = await mart(name, Object.keys(rows[0] as Row));
    expect(inOrder(found.map(withNumbers))).toEqual(inOrder(rows));
  });

  it("has exactly the open and decided discrepancies of its answer key, every state among them", async () => {
    const {decisions} = await answers();
    expect(await mart("work_list", Object.keys(decisions[0] as Row))).toEqual(inOrder(decisions));
    const states = await mart("work_list", ["decision_state"]);
    expect(new Set(states.map((row) => row.decision_state))).toEqual(
      new Set(["open", "decided", "expired", "changed"]),
    );
    const made = await mart("decisions", ["state"]);
    expect(new Set(made.map((row) => row.state))).toEqual(
      new Set(["in_force", "expired", "changed", "assigned", "settled"]),
    );
  });

  it("says since when each discrepancy is known, by the closed months", async () => {
    const {history} = await answers();
    const present = history.changes.filter(
      ({period, impact_monthly, change_kind}) =>
        period === "2026-11" && (impact_monthly !== null || change_kind === "repeated"),
    );
    const known = await mart(
      "work_list",
      ["client_id", "service_id", "product_id", "known_since", "age_days"],
      "decision is null and owner is null",
    );
    expect(known.length).toBeGreaterThan(20);
    for (const row of known) {
      const change = present.find(
        (one) =>
          one.client_id === row.client_id && one.service_id === row.service_id && one.product_id === row.product_id,
      );
      const first = String(change?.first_period);
      const day =
        first === "2026-11"
          ? "2026-11-23"
          : new Date(Date.UTC(2026, Number(first.slice(5)), 0)).toISOString().slice(0, 10);
      expect(row.known_since, JSON.stringify(row)).toBe(day);
      expect(row.age_days).toBe((Date.parse("2026-11-23") - Date.parse(day)) / 86_400_000);
    }
  });

  it("has exactly the history of its answer key: what appeared, was resolved, repeated, changed, and the amounts", async () => {
    const {history} = await answers();
    const columns = (rows: readonly Row[]) => Object.keys(rows[0] as Row);
    const months = await mart("history", columns(history.months));
    expect(inOrder(months.map(withNumbers))).toEqual(
      inOrder(history.months.map((row) => ({...row, is_closed: row.is_closed === "true"}))),
    );
    const changes = await mart("history_changes", columns(history.changes));
    expect(inOrder(changes.map((row) => ({...row, months_open: Number(row.months_open)})))).toEqual(
      inOrder(history.changes),
    );
    const seen = (column: string) => new Set(changes.map((row) => row[column]));
    expect(seen("change_kind")).toEqual(new Set(["new", "repeated", "changed", "turned", "resolved", "not_compared"]));
    expect(seen("reason")).toEqual(new Set([null, "usage", "billed", "credited", "mapping", "price", "not_compared"]));
  });

  it("has exactly the services below cost and the licences assigned to nobody of its answer key", async () => {
    const {belowCost, unassigned} = await answers();
    expect(await mart("margin", Object.keys(belowCost[0] as Row), "margin_state = 'below_cost'")).toEqual(
      inOrder(belowCost),
    );
    expect(await mart("licences", Object.keys(unassigned[0] as Row), "unassigned_quantity > 0")).toEqual(
      inOrder(unassigned),
    );
    const states = await mart("margin", ["distinct margin_state as margin_state"]);
    expect(states.map((row) => row.margin_state)).toEqual([
      "below_cost",
      "cost_unknown",
      "covered",
      "not_billed",
      "revenue_unknown",
    ]);
  });

  it("shows what is compared and agrees where more than a seat makes a unit", async () => {
    const columns = [
      "client_id",
      "service_id",
      "currency",
      "system_count",
      "expected_quantity",
      "billing_cycle",
      "status",
    ];
    const where = "service_id in ('S-SRV', 'S-WRK', 'S-STO', 'S-COP') and status <> 'discrepancy'";
    const row = (client: string, service: string, currency: string, count: string | null, expected: string | null) => ({
      billing_cycle: "monthly",
      client_id: client,
      currency,
      expected_quantity: expected,
      service_id: service,
      status: count === null ? "not_reconciled" : "reconciled",
      system_count: count,
    });
    expect(await mart("reconciliation", columns, where)).toEqual(
      inOrder([
        row("C1052", "S-WRK", "USD", "6.0000", "10.0000"),
        row("C1054", "S-STO", "USD", "3150.5000", "20.0000"),
        row("C1055", "S-COP", "USD", "3.0000", "3.0000"),
        row("C1062", "S-SRV", "USD", "4.0000", "4.0000"),
        row("C1062", "S-SRV", "EUR", null, null),
      ]),
    );
    const [mixed] = await mart("reconciliation", ["billing_cycle"], "client_id = 'C1063' and service_id = 'S-SRV'");
    expect(mixed).toEqual({billing_cycle: "mixed"});
  });

  it("has a connection of every health", async () => {
    const {health} = await answers();
    const rows = await mart("integrations", ["connection_id", "health"]);
    expect(Object.fromEntries(rows.map((row) => [row.connection_id, row.health]))).toEqual(health);
    expect(new Set(Object.values(health))).toEqual(new Set(["green", "yellow", "red"]));
  });

  it("shows every type, status, cause and kind of seat", async () => {
    const rows = await mart("reconciliation", ["status", "discrepancy_type", "likely_cause"]);
    const seen = (column: string) => new Set(rows.map((row) => row[column]).filter((value) => value !== null));
    expect(seen("status")).toEqual(new Set(["reconciled", "discrepancy", "no_data", "not_reconciled"]));
    expect(seen("discrepancy_type")).toEqual(new Set(["calculated", "estimated", "unmapped", "unaccounted"]));
    expect(seen("likely_cause")).toEqual(new Set(["sync", "client_mapping", "service_mapping", "billing_gap"]));
    const seats = await mart("seats", ["disposition", "activity_state"]);
    expect(new Set(seats.map((seat) => seat.disposition))).toEqual(
      new Set(["deleted", "excluded", "unlinked", "counted", "filtered", "unaccounted"]),
    );
  });

  it("gives byte-equal marts when it is reconciled again", async () => {
    const bytes = async () => {
      const files = (await readdir(join(folder, "marts"))).filter((name) => name.endsWith(".parquet")).sort();
      return Promise.all(files.map((name) => readFile(join(folder, "marts", name), "base64")));
    };
    const before = await bytes();
    const {unchangedSince} = await reconcile(workspace, {force: true});
    expect(unchangedSince).toBeNull();
    expect(await bytes()).toEqual(before);
  });
});
