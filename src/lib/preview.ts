import {type BrowserDatabase, openBrowserDatabase} from "./browserDatabase.js";
import {dataUrl, loadData} from "./data.js";
import {requireWhole} from "./databaseFile.js";
import {count} from "./format.js";
import {type MappedFigures, type MappedModels, openMappedFigures, type PreviewResult} from "./mappedFigures.js";
import {type MappingFiles, type Mappings, mappingNames} from "./mappingTables.js";
import {readMappingFiles} from "./readMappingCsv.js";

export interface PreviewSize {
  /** Rows of all tables that the figures need besides mappings, seats counted as people. */
  readonly rows: number;
  readonly seats: number;
}

/** The site's `data/preview.json`. */
export interface PreviewData extends PreviewSize {
  /** The most rows that are given to a browser. */
  readonly limit: number;
  readonly fits: boolean;
  /** Null where it does not fit. */
  readonly models: MappedModels | null;
}

export interface Preview {
  /**
   * The figures under other mappings, all tables, and what differs from those that the site was built with. Calls run one
   * after another; of several that wait only the last is worked out, and all of them give its result.
   */
  run(mappings: Mappings): Promise<PreviewResult>;
}

/** The workspace is larger than a browser can work through. The message says what to do. */
export class PreviewTooLargeError extends Error {
  /** To try again does not help. */
  readonly isFinal = true;

  constructor({rows, seats, limit}: PreviewData) {
    super(
      `This workspace has ${count(seats)} seats, which with what is billed makes ${count(rows)} rows; a browser ` +
        `is given at most ${count(limit)}. Save the edited files and run \`trueup map diff OLD NEW\` with the folders ` +
        "of the mappings before and after: it shows the same changes.",
    );
  }
}

/**
 * Opens DuckDB with the workspace's mappings, accounts and counts of seats, about 7 MB compressed and the workspace's own.
 * Rejects with PreviewTooLargeError where the workspace is larger than a browser can work through.
 */
export async function openPreview(): Promise<Preview> {
  const data = await loadData<PreviewData>("preview");
  if (data.models === null) throw new PreviewTooLargeError(data);
  const opening = openBrowserDatabase();
  try {
    const [files, bytes, browser] = await Promise.all([loadData<MappingFiles>("mappings"), loadTables(), opening]);
    const figures = await startPreview(browser, bytes, data.models, files);
    return {run: lastOnly(figures.run)};
  } catch (error) {
    // What failed may have done so while DuckDB was still starting.
    opening.then((browser) => browser.close()).catch(() => {});
    throw error;
  }
}

async function loadTables(): Promise<Uint8Array> {
  const file = "preview.duckdb";
  const response = await fetch(dataUrl(file));
  if (!response.ok) throw new Error(`The preview's data could not be loaded (status ${response.status}).`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  requireWhole(file, bytes, bytes.length);
  return bytes;
}

/** Puts the tables into DuckDB and works the figures out for the first time. */
export async function startPreview(
  browser: Pick<BrowserDatabase, "query" | "attachBytes">,
  bytes: Uint8Array,
  models: MappedModels,
  files: MappingFiles,
): Promise<MappedFigures> {
  const database = {
    run: async (sql: string) => {
      await browser.query(sql);
    },
    rows: async (sql: string) => textRows(await browser.query(sql)),
  };
  await browser.attachBytes(bytes, "preview");
  await database.run(models.macros);
  const inputs = ["settings", ...mappingNames.map((table) => `mapping_${table}`)];
  for (const name of [...models.tables, ...inputs]) await database.run(`create table ${name} as from preview.${name}`);
  return openMappedFigures(database, models, readMappingFiles(files), {knowsAllSeats: false});
}

function textRows(result: Awaited<ReturnType<BrowserDatabase["query"]>>): Record<string, string | null>[] {
  const rows = Array.from({length: result.numRows}, (): Record<string, string | null> => ({}));
  for (const [index, {name}] of result.schema.fields.entries()) {
    const values = result.getChildAt(index);
    for (const [place, row] of rows.entries()) row[name] = values?.get(place) ?? null;
  }
  return rows;
}

/** One call at a time. Those that come meanwhile wait together, and the last of them answers all. */
function lastOnly<T, R>(run: (value: T) => Promise<R>): (value: T) => Promise<R> {
  let running: Promise<unknown> = Promise.resolve();
  let waiting: {value: T; result: Promise<R>} | null = null;
  return (value) => {
    if (waiting !== null) {
      waiting.value = value;
      return waiting.result;
    }
    const next = {value, result: undefined as unknown as Promise<R>};
    waiting = next;
    next.result = running.then(() => {
      waiting = null;
      return run(next.value);
    });
    running = next.result.catch(() => undefined);
    return next.result;
  };
}
