import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {modelsFolder, readModels} from "../../loaders/models.js";

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
    await expect(readModels(folder)).rejects.toThrow("layer/a.sql names a part of it like the model b.");
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
