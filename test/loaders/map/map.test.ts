import {writeFileSync} from "node:fs";
import {appendFile, cp, mkdtemp, readdir, readFile, rm, stat, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it, vi} from "vitest";
import {literal, openDatabase} from "../../../loaders/database.js";
import {makeDurable} from "../../../loaders/files/makeDurable.js";
import {applySuggestions} from "../../../loaders/map/applySuggestions.js";
import {diffMappings} from "../../../loaders/map/diffMappings.js";
import {suggestMappings} from "../../../loaders/map/suggestMappings.js";
import {checkMappingFolder, reconcile} from "../../../loaders/marts/reconcile.js";
import {ConfigurationError, describeProblem, type Problem} from "../../../loaders/problems.js";
import {readWorkspace, type Workspace} from "../../../loaders/workspace/workspace.js";
import {withCommas} from "../../../src/lib/csvText.js";
import {copyReconciled} from "../../sample/madeSample.js";

// What is on the disk after a power cut cannot be seen in any other way.
vi.mock("../../../loaders/files/makeDurable.js", {spy: true});

let workspace: Workspace;
let before: Record<string, unknown>[];
const inside = (...path: string[]): string => join(workspace.directory, ...path);

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-map-"));
  await copyReconciled(folder);
  workspace = await readWorkspace(folder);
  before = (await reconcile(workspace)).summary;
});
afterAll(() => rm(workspace.directory, {recursive: true, force: true}));

const decider = {by: "Ann", at: "2026-11-24"};

/** Accepts every suggestion of a file, with other cells where they are given. */
async function review(file: string, csv: string, accept: string, cells: Record<string, string> = {}): Promise<string> {
  const [header = "", ...lines] = csv.trimEnd().split("\r\n");
  const columns = header.replace("\ufeff", "").split(",");
  const rows = lines.map((line) => {
    const values = line.split(",");
    for (const [column, value] of Object.entries({accept, ...cells})) values[columns.indexOf(column)] = value;
    return values.join(",");
  });
  const path = inside(file);
  await writeFile(path, [header, ...rows, ""].join("\r\n"));
  return path;
}

async function problemsOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as ConfigurationError).message;
}

/** Products of Microsoft 365 that no rule covers, with the id that a rule for backups would get. */
async function unaccountedProducts(): Promise<{product_id: string; id: string}[]> {
  const database = await openDatabase();
  try {
    return (await database.rows(
      `select product_id, 'S-BKP-m365-' || product_id as id from read_parquet(${literal(inside("marts", "mapping_work.parquet"))})
       where kind = 'unaccounted_product' and connection_id = 'm365'`,
    )) as {product_id: string; id: string}[];
  } finally {
    database.close();
  }
}

it("suggests, applies what was accepted as one line, and tells in money what reconciling then finds", async () => {
  const {csv, suggested, others} = await suggestMappings(workspace.directory, 0.9);
  expect(suggested).toBeGreaterThan(0);
  expect(await suggestMappings(workspace.directory, 2)).toMatchObject({suggested: 0, others: suggested + others});
  expect(csv).toContain("same name");
  const [header = "", ...suggestions] = csv.trimEnd().split("\r\n");
  const cells = (column: string) =>
    suggestions.map((line) => line.split(",")[header.replace("\ufeff", "").split(",").indexOf(column)] ?? "");
  expect(cells("score")).toEqual(cells("score").toSorted((a, b) => Number(b) - Number(a)));
  expect(cells("seats").every((seats) => /^\d+$/.test(seats))).toBe(true);
  const untouched = await review("untouched.csv", csv, "");
  const files = () => Promise.all(["clients", "services"].map((name) => stat(inside("mappings", `${name}.csv`))));
  const written = (await files()).map(({ino}) => ino);
  expect(await applySuggestions(workspace, untouched, decider)).toEqual({clients: 0, services: 0});
  expect((await files()).map(({ino}) => ino)).toEqual(written);

  await cp(inside("mappings"), inside("old"), {recursive: true});
  const file = await review("reviewed.csv", csv, "yes");
  expect(await applySuggestions(workspace, file, decider)).toEqual({clients: suggested, services: 0});
  expect(makeDurable).toHaveBeenLastCalledWith(expect.stringMatching(/mappings.clients\.csv\..+/));
  const lines = (await readFile(inside("mappings", "clients.csv"), "utf8")).trimEnd().split("\n");
  expect(lines.slice(-suggested).every((line) => /,confirmed,.*,Ann,2026-11-24$/.test(line))).toBe(true);

  const change = await diffMappings(workspace, {before: inside("old"), after: inside("mappings")});
  const {summary} = await reconcile(workspace);
  for (const [index, {currency, underbilled, overbilled, discrepancies}] of change.money.entries()) {
    const [was, is] = [before[index], summary[index]];
    expect(underbilled).toEqual({before: was?.underbilled_monthly, after: is?.underbilled_monthly});
    expect(overbilled).toEqual({before: was?.overbilled_monthly, after: is?.overbilled_monthly});
    expect(discrepancies.after, currency).toBe(Number(is?.discrepancy_count));
  }
  expect(change.unlinkedAccounts.after).toBe(change.unlinkedAccounts.before - suggested);
  expect(change.clients.length).toBeGreaterThan(0);

  expect(await problemsOf(applySuggestions(workspace, file, decider))).toContain(
    "somebody has decided about this account",
  );
});

