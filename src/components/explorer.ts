import {html} from "htl";
import type {BrowserDatabase} from "../lib/browserDatabase.js";
import {browserStorage} from "../lib/browserStorage.js";
import {outcomeOf} from "../lib/explain.js";
import {cut, moment, plural, quantity} from "../lib/format.js";
import {queryOf, queryPart} from "../lib/queryAddress.js";
import {placeOf, QueryError} from "../lib/queryError.js";
import {pastQueries, rememberQuery} from "../lib/queryHistory.js";
import {type ResultSet, resultSet} from "../lib/resultSet.js";
import type {SqlTable} from "../lib/sqlLanguage.js";
import {sumDecimals} from "../lib/sumDecimals.js";
import {queryResult} from "./queryResult.js";
import {schemaBrowser} from "./schemaBrowser.js";
import {sqlEditor} from "./sqlEditor.js";
import {tabs} from "./tabs.js";

export interface Example {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly sql: string;
}

export interface ExplorerData {
  readonly tables: readonly SqlTable[];
  readonly examples: readonly Example[];
}

/** What of the browser the page reads and writes. */
export interface ExplorerPlace {
  readonly location: Pick<Location, "search" | "hash" | "pathname">;
  readonly history: Pick<History, "replaceState">;
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  readonly now: () => Date;
}

const thisBrowser = (): ExplorerPlace => ({location, history, storage: browserStorage(), now: () => new Date()});

/** So many rows are read at most: what a person can look at, and a browser can hold. */
const atMost = 500_000;

/** The SQL page: an editor that knows the tables, what the query gives, and tables, examples and recent queries beside it. */
export function explorer(
  {tables, examples}: ExplorerData,
  open: () => Promise<BrowserDatabase>,
  place: ExplorerPlace = thisBrowser(),
): HTMLElement {
  const {location, history, storage, now} = place;
  const given = queryOf(location);
  let database: Promise<BrowserDatabase> | undefined;
  let isRunning = false;
  let isCancelled = false;

  const editor = sqlEditor({value: given ?? examples[0]?.sql ?? "", tables, onRun: () => void run()});
  const status = html`<p class="run-status" role="status"></p>` as HTMLElement;
  const outcome = html`<div class="answer"></div>` as HTMLElement;
  const runButton =
    html`<button type="button" class="primary" ${{onclick: () => void run()}}>Run</button>` as HTMLButtonElement;
  const cancelButton =
    html`<button type="button" aria-disabled="true" ${{onclick: cancel}}>Cancel</button>` as HTMLButtonElement;
  const recent = html`<div></div>` as HTMLElement;

  const showRunning = (running: boolean): void => {
    isRunning = running;
    // Disabled in word only: a button that is pressed and disabled loses the focus.
    runButton.setAttribute("aria-disabled", String(running));
    cancelButton.setAttribute("aria-disabled", String(!running));
    outcome.classList.toggle("outdated", running);
  };

  async function run(): Promise<void> {
    if (isRunning) return;
    const sql = editor.value();
    if (sql.trim() === "") {
      status.textContent = "There is no query.";
      return;
    }
    editor.markError(null);
    showRunning(true);
    isCancelled = false;
    try {
      status.textContent = database === undefined ? "Starting DuckDB…" : "Running…";
      database ??= open();
      const opened = await database.catch((error: Error) => {
        database = undefined;
        throw new QueryError(
          `DuckDB could not be started: ${error.message.replace(/\.?$/, ".")} Run tries again.`,
          null,
        );
      });
      if (isCancelled) throw new QueryError("Cancelled.", null, true);
      status.textContent = "Running…";
      const began = performance.now();
      const {result, isCut} = await opened.run(sql, atMost);
      const took = performance.now() - began;
      history.replaceState(null, "", `${location.pathname}${queryPart(sql)}`);
      rememberQuery(storage, {sql, ranAt: now().toISOString()});
      showRecent();
      const rows = resultSet(result);
      const figure = isCut ? null : figureOf(sql, rows);
      status.textContent = `${isCut ? "First " : ""}${plural(rows.rowCount, "row")} in ${duration(took)}${isCut ? "; the rest was not read" : ""}${figure === null ? "" : `; ${figure}`}`;
      outcome.replaceChildren(queryResult(rows, () => opened.toArrow(result)));
      if (sql === given) showFirstRow(outcome);
    } catch (error) {
      if (error instanceof QueryError && error.isFatal) {
        // It answers nothing any more, and may fail at this as well.
        database?.then((broken) => broken.close()).catch(() => {});
        database = undefined;
      }
      showError(error as Error, sql);
    } finally {
      showRunning(false);
    }
  }

  function cancel(): void {
    if (!isRunning) return;
    isCancelled = true;
    status.textContent = "Cancelling…";
    // A DuckDB that does not start has nothing to cancel, and the run says why it does not.
    database?.then((opened) => opened.cancel()).catch(() => {});
  }

  function showError(error: Error, sql: string): void {
    if (error instanceof QueryError && error.isCancelled) {
      status.textContent = "Cancelled.";
      outcome.replaceChildren();
      return;
    }
    const offset = error instanceof QueryError ? error.offset : null;
    const at = offset === null ? null : placeOf(sql, offset);
    status.textContent = "The query failed.";
    editor.markError(editor.value() === sql ? offset : null);
    outcome.replaceChildren(html`<div class="error query-error" role="alert">
      ${at === null ? "" : html`<p><strong>Line ${at.line}, column ${at.column}</strong></p>`}
      <p class="message">${error.message}</p>
    </div>`);
  }

  const use = (sql: string): void => {
    editor.set(sql);
    void run();
    editor.focus();
  };

  // To the browser another address behind # is the same page.
  addEventListener("hashchange", () => {
    const sql = queryOf(location);
    if (sql !== null && sql !== editor.value()) use(sql);
  });

  function showRecent(): void {
    const queries = pastQueries(storage);
    recent.replaceChildren(
      queries.length === 0
        ? html`<p class="quiet">Queries that you run are remembered here, in this browser only.</p>`
        : html`<ul class="queries">${queries.map(
            ({sql, ranAt}) =>
              html`<li><button type="button" ${{onclick: () => use(sql)}}><code>${preview(sql)}</code><small>${moment(ranAt)}</small></button></li>`,
          )}</ul>`,
    );
  }

  showRecent();
  const aside = tabs(
    "Examples, tables and recent queries",
    [
      {
        id: "examples",
        label: "Examples",
        content: () =>
          html`<ul class="queries">${examples.map(
            ({title, description, sql}) =>
              html`<li><button type="button" ${{onclick: () => use(sql)}}><strong>${title}</strong><small>${description}</small></button></li>`,
          )}</ul>`,
      },
      {id: "tables", label: "Tables", content: () => schemaBrowser(tables, (name) => editor.insert(name))},
      {id: "recent", label: "Recent", content: () => recent},
    ],
    "examples",
    () => {},
  );
  const node = html`<div class="explorer">
    <div class="explorer-main">
      <div class="editor">${editor.node}</div>
      <div class="run-bar">${runButton}${cancelButton}<kbd>${shortcut()}</kbd>${status}</div>
      ${outcome}
    </div>
    <aside aria-label="Help with queries">${aside}</aside>
  </div>` as HTMLElement;
  if (editor.value() !== "") void run();
  return node;
}

