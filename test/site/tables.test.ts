import {expect, it} from "vitest";
import {canonicalTables} from "../../loaders/canonical.js";
import {inputTables} from "../../loaders/marts/inputs.js";
import {readModels} from "../../loaders/marts/models.js";
import {documentedTables} from "../../loaders/site/data/tables.js";

it("describes marts by name, then what connections delivered, then decisions that no mart repeats", async () => {
  const tables = await documentedTables();
  const marts = (await readModels()).filter(({layer}) => layer === "marts").map(({name}) => name);
  expect(tables.map(({kind, name}) => `${kind} ${name}`)).toEqual([
    ...marts.sort().map((name) => `mart ${name}`),
    ...Object.keys(canonicalTables).map((name) => `lake lake_${name}`),
    ...["mapping mapping_prices", "mapping mapping_exclusions"],
  ]);
  for (const {name, description, columns} of tables) {
    expect(description, name).toMatch(/^[A-Z].*\.$/s);
    for (const column of columns) expect(column.description, `${name}.${column.name}`).toMatch(/\.$/);
  }
});

it("has every column of each table once, instants as plain times in UTC that are called so", async () => {
  const tables = await documentedTables();
  const columnsOf = (name: string) => tables.find((table) => table.name === name)?.columns ?? [];
  const plain = (type: string) => (type === "TIMESTAMPTZ" ? "TIMESTAMP" : type);
  const expected: [string, [string, string][]][] = [
    ...(await readModels())
      .filter(({layer}) => layer === "marts")
      .map(({name, doc}): [string, [string, string][]] => [
        name,
        doc.columns.map((column) => [column.name, column.type]),
      ]),
    ...Object.values(canonicalTables).map(({name, columns}): [string, [string, string][]] => [
      `lake_${name}`,
      [["connection_id", "VARCHAR"], ...columns.map((column): [string, string] => [column.name, column.sqlType])],
    ]),
    ...(["mapping_prices", "mapping_exclusions"] as const).map((name): [string, [string, string][]] => [
      ...([name, Object.entries<string>(inputTables[name])] as const),
    ]),
  ];
  let instants = 0;
  for (const [name, given] of expected) {
    expect(
      columnsOf(name).map((column) => [column.name, column.type]),
      name,
    ).toEqual(given.map(([column, type]) => [column, plain(type)]));
    for (const [column, type] of given) {
      const {description} = columnsOf(name).find((one) => one.name === column) ?? {};
      expect(description?.endsWith(" In UTC."), `${name}.${column}`).toBe(type === "TIMESTAMPTZ");
      if (type === "TIMESTAMPTZ") instants += 1;
    }
  }
  expect(instants).toBeGreaterThan(10);
});

it("names the values that a column may have, where they are few", async () => {
  const tables = await documentedTables();
  for (const {name, description, columns} of Object.values(canonicalTables)) {
    const table = tables.find((one) => one.name === `lake_${name}`);
    expect(table?.description).toBe(`${description} As the connections delivered it.`);
    for (const {name: column, choices} of columns) {
      const found = table?.columns.find((one) => one.name === column)?.description ?? "";
      expect(/ One of (.*)\.$/.exec(found)?.[1] ?? "", `${name}.${column}`).toBe(choices.join(", "));
    }
  }
});
