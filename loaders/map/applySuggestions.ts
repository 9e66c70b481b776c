import {existsSync} from "node:fs";
import {mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {parse} from "csv-parse/sync";
import {findWrongFormat} from "../../src/lib/checkMappings.js";
import {withoutMark} from "../../src/lib/csv.js";
import {type CsvRow, editCsv, firstCells, keyOf} from "../../src/lib/csvText.js";
import type {CheckedMappings} from "../../src/lib/mappingSchemas.js";
import {type MappingFiles, type MappingTable, mappingFile, mappingTables} from "../../src/lib/mappingTables.js";
import {covers} from "../../src/lib/readRule.js";
import type {KnownIds} from "../../src/lib/validateMappings.js";
import {describeCsvFault} from "../csv/describeCsvFault.js";
import {describeSystemError} from "../files/systemErrors.js";
import {removeUnfinished} from "../files/unfinished.js";
import {writeWhole} from "../files/writeWhole.js";
import {makeScratch} from "../marts/marts.js";
import {checkMappingFolder} from "../marts/reconcile.js";
import {ConfigurationError, type Problem} from "../problems.js";
import {findOtherEncoding, readMappingFolder} from "../workspace/mappings.js";
import type {Workspace} from "../workspace/workspace.js";
import {type Suggestion, suggestionColumns} from "./suggestMappings.js";

export interface Decider {
  /** Goes into `decided_by`; blank where nobody says. */
  readonly by: string;
  /** Goes into `decided_at`. */
  readonly at: string;
}

/**
 * Puts the accepted rows of a reviewed file into the mappings. Writes nothing unless all of the mappings are valid with
 * them. Returns how many rows each file got.
 */
export async function applySuggestions(
  workspace: Workspace,
  file: string,
  decider: Decider,
): Promise<{clients: number; services: number}> {
  const folder = join(workspace.directory, "mappings");
  const {mappings, files, problems} = await readMappingFolder(folder);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const accepted = await readAccepted(file);
  const taken = new Set(mappings.services.map(({rule_id}) => rule_id));
  const clients = accepted.filter(({kind}) => kind === "unlinked_account").map((row) => linkOf(row, decider));
  const services = accepted
    .filter(({kind}) => kind === "unaccounted_product")
    .map((row) => ruleOf(row, decider, taken));
  refuseDecided(file, accepted, mappings, decider.at);
  const scratch = await makeScratch(workspace.directory);
  try {
    const next = {
      ...files,
      clients: insert("clients", files.clients, clients),
      services: insert("services", files.services, services),
    };
    for (const [name, text] of Object.entries(next)) {
      if (text !== "") await writeFile(join(scratch, `${name}.csv`), text);
    }
    const {errors, known} = await checkMappingFolder(workspace, scratch);
    const found = errors.map((problem) => ({
      ...problem,
      file: `with ${file}, ${problem.file.replace(/^.*\//, "mappings/")}`,
    }));
    const wrong = [...findUnlisted(file, accepted, known), ...found];
    if (wrong.length > 0) throw new ConfigurationError(wrong);
    await refuseChanged(folder, files);
    await mkdir(folder, {recursive: true});
    if (clients.length > 0) await writeWhole(join(folder, "clients.csv"), next.clients);
    if (services.length > 0) await writeWhole(join(folder, "services.csv"), next.services);
    return {clients: clients.length, services: services.length};
  } finally {
    await removeUnfinished(scratch);
  }
}

/** What somebody else saved since would be lost. */
async function refuseChanged(folder: string, files: MappingFiles): Promise<void> {
  const {files: present} = await readMappingFolder(folder);
  const changed = (["clients", "services"] as const).filter((table) => present[table] !== files[table]);
  if (changed.length === 0) return;
  const message = "it changed meanwhile, so nothing was written.";
  throw new ConfigurationError(
    changed.map((table) => ({file: mappingFile(table), message, remedy: "Run the command again."})),
  );
}

type Accepted = Suggestion & {readonly line: number};

async function readAccepted(file: string): Promise<Accepted[]> {
  const {names, records} = await readReviewed(file);
  const problems: Problem[] = [];
  const missing = suggestionColumns.filter((column) => !names.includes(column));
  for (const column of missing) problems.push({file, line: 1, column, message: "this column is missing."});
  if (missing.length > 0) throw new ConfigurationError(problems);
  const rows = records.map(({record, info}): Accepted => {
    const cells = suggestionColumns.map((column) => [column, withoutMark(record[column] ?? "") || null]);
    return {...(Object.fromEntries(cells) as Suggestion), line: info.lines};
  });
  for (const row of rows) problems.push(...findMistakes(file, row));
  const accepted = rows.filter(({accept}) => isAccepted(accept) || isExcluded(accept));
  problems.push(...findRepeated(file, accepted));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return accepted;
}

interface Reviewed {
  readonly names: readonly string[];
  readonly records: readonly {record: Record<string, string>; info: {lines: number}}[];
}

/** The header and the rows of a file that `trueup map suggest` made, whatever became of it since. */
async function readReviewed(file: string): Promise<Reviewed> {
  if (!existsSync(file)) throw new ConfigurationError([{file, message: "there is no such file."}]);
  const bytes = await readFile(file).catch((error) => {
    throw new ConfigurationError([{file, message: `cannot be read: ${describeSystemError(error)}`}]);
  });
  const wrong = (message: string, remedy: string) => new ConfigurationError([{file, message, remedy}]);
  const save = "Save it as CSV UTF-8.";
  const text = bytes.toString("utf8");
  let names: string[] = [];
  let records: Reviewed["records"] = [];
  let linesRead = 0;
  let fault: unknown = null;
  try {
    records = parse(text, {
      bom: true,
      trim: true,
      info: true,
      relax_column_count: true,
      skip_records_with_empty_values: true,
      columns: (header: string[]) => {
        names = header;
        return header;
      },
      on_record(record, {lines}) {
        linesRead = lines;
        return record;
      },
    }) as unknown as Reviewed["records"];
  } catch (error) {
    fault = error;
  }
  if (bytes.toString("latin1", 0, 2) === "PK") throw wrong("is a workbook, not a CSV.", save);
  const format = findWrongFormat(fault === null ? names : firstCells(text));
  if (format !== null) throw new ConfigurationError([{file, ...format}]);
  if (!names.includes("accept") && !names.includes("kind")) {
    throw wrong("is not a reviewed file of suggestions.", "`trueup map suggest --out review.csv` makes one to review.");
  }
  const spoilt = findOtherEncoding(file, bytes);
  if (spoilt.length > 0) throw new ConfigurationError(spoilt);
  if (fault !== null) throw new ConfigurationError([describeCsvFault(file, fault, linesRead)]);
  return {names, records};
}

/** An account has one client; a product may count for several services. */
function findRepeated(file: string, accepted: readonly Accepted[]): Problem[] {
  const lines = new Map<string, number>();
  return accepted.flatMap((row): Problem[] => {
    if (row.kind !== "unlinked_account") return [];
    const key = keyOf(textOf(row), mappingTables.clients.key);
    const first = lines.get(key);
    lines.set(key, first ?? row.line);
    if (first === undefined) return [];
    return [
      {
        file,
        line: row.line,
        column: "account_id",
        value: row.account_id ?? undefined,
        message: `line ${first} decides about the same account.`,
        remedy: "Accept one of them.",
      },
    ];
  });
}

function isAccepted(accept: string | null): boolean {
  return ["yes", "y", "x"].includes(accept?.toLowerCase() ?? "");
}

function isExcluded(accept: string | null): boolean {
  return accept?.toLowerCase() === "exclude";
}

function findMistakes(file: string, row: Accepted): Problem[] {
  const {accept, kind, line} = row;
  const at = (column: keyof Suggestion, message: string): Problem[] => [
    {file, line, column, value: row[column] ?? undefined, message},
  ];
  if (kind !== "unlinked_account" && kind !== "unaccounted_product")
    return at("kind", "expected unlinked_account or unaccounted_product.");
  if (accept !== null && !isAccepted(accept) && !isExcluded(accept) && !/^no?$/i.test(accept))
    return at("accept", "expected yes, exclude, no or nothing.");
  if (isExcluded(accept) && kind === "unaccounted_product")
    return at("accept", "only accounts are excluded here; products are in exclusions.csv.");
  if (isExcluded(accept) && row.note === null) return at("note", "an excluded account needs a reason.");
  if (isAccepted(accept) && kind === "unlinked_account" && row.client_id === null)
    return at("client_id", "an accepted account needs a client.");
  if (isAccepted(accept) && kind === "unaccounted_product" && row.service_id === null)
    return at("service_id", "an accepted product needs a service.");
  return [];
}

/** What was open when the file was made may be decided by now: it would be decided twice. */
function refuseDecided(file: string, accepted: readonly Accepted[], mappings: CheckedMappings, day: string): void {
  const accounts = new Set(mappings.clients.map((row) => keyOf(textOf(row), mappingTables.clients.key)));
  const rules = mappings.services.filter(
    ({client_id, status, valid_to}) => client_id === null && status !== "off" && (valid_to === null || day < valid_to),
  );
  const isCovered = ({connection_id, product_id}: Accepted): boolean =>
    rules.some((rule) => covers(textOf(rule), {connection_id: connection_id ?? "", product_id: product_id ?? ""}));
  const problems = accepted.flatMap((row): Problem[] => {
    const isAccount = row.kind === "unlinked_account";
    const isDecided = isAccount ? accounts.has(keyOf(textOf(row), mappingTables.clients.key)) : isCovered(row);
    const [what, table] = isAccount ? (["account", "clients"] as const) : (["product", "services"] as const);
    if (!isDecided) return [];
    return [
      {
        file,
        line: row.line,
        column: `${what}_id`,
        value: row[`${what}_id`] ?? undefined,
        message: `somebody has decided about this ${what} meanwhile.`,
        remedy: `Take the row out, or change mappings/${table}.csv.`,
      },
    ];
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
}

/** An account that is not there takes no link. It was when the file was made, so that its id has probably been changed since. */
function findUnlisted(file: string, accepted: readonly Accepted[], {accounts}: KnownIds): Problem[] {
  return accepted
    .filter(({kind}) => kind === "unlinked_account")
    .filter(({connection_id, account_id}) => accounts.get(connection_id ?? "")?.has(account_id ?? "") === false)
    .map(({line, connection_id, account_id}) => ({
      file,
      line,
      column: "account_id",
      value: account_id ?? undefined,
      message: `${connection_id} lists no such account.`,
      remedy: "Take the row out, or put back the id that a spreadsheet took for a number: of 00417 it leaves 417.",
    }));
}

function textOf(row: object): CsvRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, value === null ? "" : String(value)]),
  );
}

function linkOf(row: Accepted, {by, at}: Decider): CsvRow {
  const isLinked = isAccepted(row.accept);
  return textOf({
    connection_id: row.connection_id,
    account_id: row.account_id,
    client_id: isLinked ? row.client_id : null,
    status: isLinked ? "confirmed" : "excluded",
    note: row.note,
    decided_by: by,
    decided_at: at,
  });
}

function ruleOf(row: Accepted, {by, at}: Decider, taken: Set<string>): CsvRow {
  const plain = `${row.service_id}-${row.connection_id}-${row.product_id}`;
  let id = plain;
  for (let n = 2; taken.has(id); n += 1) id = `${plain}-${n}`;
  taken.add(id);
  return textOf({
    rule_id: id,
    service_id: row.service_id,
    connection_id: row.connection_id,
    product_ids: row.product_id,
    count: row.count,
    note: row.note,
    decided_by: by,
    decided_at: at,
  });
}

function insert(table: MappingTable, text: string, rows: readonly CsvRow[]): string {
  const {key} = mappingTables[table];
  return editCsv(text, mappingTables[table], new Map(rows.map((row) => [keyOf(row, key), row])));
}
