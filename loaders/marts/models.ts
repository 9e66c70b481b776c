import {readdir, readFile} from "node:fs/promises";
import {basename, dirname, join, relative} from "node:path";
import {fileURLToPath} from "node:url";
import type {Task} from "./runTasks.js";

/** A SQL file of data/models: one table, named like the file. */
export interface Model {
  readonly name: string;
  /** The folder, as `staging` or `marts`; data/models/README.md lists them. */
  readonly layer: string;
  readonly sql: string;
  /** Path below data/models, for messages. */
  readonly file: string;
  /** Names of the models that this one reads. */
  readonly reads: readonly string[];
  readonly doc: ModelDoc;
}

export interface ModelDoc {
  readonly description: string;
  /** Columns that identify a row; marts only. */
  readonly key: readonly string[];
  /** Columns that the rows are sorted by where they are written; the key unless said otherwise. */
  readonly order: readonly string[];
  /** Marts only. */
  readonly columns: readonly ModelColumn[];
}

export interface ModelColumn {
  readonly name: string;
  readonly type: string;
  readonly description: string;
}

export const modelsFolder = fileURLToPath(new URL("../../data/models", import.meta.url));

/**
 * Reads the header comment of a model.
 *
 * `-- @column unit_rate DECIMAL(18,6) Price per unit.` → {name: "unit_rate", type: "DECIMAL(18,6)", description: "Price per unit."}
 */
function parseDoc(sql: string): ModelDoc {
  const description: string[] = [];
  const columns: ModelColumn[] = [];
  let key: string[] = [];
  let order: string[] = [];
  for (const line of sql.split("\n")) {
    if (!line.startsWith("--")) break;
    const text = line.slice(2).trim();
    const [tag, name = "", type = "", ...words] = text.split(" ");
    if (tag === "@key") key = listed(text);
    else if (tag === "@order") order = listed(text);
    else if (tag === "@column") columns.push({name, type, description: words.join(" ")});
    else if (text !== "") description.push(text);
  }
  return {
    description: description.join(" "),
    key,
    order: order.length > 0 ? order : key,
    columns,
  };
}

function listed(text: string): string[] {
  return text
    .slice(text.indexOf(" "))
    .split(",")
    .map((name) => name.trim());
}

/** A model or macros without what they say in words, so that no word is taken for a table. */
export function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*/g, "");
}

/** Reads every model, each after the models that it reads. */
export async function readModels(folder: string = modelsFolder): Promise<Model[]> {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".sql") && entry.parentPath !== folder)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const names = new Set(files.map((file) => basename(file, ".sql")));
  const twice = [...names].find((name) => files.filter((file) => basename(file, ".sql") === name).length > 1);
  if (twice !== undefined) throw new Error(`Two models below ${folder} are called ${twice}. Rename one of the two.`);
  const models = await Promise.all(
    files.map(async (file): Promise<Model> => {
      const sql = await readFile(file, "utf8");
      const name = basename(file, ".sql");
      const statement = withoutComments(sql);
      for (const [, part = ""] of statement.matchAll(/^([a-z_]+) as (?:materialized )?\($/gm)) {
        // What reads it would count as reading the model.
        if (!names.has(part)) continue;
        throw new Error(`${relative(folder, file)} names a part of it like the model ${part}. Rename one of the two.`);
      }
      // Not `is distinct from clients.client_id`.
      const mentioned = statement.matchAll(/(?<!\bdistinct\s)\b(?:from|join)\s+([a-z_]+)/g);
      const reads = [...new Set([...mentioned].map((match) => match[1] as string))]
        .filter((other) => other !== name && names.has(other))
        .sort();
      const model = {
        name,
        layer: basename(dirname(file)),
        sql,
        file: relative(folder, file),
        reads,
        doc: parseDoc(sql),
      };
      if (isMart(model) && model.doc.key.length === 0) {
        throw new Error(`${model.file} does not say in its head by which columns a row is known: -- @key …`);
      }
      return model;
    }),
  );
  return inDependencyOrder(models);
}

function inDependencyOrder(models: Model[]): Model[] {
  const byName = new Map(models.map((model) => [model.name, model]));
  const ordered = new Set<Model>();
  const visit = (model: Model, path: readonly string[]): void => {
    if (ordered.has(model)) return;
    if (path.includes(model.name)) throw new Error(`Models read each other: ${[...path, model.name].join(" → ")}`);
    for (const name of model.reads) visit(byName.get(name) as Model, [...path, model.name]);
    ordered.add(model);
  };
  for (const model of models) visit(model, []);
  return [...ordered];
}

