import {mkdir, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {openDatabase} from "../../../loaders/database.js";
import {readModels} from "../../../loaders/marts/models.js";
import {type ClosedMarts, createSnapshotViews, type SnapshotMart} from "../../../loaders/snapshots/snapshotViews.js";

it("has the rows of every closed month, each with its month, whatever columns a mart had then", async () => {
  const directory = await mkdtemp(join(tmpdir(), "trueup-views-"));
  const database = await openDatabase();
  const close = async (period: string, mart: SnapshotMart, select: string): Promise<ClosedMarts> => {
    const folder = join(directory, period);
    await mkdir(folder);
    await database.run(`copy (${select}) to '${folder}/${mart}.parquet'`);
    return {period, folder, marts: [mart], checksum: ""};
  };
  try {
    await createSnapshotViews(database, await readModels(), [
      await close("2026-08", "clients", "select 'Acme' as client_name, 'C1' as client_id"),
      await close(
        "2026-09",
        "clients",
        "select 'C1' as client_id, 'USD' as currency, 'Acme' as client_name, 1 as gone",
      ),
      await close("2026-10", "accounts", "select 'A1' as account_id"),
    ]);
    expect(
      await database.rows("select period, client_id, client_name, currency from snapshot_clients order by period"),
    ).toEqual([
      {period: "2026-08", client_id: "C1", client_name: "Acme", currency: null},
      {period: "2026-09", client_id: "C1", client_name: "Acme", currency: "USD"},
    ]);
    expect(await database.rows("select period, account_id, client_id from snapshot_accounts")).toEqual([
      {period: "2026-10", account_id: "A1", client_id: null},
    ]);
    expect(await database.rows("select period, due_amount from snapshot_adjustments")).toEqual([]);
  } finally {
    database.close();
    await rm(directory, {recursive: true, force: true});
  }
});
