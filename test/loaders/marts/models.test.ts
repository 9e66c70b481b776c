import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {openDatabase} from "../../../loaders/database.js";
import {modelsFolder, modelTasks, readModels} from "../../../loaders/marts/models.js";
import {runTasks} from "../../../loaders/marts/runTasks.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-models-"));
});
afterEach(() => rm(folder, {recursive: true}));

async function write(models: Readonly<Record<string, string>>, layer = "layer"): Promise<void> {
  for (const [name, sql] of Object.entries(models)) {
    await mkdir(join(folder, layer), {recursive: true});
    await writeFile(join(folder, layer, `${name}.sql`), sql);
  }
}

describe("readModels", () => {
  it("puts each model after those that it reads, whatever comments mention", async () => {
    await write({
      a: "-- Not from c, though it says so.\nselect * from b",
      b: "select 1 as one",
      c: "select * from a\ninner join b on true",
    });
    const models = await readModels(folder);
    expect(models.map(({name, reads}) => [name, reads])).toEqual([
      ["b", []],
      ["a", ["b"]],
      ["c", ["a", "b"]],
    ]);
  });

  it("takes no comparison for reading a model", async () => {
    await write({a: "select * from c as b where 1 is distinct from b.one", b: "select 1 as one", c: "select 2 as one"});
    expect((await readModels(folder)).find(({name}) => name === "a")?.reads).toEqual(["c"]);
  });

  it("refuses models that read each other", async () => {
    await write({a: "select * from b", b: "select * from a"});
    await expect(readModels(folder)).rejects.toThrow("a → b → a");
  });

  it("refuses a part of a model with the name of another, which would pass for reading that one", async () => {
    await write({a: "with\n\nb as (\n  select 1 as one\n)\n\nselect * from b", b: "select 2 as two"});
    await expect(readModels(folder)).rejects.toThrow(
      "layer/a.sql names a part of it like the model b. Rename one of the two.",
    );
  });

  it("refuses two models of one name, of which each would read either", async () => {
    await write({a: "select 1 as one"}, "first");
    await write({a: "select 2 as two"}, "second");
    await expect(readModels(folder)).rejects.toThrow(`Two models below ${folder} are called a. Rename one of the two.`);
  });

  it("reads from the head of a mart its key, its order, its columns and what it is", async () => {
    const head = (...tags: string[]) => ["-- Clients, each", "-- of them once.", ...tags, "select 1 as id"].join("\n");
    const id = "-- @column id DECIMAL(18,2) Its id, as the PSA has it.";
    await write({keyed: head("-- @key id, name", id), ordered: head("-- @key id", "-- @order name, id", id)}, "marts");
    const [keyed, ordered] = (await readModels(folder)).map(({doc}) => doc);
    expect(keyed).toEqual({
      description: "Clients, each of them once.",
      ...{key: ["id", "name"], order: ["id", "name"]},
      columns: [{name: "id", type: "DECIMAL(18,2)", description: "Its id, as the PSA has it."}],
    });
    expect([ordered?.key, ordered?.order]).toEqual([["id"], ["name", "id"]]);
  });
});

describe("modelTasks", () => {
  /** What the models in the folder break. */
  async function broken(): Promise<string[]> {
    const database = await openDatabase();
    const found: string[] = [];
    try {
      await runTasks(database, modelTasks(await readModels(folder), found));
    } finally {
      database.close();
    }
    return found;
  }

  it("tells which checks find rows, which keys repeat, and which columns are others than the head has", async () => {
    const key = "-- @key id\n-- @column id INTEGER The id.\n";
    await write({whole: `${key}select 1 as id`, twice: `${key}select 1 as id union all select 1`}, "marts");
    await write({retyped: `${key}select cast(1 as bigint) as id`, more: `${key}select 1 as id, 2 as two`}, "marts");
    await write({turned: `${key}-- @column two INTEGER Two.\nselect 2 as two, 1 as id`}, "marts");
    await write(
      {few: "-- Ids are below 5.\nselect id from whole where id >= 5", any: "-- No id.\nfrom twice"},
      "checks",
    );
    expect((await broken()).sort()).toEqual([
      'No id. Broken by {"id":1}',
      'No id. Broken by {"id":1}',
      'The key id of twice is not unique: {"id":1}',
      "marts/more.sql promises other columns than it has: found two INTEGER",
      "marts/retyped.sql promises other columns than it has: promised id INTEGER; found id BIGINT",
      "marts/turned.sql promises other columns than it has: promised id INTEGER, two INTEGER; found two INTEGER, id INTEGER",
    ]);
  });

  it("names the file of a model that cannot be run", async () => {
    await write({a: "select nothing from nowhere"});
    await expect(broken()).rejects.toThrow(/^Model layer\/a\.sql failed: Catalog Error: .*nowhere/);
  });
});

describe("the models", () => {
  it("publish no mart whose rows nothing tells apart", async () => {
    await write({a: "-- One.\n-- @column one INTEGER The one.\nselect 1 as one"}, "marts");
    await expect(readModels(folder)).rejects.toThrow(/^marts\/a\.sql does not say .* -- @key …$/);
  });

  it("say of every mart what a row is, and of every column what it means", async () => {
    const marts = (await readModels()).filter(({layer}) => layer === "marts");
    const silent = marts.flatMap(({file, doc}) => [
      ...(doc.description === "" ? [file] : []),
      ...doc.columns.filter(({description}) => !description.endsWith(".")).map(({name}) => `${file} ${name}`),
    ]);
    expect(silent).toEqual([]);
  });

  it("read their own layer and those above it in the list of the README", async () => {
    const readme = await readFile(join(modelsFolder, "README.md"), "utf8");
    const layers = [...readme.matchAll(/^\| `([a-z]+)\/`/gm)].map(([, layer]) => layer as string);
    const models = await readModels();
    expect([...new Set(models.map(({layer}) => layer))].sort()).toEqual([...layers].sort());
    const layerOf = new Map(models.map(({name, layer}) => [name, layer]));
    const upward = models.flatMap(({name, layer, reads}) =>
      reads
        .map((other) => ({other, of: layerOf.get(other) as string}))
        .filter(({of}) => layers.indexOf(of) > layers.indexOf(layer))
        .map(({other, of}) => `${layer}/${name} reads ${of}/${other}`),
    );
    expect(upward).toEqual([]);
  });
});