it("leaves out accounts with the reason that is given, whatever a spreadsheet made of it, any that is not accepted, and rows that were emptied", async () => {
  const [header = ""] = (await suggestMappings(inside(), 0)).csv.split("\r\n");
  const old = await readFile(inside("mappings", "clients.csv"), "utf8");
  const row = (accept: string, account: string, note: string) =>
    `${accept},unlinked_account,rmm,${account},,,,,C1000,,,,,,,${note}`;
  await writeFile(
    inside("reviewed.csv"),
    [
      ...[header, ",".repeat(15), row("Exclude", "rmm-new", "'=our own")],
      ...[row("No", "other", ""), row("n", "other", ""), ""],
    ].join("\r\n"),
  );
  expect(await applySuggestions(workspace, inside("reviewed.csv"), decider)).toEqual({clients: 1, services: 0});
  expect(await readFile(inside("mappings", "clients.csv"), "utf8")).toBe(
    `${old}rmm,rmm-new,,excluded,=our own,Ann,2026-11-24\n`,
  );
  await writeFile(inside("mappings", "clients.csv"), old);
  expect((await readdir(inside())).filter((name) => name.startsWith("."))).toEqual([]);
});

it("makes a rule of an accepted product, with an id that no rule has, unless a rule covers the product meanwhile", async () => {
  const [header = ""] = (await suggestMappings(inside(), 0)).csv.split("\r\n");
  const [{product_id, id} = {}] = await unaccountedProducts();
  const rules = () => readFile(inside("mappings", "services.csv"), "utf8");
  const old = await rules();
  const taken = [
    `${id},S-BKP,m365,${product_id},,,,,,,,,,off,,,`,
    `one-client,S-BKP,m365,${product_id},C1000,,,,,,,,,,,,`,
    `over,S-BKP,m365,${product_id},,,,,,,,,2026-11-24,,,,`,
  ].join("\n");
  await writeFile(inside("mappings", "services.csv"), `${old}${taken}\n`);
  const file = await review(
    "products.csv",
    `${header}\r\n,unaccounted_product,m365,,${product_id},,,,,,S-BKP,,identities,,,"new"`,
    "Yes",
  );
  expect(await applySuggestions(workspace, file, decider)).toEqual({clients: 0, services: 1});
  expect(await rules()).toBe(
    `${old}${taken}\n${id}-2,S-BKP,m365,${product_id},,,,identities,,,,,,,new,Ann,2026-11-24\n`,
  );
  expect(await problemsOf(applySuggestions(workspace, file, decider))).toBe(
    `${file}:2 product_id "${product_id}": somebody has decided about this product meanwhile. Take the row out, or change mappings/services.csv.`,
  );
  await writeFile(inside("mappings", "services.csv"), old);
});

