import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {openMarts} from "../../../loaders/exports/openMarts.js";
import {closePeriod} from "../../../loaders/snapshots/closePeriod.js";
import type {Workspace} from "../../../loaders/workspace/workspace.js";
import {mart, octoberWorld, work, writeWorld} from "./months.js";

const now = new Date("2026-11-02T08:00:00Z");
let directory: string;

const close = (workspace: Workspace) => closePeriod(workspace, {period: "2026-10", now});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-months-"));
  await writeWorld(directory, octoberWorld);
});
afterEach(() => rm(directory, {recursive: true, force: true}));

describe("two months", () => {
  it("show exactly what appeared, was resolved, repeated and changed, with its amounts", async () => {
    await close(await work(directory, "2026-10-31"));
    expect(await mart(directory, "history", "*", "period")).toEqual([]);

    await writeWorld(directory, {
      // Acme's endpoints are billed now, Cora's are taken off and credited, one of Bolt's is; Dune is as before.
      billed: {"acme EP": 7, "bolt EP": 7, "cora EP": 3, "dune EP": 3, "acme BK": 2, "bolt BK": 1},
      // Acme makes one more copy, Bolt one less.
      used: {"acme EP": 7, "bolt EP": 6, "cora EP": 3, "dune EP": 5, "acme BK": 3, "bolt BK": 1},
      invoices: "I-cora,cora,2026-11-01,2026-11-01,2026-12-01,sent",
      invoiceLines: "I-cora-1,I-cora,L-cora-EP,EP,3,12.00,\nI-cora-2,I-cora,,EP,-1,12.00,I-cora-1",
    });
    await work(directory, "2026-11-30");

    expect(
      await mart(
        directory,
        "history",
        "period, underbilled_monthly, overbilled_monthly, net_monthly, is_closed",
        "period",
      ),
    ).toEqual([
      {
        period: "2026-10",
        underbilled_monthly: "58.00",
        overbilled_monthly: "36.00",
        net_monthly: "22.00",
        is_closed: true,
      },
      {
        period: "2026-11",
        underbilled_monthly: "34.00",
        overbilled_monthly: "12.00",
        net_monthly: "22.00",
        is_closed: false,
      },
    ]);
    const columns = `client_id || ' ' || service_id as what, change_kind, reason, evidence, months_open,
      previous_impact_monthly, impact_monthly, settled_monthly, credited_amount`;
    const row = (
      what: string,
      change_kind: string,
      reason: string | null,
      evidence: string,
      months_open: string,
      [previous_impact_monthly, impact_monthly, settled_monthly, credited_amount]: (string | null)[],
    ) => ({
      what,
      change_kind,
      reason,
      evidence,
      months_open,
      previous_impact_monthly,
      impact_monthly,
      settled_monthly,
      credited_amount,
    });
    expect(await mart(directory, "history_changes", columns, "client_id, service_id")).toEqual([
      row("acme BK", "new", "usage", "More is used. Expected 2 → 3, billed 2.", "1", [null, "10.00", null, "0.00"]),
      row("acme EP", "resolved", "billed", "More is billed. Expected 7, billed 5 → 7.", "1", [
        "24.00",
        null,
        "24.00",
        "0.00",
      ]),
      row("bolt BK", "resolved", "usage", "Less is used. Expected 2 → 1, billed 1.", "1", [
        "10.00",
        null,
        "0.00",
        "0.00",
      ]),
      row("bolt EP", "changed", "billed", "Less is billed. Expected 6, billed 8 → 7.", "2", [
        "-24.00",
        "-12.00",
        "12.00",
        "0.00",
      ]),
      row("cora EP", "resolved", "credited", "Less is billed. Expected 3, billed 4 → 3. Credited 12.00 USD.", "1", [
        "-12.00",
        null,
        "12.00",
        "12.00",
      ]),
      row("dune EP", "repeated", null, "Nothing changed. Expected 5, billed 3.", "2", [
        "24.00",
        "24.00",
        "0.00",
        "0.00",
      ]),
    ]);
  });

  it("tell a changed price, a changed mapping and a lost count from a settled discrepancy", async () => {
    await writeWorld(directory, {...octoberWorld, used: {...octoberWorld.used, "dune SC": 4}});
    await close(await work(directory, "2026-10-31"));
    await writeWorld(directory, {
      ...octoberWorld,
      price: "13.00",
      used: {...octoberWorld.used, "dune SC": 4},
      rules: "R3,EP,rmm,SC",
    });
    // Nobody counts copies any more.
    const rules = join(directory, "mappings", "services.csv");
    await writeFile(rules, (await readFile(rules, "utf8")).replace("R2,BK,rmm,BK\n", ""));
    await work(directory, "2026-11-30");
    const columns = `client_id || ' ' || coalesce(service_id, product_id) as what, change_kind, reason, quantity_monthly,
      price_monthly, uncompared_monthly, resolved_monthly`;
    const amounts = (quantity: string, price: string, uncompared = "0.00", resolved: string | null = "0.00") => ({
      quantity_monthly: quantity,
      price_monthly: price,
      uncompared_monthly: uncompared,
      resolved_monthly: resolved,
    });
    expect(
      await mart(directory, "history_changes", columns, "client_id, coalesce(service_id, product_id), change_kind"),
    ).toEqual([
      // Copies are usage without a rule now.
      {what: "acme BK", change_kind: "new", reason: "mapping", ...amounts("0.00", "0.00")},
      {what: "acme EP", change_kind: "changed", reason: "price", ...amounts("0.00", "2.00")},
      {what: "bolt BK", change_kind: "new", reason: "mapping", ...amounts("0.00", "0.00")},
      {what: "bolt BK", change_kind: "not_compared", reason: "not_compared", ...amounts("0.00", "0.00", "-10.00")},
      {what: "bolt EP", change_kind: "changed", reason: "price", ...amounts("0.00", "-2.00")},
      {what: "cora EP", change_kind: "changed", reason: "price", ...amounts("0.00", "-1.00")},
      {what: "dune EP", change_kind: "changed", reason: "mapping", ...amounts("48.00", "6.00")},
      {what: "dune SC", change_kind: "resolved", reason: "mapping", ...amounts("0.00", "0.00")},
    ]);
  });

  it("read a closed month from its snapshot alone, whatever is synced or decided later", async () => {
    await close(await work(directory, "2026-10-31"));
    await writeWorld(directory, {...octoberWorld, billed: {...octoberWorld.billed, "acme EP": 500}});
    await work(directory, "2026-11-30");
    await rm(join(directory, "mappings", "clients.csv"));
    await work(directory, "2026-11-30");
    const months = await mart(directory, "history", "period, underbilled_monthly", "period");
    expect(months[0]).toEqual({period: "2026-10", underbilled_monthly: "58.00"});
    expect(months[1]).not.toMatchObject({underbilled_monthly: "58.00"});
    const marts = await openMarts(directory, "2026-10");
    const summary = await marts.database.rows("select underbilled_monthly from summary");
    marts.database.close();
    expect([marts.period, marts.asOfDate, summary]).toEqual([
      "2026-10",
      "2026-10-31",
      [{underbilled_monthly: "58.00"}],
    ]);
  });
});
