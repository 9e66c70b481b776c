import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {type Database, identifier, literal, openDatabase} from "../../../loaders/database.js";
import {refuseEarlier} from "../../../loaders/marts/martFiles.js";
import {type Model, readModels} from "../../../loaders/marts/models.js";

let folder: string;
let database: Database;
let marts: readonly Model[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-marts-"));
  database = await openDatabase();
  marts = (await readModels()).filter(({layer}) => layer === "marts");
  for (const {name, doc} of marts) await write(name, doc.columns);
});
afterEach(async () => {
  database.close();
  await rm(folder, {recursive: true, force: true});
});

async function write(mart: string, columns: Model["doc"]["columns"]): Promise<void> {
  const values = columns.map(({name, type}) => `cast(null as ${type}) as ${identifier(name)}`);
  await database.run(`copy (select ${values.join(", ")}) to ${literal(join(folder, `${mart}.parquet`))}`);
}

const remedy = "Run `trueup reconcile` again.";

it("takes marts that have every column of today, and more", async () => {
  const {doc} = marts.find(({name}) => name === "summary") as Model;
  await write("summary", [...doc.columns, {name: "of_later", type: "VARCHAR", description: ""}]);
  await expect(refuseEarlier(folder)).resolves.toBeUndefined();
});

it("refuses marts that lack a column or a mart of today, and says which", async () => {
  const {doc} = marts.find(({name}) => name === "summary") as Model;
  await write(
    "summary",
    doc.columns.filter(({name}) => name !== "net_monthly"),
  );
  await expect(refuseEarlier(folder)).rejects.toThrow(
    `${folder}: summary has no net_monthly: an earlier version made these marts. ${remedy}`,
  );
  await write("summary", doc.columns);
  await rm(join(folder, "margin.parquet"));
  await expect(refuseEarlier(folder, "Do this.")).rejects.toThrow(
    `${folder}: there is no margin: an earlier version made these marts. Do this.`,
  );
});