it("writes nothing where a reviewed file or what it leads to is wrong, and says where", async () => {
  const [header] = (await suggestMappings(inside(), 0)).csv.split("\r\n");
  const old = await readFile(inside("mappings", "clients.csv"), "utf8");
  const account = `${header}\r\n,unlinked_account,edr,acct-9,,A,,1,,,,,,,,\r\n`;
  const cases: [string, Record<string, string>, string][] = [
    ["maybe", {}, 'reviewed.csv:2 accept "maybe": expected yes, exclude, no or nothing.'],
    ["exclude", {}, "reviewed.csv:2 note: an excluded account needs a reason."],
    ["exclude", {kind: "unaccounted_product"}, 'accept "exclude": only accounts are excluded here'],
    ["yes", {kind: "unaccounted_product"}, "reviewed.csv:2 service_id: an accepted product needs a service."],
    ["no", {kind: "account"}, 'reviewed.csv:2 kind "account": expected unlinked_account or unaccounted_product.'],
    ["yes", {}, "reviewed.csv:2 client_id: an accepted account needs a client."],
    ["yes", {client_id: "nobody"}, 'client_id "nobody": The PSA has no such id.'],
    ["yes", {client_id: "C1000"}, 'reviewed.csv:2 account_id "acct-9": edr lists no such account.'],
  ];
  for (const [accept, cells, message] of cases) {
    const file = await review("reviewed.csv", account, accept, cells);
    expect(await problemsOf(applySuggestions(workspace, file, decider))).toContain(message);
  }
  const [, row = ""] = account.split("\r\n");
  const twice = await review("reviewed.csv", `${account}${row}\r\n`, "yes", {client_id: "C1000"});
  expect(await problemsOf(applySuggestions(workspace, twice, decider))).toBe(
    `${twice}:3 account_id "acct-9": line 2 decides about the same account. Accept one of them.`,
  );
  await writeFile(inside("reviewed.csv"), account.replace(",note", ""));
  expect(await problemsOf(applySuggestions(workspace, inside("reviewed.csv"), decider))).toBe(
    `${inside("reviewed.csv")}:1 note: this column is missing.`,
  );
  await writeFile(inside("reviewed.csv"), account.replaceAll(",", ";"));
  expect(await problemsOf(applySuggestions(workspace, inside("reviewed.csv"), decider))).toBe(
    `${inside("reviewed.csv")}: its columns are separated by ";". ${withCommas}`,
  );
  const spoilt = Buffer.concat([Buffer.from(account), Buffer.from("no,unlinked_account,edr,M\xfcller", "latin1")]);
  await writeFile(inside("reviewed.csv"), spoilt);
  expect(await problemsOf(applySuggestions(workspace, inside("reviewed.csv"), decider))).toBe(
    `${inside("reviewed.csv")}:3: the line is not UTF-8. Save the file as CSV UTF-8.`,
  );
  expect(await readFile(inside("mappings", "clients.csv"), "utf8")).toBe(old);
});

it("says of a folder that it is no reviewed file", async () => {
  expect(await problemsOf(applySuggestions(workspace, inside("mappings"), decider))).toBe(
    `${inside("mappings")}: cannot be read: is a folder, not a file.`,
  );
});

it("says of a file that is no reviewed one what it is, or where to get one, and writes nothing", async () => {
  const [header = ""] = (await suggestMappings(inside(), 0)).csv.split("\r\n");
  const old = await readFile(inside("mappings", "clients.csv"), "utf8");
  const other = "is not a reviewed file of suggestions. `trueup map suggest --out review.csv` makes one to review.";
  const row = 'exclude,unlinked_account,edr,acct-9,,A,,1,,,,,,,,"M\xfcller"';
  const cases: [string | Buffer, string][] = [
    [await readFile(inside("mappings", "clients.csv")), other],
    ["client_id,client_name\n", other],
    ["", other],
    ['"never closed', other],
    [header.replaceAll(",", ";"), `its columns are separated by ";". ${withCommas}`],
    [`"${header.replaceAll(",", '";"')}"\n`, `its columns are separated by ";". ${withCommas}`],
    [Buffer.from(`\ufeff${header}`, "utf16le"), "is not UTF-8 but probably UTF-16. Save it as CSV UTF-8."],
    ["PK\u0003\u0004", "is a workbook, not a CSV. Save it as CSV UTF-8."],
  ];
  for (const [content, message] of cases) {
    await writeFile(inside("other.csv"), content);
    expect(await problemsOf(applySuggestions(workspace, inside("other.csv"), decider))).toBe(
      `${inside("other.csv")}: ${message}`,
    );
  }
  const remedy = "Close every quote, and double those that stand within a text.";
  for (const [last, message] of [
    ['"yes,unlinked\r\nand,so,on', "a quote that opens here is never closed."],
    ['"yes"no,unlinked', "quotes are not balanced or not doubled."],
  ]) {
    await writeFile(inside("other.csv"), `${header}\r\n${row}\r\n${last}`);
    expect(await problemsOf(applySuggestions(workspace, inside("other.csv"), decider))).toBe(
      `${inside("other.csv")}:3: ${message} ${remedy}`,
    );
  }
  expect(await readFile(inside("mappings", "clients.csv"), "utf8")).toBe(old);
});

