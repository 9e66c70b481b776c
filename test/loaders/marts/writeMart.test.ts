import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {openDatabase} from "../../../loaders/database.js";
import type {Model} from "../../../loaders/marts/models.js";
import {writeMart} from "../../../loaders/marts/writeMart.js";

it("writes the same bytes in whatever order rows come that agree in what they are sorted by, those without it first", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-mart-"));
  const database = await openDatabase();
  const columns = ["row id", "client"].map((name) => ({name, type: "VARCHAR", description: "."}));
  const mart: Model = {
    ...{name: "made_up", layer: "marts", file: "marts/made_up.sql", reads: [], sql: ""},
    doc: {description: ".", key: ["row id"], order: ["client"], columns},
  };
  const written = async (order: string): Promise<Buffer> => {
    await database.run(
      `create or replace table made_up as
       select 'r' || range as "row id", case when range % 3 > 0 then 'c' || range % 3 end as client
       from range(30) order by ${order}`,
    );
    await writeMart(mart, folder).run(database);
    return readFile(join(folder, "made_up.parquet"));
  };
  try {
    const bytes = await written("range");
    expect((await written("range desc")).equals(bytes)).toBe(true);
    expect((await written("range % 7, range")).equals(bytes)).toBe(true);
    const clients = await database.rows(`select client from '${folder}/made_up.parquet'`);
    expect(clients.map(({client}) => client)).toEqual(
      [null, "c1", "c2"].flatMap((client) => Array.from({length: 10}, () => client)),
    );
  } finally {
    database.close();
    await rm(folder, {recursive: true, force: true});
  }
});