/** The names of these models and of all that they follow from. */
export function withSources(models: readonly Model[], names: readonly string[]): ReadonlySet<string> {
  const byName = new Map(models.map((model) => [model.name, model]));
  const found = new Set(names);
  // A set that grows is read to its new end.
  for (const name of found) for (const source of byName.get(name)?.reads ?? []) found.add(source);
  return found;
}

/** Whether a model is a mart: what pages, exports and other programs read. */
export function isMart({layer}: Model): boolean {
  return layer === "marts";
}

/** The macros that the models use, as SQL. */
export function readMacros(): Promise<string> {
  return readFile(join(modelsFolder, "macros.sql"), "utf8");
}

/** Marts with as many rows as there are seats, or a share of them. */
const seatMarts = ["seats", "inactive_seats"];

/** Marts that are never held in memory: one row a seat, or a month of every discrepancy. */
export const streamedMarts: ReadonlySet<string> = new Set([...seatMarts, "history_changes", "history_discrepancies"]);

/** Models that stay views, for the same reason. */
const streamed: ReadonlySet<string> = new Set(["stg_seats", "seat_identities", "change_reasons", ...streamedMarts]);

/**
 * Makes every model's table or view and keeps the promises they make: every check, and of each mart its columns, types and
 * unique keys. What the models read besides each other must exist: see `createInputs`. What is wrong is put into `broken`, in
 * words.
 */
export function modelTasks(models: readonly Model[], broken: string[]): Task[] {
  return [
    ...models.filter(({layer}) => layer !== "checks").map(makeModel),
    ...models.filter(({layer}) => layer === "checks").map((model) => runCheck(model, broken)),
    ...models.filter(isMart).map((model) => checkColumns(model, broken)),
    ...models
      .filter((model) => isMart(model) && !seatMarts.includes(model.name))
      .map((model) => checkKey(model, broken)),
  ];
}

function makeModel({name, file, sql, reads}: Model): Task {
  const kind = streamed.has(name) ? "view" : "table";
  return {
    name,
    after: reads,
    async run(database) {
      try {
        await database.run(`create ${kind} ${name} as ${sql}`);
      } catch (error) {
        throw new Error(`Model ${file} failed: ${(error as Error).message}`, {cause: error});
      }
    },
  };
}

function runCheck({name, reads, sql, doc}: Model, broken: string[]): Task {
  return {
    name,
    after: reads,
    async run(database) {
      const rows = await database.rows(`select * from (${sql}) limit 5`);
      for (const row of rows) broken.push(`${doc.description} Broken by ${JSON.stringify(row)}`);
    },
  };
}

function checkColumns({name, file, doc}: Model, broken: string[]): Task {
  return {
    name: `columns of ${name}`,
    after: [name],
    async run(database) {
      const actual = await database.rows(`describe ${name}`);
      const found = actual.map((column) => `${column.column_name} ${short(String(column.column_type))}`);
      const promised = doc.columns.map((column) => `${column.name} ${column.type}`);
      if (found.join() === promised.join()) return;
      const lacking = promised.filter((column) => !found.includes(column));
      const surplus = found.filter((column) => !promised.includes(column));
      const isTurned = lacking.length + surplus.length === 0;
      const differences = [
        ...describeColumns("promised", isTurned ? promised : lacking),
        ...describeColumns("found", isTurned ? found : surplus),
      ];
      broken.push(`${file} promises other columns than it has: ${differences.join("; ")}`);
    },
  };
}

function describeColumns(what: string, columns: readonly string[]): string[] {
  return columns.length === 0 ? [] : [`${what} ${columns.join(", ")}`];
}

function short(type: string): string {
  return type === "TIMESTAMP WITH TIME ZONE" ? "TIMESTAMPTZ" : type;
}

function checkKey({name, doc}: Model, broken: string[]): Task {
  return {
    name: `key of ${name}`,
    after: [name],
    async run(database) {
      const key = doc.key.join(", ");
      const rows = await database.rows(`select ${key} from ${name} group by ${key} having count(*) > 1 limit 5`);
      for (const row of rows) broken.push(`The key ${key} of ${name} is not unique: ${JSON.stringify(row)}`);
    },
  };
}
