import {checkMappings} from "./checkMappings.js";
import {type Change, compareFigures} from "./compareFigures.js";
import type {Figures} from "./figures.js";
import type {CheckedMappings} from "./mappingSchemas.js";
import {type Mappings, type MappingTable, mappingFile, mappingNames} from "./mappingTables.js";
import type {Problem} from "./problem.js";
import {literal} from "./sqlText.js";
import {formerIds, type KnownIds, validateMappings} from "./validateMappings.js";

/** What a DuckDB must do, wherever it runs. */
export interface SqlDatabase {
  run(sql: string): Promise<void>;
  /** Rows of a query whose columns are all text. */
  rows(sql: string): Promise<Record<string, string | null>[]>;
}

export interface MappedModel {
  readonly name: string;
  readonly sql: string;
  /** The mapping tables that it follows from, by itself or through others. */
  readonly mappings: readonly MappingTable[];
}

/** The models between mappings and figures, in order. What else they read are tables that no mapping changes. */
export interface MappedModels {
  readonly macros: string;
  /** The tables that must be there before. */
  readonly tables: readonly string[];
  readonly models: readonly MappedModel[];
  /** Each selects the rows that break a promise. */
  readonly checks: readonly (MappedModel & {readonly description: string})[];
  /** The columns that identify a row of each mart. */
  readonly keys: Readonly<Record<keyof Figures, readonly string[]>>;
}

/** What mappings would lead to. Where they are wrong there are problems and no figures. */
export type PreviewResult =
  | {
      readonly figures: Figures;
      readonly change: Change;
      readonly problems: readonly [];
      /** Worth a look, but no figure is wrong for it. */
      readonly warnings: readonly Problem[];
    }
  | {
      readonly figures: null;
      readonly change: null;
      readonly problems: readonly Problem[];
      readonly warnings: readonly Problem[];
    };

export interface MappedFigures {
  /** The figures under the first mappings. */
  readonly baseline: Figures;
  /** The figures under other mappings. Only what follows from changed tables is worked out. One call at a time. */
  run(mappings: Mappings): Promise<PreviewResult>;
}

interface MartText {
  /** SQL that gives each column as text. */
  readonly columns: string;
  readonly key: readonly string[];
  /** SQL that gives the key as text. */
  readonly keyColumns: string;
}

type Row = Readonly<Record<string, string | null>>;
type MartName = keyof Figures;

/** The rows of a mart under the first mappings, each with its key as one text. */
interface Baseline {
  readonly rows: readonly Row[];
  readonly ids: readonly string[];
}

/**
 * Runs the models between mappings and figures over tables that are there already, and again whenever mappings change.
 * The mapping tables (`mapping_…`) must exist; their rows are replaced. `knowsAllSeats` says whether every seat is in
 * `stg_seats`, or only those that the first exclusions name.
 */
