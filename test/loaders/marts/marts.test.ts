import {mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {identifier, literal, openDatabase} from "../../../loaders/database.js";
import {encodeSeats} from "../../../loaders/marts/encodeSeats.js";
import {makeMarts} from "../../../loaders/marts/marts.js";
import {type Model, readMacros, readModels} from "../../../loaders/marts/models.js";
import {readFingerprints} from "../../../loaders/marts/provenance.js";
import {readInputs, reconcile} from "../../../loaders/marts/reconcile.js";
import {readWorkspace, type Workspace} from "../../../loaders/workspace/workspace.js";
import {reconcileAll} from "../../models/harness.js";
import {ordinaryWorld, seats} from "../../models/ordinary.js";
import {copyReconciled} from "../../sample/madeSample.js";

let workspace: Workspace;
const marts = () => join(workspace.directory, "marts");

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-marts-"));
  await copyReconciled(folder);
  workspace = await readWorkspace(folder);
});
afterAll(() => rm(workspace.directory, {recursive: true, force: true}));

it("writes every mart in its order, with the columns of its head and no others", async () => {
  const database = await openDatabase();
  try {
    for (const {name, layer, doc} of await readModels()) {
      if (layer !== "marts") continue;
      const file = literal(join(marts(), `${name}.parquet`));
      const columns = (await database.rows(`describe from ${file}`)).map(({column_name, column_type}) =>
        `${column_name} ${column_type}`.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"),
      );
      expect(columns, name).toEqual(doc.columns.map((column) => `${column.name} ${column.type}`));
      const order = doc.order.map((column) => `${identifier(column)} nulls first`).join(", ");
      const moved = await database.rows(
        `select place, ordered from (
           select file_row_number as place, row_number() over (order by ${order}, file_row_number) - 1 as ordered
           from read_parquet(${file}, file_row_number = true)
         ) where place <> ordered limit 1`,
      );
      expect(moved, name).toEqual([]);
    }
  } finally {
    database.close();
  }
});

it("writes the same bytes of the same", async () => {
  const first = await readFingerprints(marts());
  expect(Object.keys(first).length).toBeGreaterThan(20);
  await reconcile(workspace, {force: true});
  expect(await readFingerprints(marts())).toEqual(first);
});

it("writes the seats that the model gives, each with what its cell has", async () => {
  const given = [
    ...seats(3),
    ...seats(2, {product_id: "p2", kind: null}),
    ...seats(2, {product_id: "p3", status: "deleted"}),
  ];
  const products = ["p1", "p2", "p3"].map((id) => ({product_id: id, product_name: id}));
  const world = ordinaryWorld({seats: given, products});
  await reconcileAll(world, async (database, models) => {
    const model = models.find(({name}) => name === "seats") as Model;
    const query = await encodeSeats(database, model);
    const written = await database.rows(query);
    const byId = (a: Record<string, unknown>, b: Record<string, unknown>) =>
      String(a.seat_id) < String(b.seat_id) ? -1 : 1;
    expect(written.toSorted(byId)).toEqual((await database.rows("from seats")).toSorted(byId));
    expect(written).toHaveLength(given.length);
    // Of an ENUM every row group of a Parquet file would claim all values, and no reader could leave one out.
    const [clients] = await database.rows(`select distinct typeof(client_id) as type from (${query})`);
    expect(clients).toEqual({type: "VARCHAR"});
  });
});

it("leaves the marts, and nothing else, where they do not hold what they promise or are not to be written", async () => {
  const {directory} = workspace;
  const before = [await readFingerprints(marts()), (await readdir(directory)).sort()];
  const after = async () => [await readFingerprints(marts()), (await readdir(directory)).sort()];
  const check = {
    ...{name: "no_client", layer: "checks", file: "checks/no_client.sql", reads: ["clients"]},
    sql: "select client_id from clients where client_id = 'C1000'",
    doc: {description: "There is no client.", key: [], order: [], columns: []},
  };
  const making = makeMarts(await readInputs(workspace, join(directory, "mappings")), {
    ...{directory, models: [...(await readModels()), check], macros: await readMacros()},
    examine: async () => {},
    describe: async () => {},
  });
  await expect(making).rejects.toThrow(
    'The marts do not hold what they promise; nothing was written.\nThere is no client. Broken by {"client_id":"C1000"}',
  );
  expect(await after()).toEqual(before);

  const later = await readWorkspace(directory, {asOf: "2026-11-25"});
  const [row] = (await reconcile(later, {write: false})).summary;
  expect(String(row?.as_of)).toContain("2026-11-25");
  expect(await after()).toEqual(before);
});