it("changes no byte of mappings that are not UTF-8, and says what to do", async () => {
  const file = await review("accepted.csv", (await suggestMappings(inside(), 0.9)).csv, "yes");
  const path = inside("mappings", "clients.csv");
  const written = await readFile(path);
  const spoilt = Buffer.concat([written, Buffer.from("m365,m365-99,,excluded,M\xfcller,,\n", "latin1")]);
  await writeFile(path, spoilt);
  try {
    const problems = await problemsOf(applySuggestions(workspace, file, decider));
    expect(problems).toMatch(/^mappings\/clients\.csv:\d+: the line is not UTF-8\. Save the file as CSV UTF-8\.$/);
    expect((await readFile(path)).equals(spoilt)).toBe(true);
  } finally {
    await writeFile(path, written);
  }
});

it("takes away nothing that somebody else decides while a review is checked", async () => {
  const file = await review("accepted.csv", (await suggestMappings(inside(), 0.9)).csv, "yes");
  const path = inside("mappings", "clients.csv");
  const written = await readFile(path);
  const another = `${written}m365,m365-99,,excluded,our own,,\n`;
  const meanwhile: Workspace = {
    ...workspace,
    get connections() {
      writeFileSync(path, another);
      return workspace.connections;
    },
  };
  try {
    expect(await problemsOf(applySuggestions(meanwhile, file, decider))).toBe(
      "mappings/clients.csv: it changed meanwhile, so nothing was written. Run the command again.",
    );
    expect(await readFile(path, "utf8")).toBe(another);
  } finally {
    await writeFile(path, written);
  }
});

it("names the file of the folder that is wrong, with all problems and their lines", async () => {
  await cp(inside("mappings"), inside("wrong$&"), {recursive: true});
  await writeFile(inside("wrong$&", "prices.csv"), "service_id,unit_price\nS-BKP,abc\nnothing,1\n");
  const {errors} = await checkMappingFolder(workspace, inside("wrong$&"));
  expect(errors.map(({file, line}) => `${file}:${line}`)).toEqual(["wrong$&/prices.csv:2", "wrong$&/prices.csv:3"]);
  const both = diffMappings(workspace, {before: inside("mappings"), after: inside("wrong$&")});
  expect(await problemsOf(both)).toContain("wrong$&/prices.csv:3");
  await cp(inside("mappings"), inside("former"), {recursive: true});
  await appendFile(inside("former", "clients.csv"), "m365,gone-away,C1001,confirmed,,,\n");
  const warned: string[] = [];
  const warn = (problem: Problem) => warned.push(describeProblem(problem));
  await diffMappings(workspace, {before: inside("mappings"), after: inside("former"), warn});
  expect(warned).toEqual([expect.stringMatching(/^former\/clients\.csv:\d+ account_id "gone-away": /)]);
});

it("compares no folder that is not there, as if everything had been taken back", async () => {
  const there = inside("mappings");
  for (const folders of [
    {before: inside("mapings"), after: there},
    {before: there, after: inside("mapings")},
  ]) {
    expect(await problemsOf(diffMappings(workspace, folders))).toContain("mapings: there is no such folder.");
  }
});

it("compares no whole workspace, as if nothing had been decided in it", async () => {
  for (const folders of [
    {before: inside(), after: inside("mappings")},
    {before: inside("mappings"), after: inside()},
  ]) {
    expect(await problemsOf(diffMappings(workspace, folders))).toContain(
      `${inside()}: is a workspace, not a folder with mapping files. Name its folder mappings.`,
    );
  }
});