export async function openMappedFigures(
  database: SqlDatabase,
  {models, checks, keys}: MappedModels,
  first: Mappings,
  {knowsAllSeats}: {knowsAllSeats: boolean},
): Promise<MappedFigures> {
  const start = checkMappings(first);
  if (start.problems.length > 0) throw new Error("The mappings that the figures follow from are not valid.");
  const [settings] = await database.rows("select cast(as_of_date as varchar) as as_of_date from settings");
  const asOfDate = String(settings?.as_of_date);
  const known = {...(await readKnownIds(database)), former: formerIds(start.mappings, asOfDate)};
  const namedSeats = knowsAllSeats ? null : new Set(first.exclusions.map(seatKey));
  const marts = Object.keys(keys) as MartName[];
  const state = new Map<MappingTable, string>();
  const columns = new Map<MappingTable, readonly string[]>();
  for (const table of mappingNames) {
    const names = (await database.rows(`describe mapping_${table}`)).map(({column_name}) => String(column_name));
    columns.set(table, names);
  }

  const fingerprint = (table: MappingTable, mappings: CheckedMappings): string =>
    JSON.stringify(mappings[table].map((row) => (columns.get(table) ?? []).map((name) => cellOf(row, name))));

  /** Brings all tables to where they follow from the mappings. Interrupted by a failure, it begins anew the next time. */
  async function apply(mappings: CheckedMappings): Promise<void> {
    const next = new Map(mappingNames.map((table) => [table, fingerprint(table, mappings)]));
    const changed = mappingNames.filter((table) => state.get(table) !== next.get(table));
    for (const table of changed) state.delete(table);
    for (const table of changed) await fill(database, `mapping_${table}`, columns.get(table) ?? [], mappings[table]);
    const follows = (model: MappedModel): boolean => model.mappings.some((table) => changed.includes(table));
    for (const {name, sql} of models.filter(follows)) await database.run(`create or replace table ${name} as ${sql}`);
    for (const {description, sql} of checks.filter(follows)) {
      const broken = await database.rows(`select cast(count(*) as varchar) as rows from (${sql}) as broken`);
      if (broken[0]?.rows !== "0") throw new Error(`The figures do not hold what they promise. ${description}`);
    }
    for (const table of changed) state.set(table, next.get(table) as string);
  }

  await apply(start.mappings);
  const origin = new Map(state);
  const texts = {} as Record<MartName, MartText>;
  const baseline = {} as Record<MartName, Baseline>;
  for (const mart of marts) {
    texts[mart] = await describeMart(database, mart, keys[mart]);
    const rows = await database.rows(
      `select ${texts[mart].columns} from ${mart} order by ${keys[mart].map((name) => `${name} nulls first`).join(", ")}`,
    );
    baseline[mart] = {rows, ids: rows.map((row) => idOf(row, keys[mart]))};
    await database.run(`create table first_${mart} as select * from ${mart}`);
  }
  const figures = Object.fromEntries(marts.map((mart) => [mart, baseline[mart].rows])) as unknown as Figures;

  return {
    baseline: figures,
    async run(given) {
      const {mappings, problems} = checkMappings(given);
      const verdict = validateMappings(mappings, known, asOfDate);
      const errors = [...problems, ...verdict.errors, ...findUnknownSeats(mappings, namedSeats)];
      if (errors.length > 0) return {figures: null, change: null, problems: errors, warnings: verdict.warnings};
      await apply(mappings);
      const moved = mappingNames.filter((table) => state.get(table) !== origin.get(table));
      const rows: Partial<Record<MartName, readonly Row[]>> = {};
      for (const mart of marts) {
        const follows = models.find(({name}) => name === mart)?.mappings.some((table) => moved.includes(table));
        if (follows) rows[mart] = await readChanges(database, mart, texts[mart], baseline[mart]);
      }
      const after = {...figures, ...(rows as unknown as Partial<Figures>)};
      return {figures: after, change: compareFigures(figures, after), problems: [], warnings: verdict.warnings};
    },
  };
}

/** The ids that mappings may name: the same as on the command line. */
async function readKnownIds(database: SqlDatabase): Promise<KnownIds> {
  const integrations = await database.rows(
    "select connection_id, cast(has_data as varchar) as has_data from connection_health where side <> 'psa'",
  );
  const ids = async (column: string, table: string): Promise<Set<string>> =>
    new Set((await database.rows(`select ${column} as id from ${table}`)).map(({id}) => String(id)));
  const byConnection = async (column: string, table: string): Promise<Map<string, Set<string>>> => {
    const synced = integrations.filter(({has_data}) => has_data === "true");
    const found = new Map(synced.map(({connection_id}) => [String(connection_id), new Set<string>()]));
    for (const {connection_id, id} of await database.rows(`select connection_id, ${column} as id from ${table}`))
      found.get(String(connection_id))?.add(String(id));
    return found;
  };
  return {
    integrations: new Set(integrations.map(({connection_id}) => String(connection_id))),
    clients: await ids("client_id", "stg_clients"),
    services: await ids("service_id", "stg_services"),
    accounts: await byConnection("account_id", "stg_accounts"),
    products: await byConnection("product_id", "stg_products"),
  };
}