/** `impact_monthly adds up to 48`: what the rows of an explanation come to; null for every other query. */
function figureOf(sql: string, rows: ResultSet): string | null {
  const comesTo = outcomeOf(sql);
  const column = rows.columns.findIndex(({name}) => name === comesTo?.column);
  if (comesTo === null || column < 0 || rows.rowCount === 0) return null;
  if (comesTo.kind === "value") return `${comesTo.column} is ${quantity(rows.text(0, column))}`;
  const sum = sumDecimals(Array.from({length: rows.rowCount}, (_, row) => rows.text(row, column)));
  return sum === null ? null : `${comesTo.column} adds up to ${quantity(sum)}`;
}

/** On a phone a query fills the screen: whoever comes by a link comes for what it gives. */
function showFirstRow(outcome: HTMLElement): void {
  const grid = outcome.querySelector<HTMLElement>(".result-grid");
  const first = grid?.querySelector(".result-body > *")?.getBoundingClientRect();
  if (grid && first && first.bottom > innerHeight) grid.scrollIntoView?.({block: "nearest"});
}

/** `1234` → `1.2 s`. */
function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(1, Math.round(milliseconds))} ms`;
  return `${quantity((milliseconds / 1000).toFixed(1))} s`;
}

/** The first line that is no comment and the one after it, as a name for a query. */
function preview(sql: string): string {
  const lines = sql.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("--"));
  const title = /^--\s*(.+)/.exec(sql)?.[1];
  return cut(title ?? lines.slice(0, 2).join(" "), 90);
}

function shortcut(): string {
  return /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? "") ? "⌘ Enter" : "Ctrl Enter";
}