function seatKey(row: {readonly connection_id?: string | null; readonly seat_id?: string | null}): string {
  return JSON.stringify([row.connection_id, row.seat_id]);
}

function findUnknownSeats({exclusions}: CheckedMappings, named: ReadonlySet<string> | null): Problem[] {
  if (named === null) return [];
  return exclusions
    .filter((row) => row.seat_id !== null && !named.has(seatKey(row)))
    .map(({line, seat_id}) => ({
      file: mappingFile("exclusions"),
      line,
      column: "seat_id",
      value: seat_id ?? undefined,
      message:
        "a seat that is newly excluded by itself cannot be previewed here, where seats are known in groups only.",
      remedy: "Save the file and run `trueup map diff`, or exclude its account or product.",
    }));
}

function cellOf(row: object, name: string): string | null {
  return ((row as Row)[name] ?? null) || null;
}

/** Replaces the rows of a table. Texts become the types of its columns. */
async function fill(
  database: SqlDatabase,
  table: string,
  columns: readonly string[],
  rows: readonly object[],
): Promise<void> {
  await database.run(`delete from ${table}`);
  const names = columns.map((name) => `"${name}"`).join(", ");
  const batch = 500;
  for (let start = 0; start < rows.length; start += batch) {
    const values = rows.slice(start, start + batch).map((row) => {
      const cells = columns.map((name) => cellOf(row, name));
      return `(${cells.map((cell) => (cell === null ? "null" : literal(cell))).join(", ")})`;
    });
    await database.run(`insert into ${table} (${names}) values ${values.join(", ")}`);
  }
}

async function describeMart(database: SqlDatabase, mart: MartName, key: readonly string[]): Promise<MartText> {
  const described = await database.rows(`describe ${mart}`);
  const texts = new Map(
    described.map(({column_name, column_type}) => [
      column_name,
      // Not by the type's own cast, and not by time zones: DuckDB in the browser has none.
      column_type === "TIMESTAMP WITH TIME ZONE"
        ? `strftime(make_timestamp(epoch_us(${column_name})), '%Y-%m-%dT%H:%M:%SZ') as ${column_name}`
        : `cast(${column_name} as varchar) as ${column_name}`,
    ]),
  );
  return {
    columns: [...texts.values()].join(", "),
    key,
    keyColumns: key.map((name) => texts.get(name)).join(", "),
  };
}

/** A row's key as one text. */
function idOf(row: Row, key: readonly string[]): string {
  return key.length === 1 ? String(row[key[0] as string]) : JSON.stringify(key.map((name) => row[name] ?? null));
}

/** The rows of a mart, of which only those that differ are read; the others are the very objects of the baseline. */
async function readChanges(
  database: SqlDatabase,
  mart: MartName,
  {columns, key, keyColumns}: MartText,
  baseline: Baseline,
): Promise<readonly Row[]> {
  const differing = await database.rows(
    `select ${columns} from (select * from ${mart} except select * from first_${mart}) as differing`,
  );
  const names = key.join(", ");
  const gone = await database.rows(
    `select ${keyColumns} from (select ${names} from first_${mart} except select ${names} from ${mart}) as gone`,
  );
  if (differing.length === 0 && gone.length === 0) return baseline.rows;
  const replaced = new Map(differing.map((row) => [idOf(row, key), row]));
  const removed = new Set(gone.map((row) => idOf(row, key)));
  const rows: Row[] = [];
  for (const [index, row] of baseline.rows.entries()) {
    const id = baseline.ids[index] as string;
    if (removed.has(id)) continue;
    rows.push(replaced.get(id) ?? row);
    replaced.delete(id);
  }
  return [...rows, ...replaced.values()];
}
