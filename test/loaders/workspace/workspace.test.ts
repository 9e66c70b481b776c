import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {sync} from "../../../loaders/lake/sync.js";
import {ConfigurationError} from "../../../loaders/problems.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";
import {variable} from "../../vendors/vendor.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-workspace-"));
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const withConnections = (...lines: string[]) =>
  writeFile(
    join(directory, "workspace.yaml"),
    ["name: Acme", "currency: USD", "connections:", ...lines, ""].join("\n"),
  );

it.each(["constructor", "__proto__", "toString"])("knows no connector %s", async (name) => {
  await withConnections(`  - {id: psa, connector: ${name}, path: imports}`);
  const refusal = await readWorkspace(directory).catch((error) => error);
  expect(refusal).toBeInstanceOf(ConfigurationError);
  expect(refusal.message).toContain(`workspace.yaml:4 connections.0.connector "${name}": there is no such connector.`);
});

it("says which settings no longer fit once variables are in them, and never their values", async () => {
  await withConnections(
    "  - {id: psa, connector: csv-psa, path: imports}",
    `  - {id: rmm, connector: ninjaone, base_url: "https://\${HOST}", client_id: "\${ID}", client_secret: "\${SECRET}"}`,
    `  - {id: edr, connector: sentinelone, base_url: "https://\${HOST}", api_token: "\${SECRET}"}`,
  );
  const refusal = await sync(await readWorkspace(directory), {
    env: {HOST: "hush-hush /x y", ID: "hush-hush", SECRET: "hush-hush"},
  }).catch((error) => error);
  expect(refusal).toBeInstanceOf(ConfigurationError);
  expect(refusal.message.split("\n")).toEqual([
    `workspace.yaml connections.rmm.base_url "https://\${HOST}": expected an address that begins with https://.`,
    `workspace.yaml connections.edr.base_url "https://\${HOST}": expected an address that begins with https://.`,
  ]);
});

it("names each variable that is not set or empty, once and by its connection", async () => {
  await withConnections(
    "  - {id: psa, connector: csv-psa, path: imports}",
    `  - {id: rmm, connector: ninjaone, base_url: "https://\${HOST}", client_id: "\${ID}", client_secret: "\${SECRET}"}`,
    `  - {id: api, connector: http-json, base_url: "https://\${HOST}/\${PART}/\${PART}", streams: [{table: accounts, path: "/\${DEEP}", columns: {account_id: id, account_name: name}}]}`,
  );
  const refusal = await sync(await readWorkspace(directory), {env: {HOST: "a.example", ID: "", SECRET: "hush"}}).catch(
    (error) => error,
  );
  expect(refusal).toBeInstanceOf(ConfigurationError);
  const remedy = "Set it for the process that runs Trueup; never write its value into a file of the workspace.";
  expect(refusal.message.split("\n")).toEqual(
    ["rmm ID", "api PART", "api DEEP"].map((pair) => {
      const [id, name] = pair.split(" ");
      return `workspace.yaml connections.${id} "\${${name}}": this environment variable is not set. ${remedy}`;
    }),
  );
});

const token = variable("S1_TOKEN");
it.each(["hush", `hush-${token}`, `${token}-hush`, variable("S1-TOKEN"), "$S1_TOKEN", variable("")])(
  "refuses %j for a secret: it must be a variable and nothing else",
  async (written) => {
    const lines = await refusal(
      ...["name: Acme", "currency: USD", "connections:", "  - {id: psa, connector: csv-psa, path: imports}"],
      `  - {id: edr, connector: sentinelone, base_url: "https://a.example", api_token: "${written}"}`,
    );
    expect(lines).toEqual([
      expect.stringMatching(/^workspace\.yaml:5 connections\.1\.api_token: a secret stands in the file\. Write /),
    ]);
    expect(lines.join()).not.toContain("hush");
  },
);

it("says that workspace.yaml cannot be read only where it is there", async () => {
  await expect(readWorkspace(directory)).rejects.toThrow("workspace.yaml: there is no such file. `trueup init DIR`");
  await mkdir(join(directory, "workspace.yaml"));
  await expect(readWorkspace(directory)).rejects.toThrow("workspace.yaml: cannot be read: is a folder, not a file.");
  await writeFile(join(directory, "file"), "");
  await expect(readWorkspace(join(directory, "file"))).rejects.toThrow("a part of the path is a file, not a folder.");
});

const refusal = async (...lines: string[]): Promise<string[]> => {
  await writeFile(join(directory, "workspace.yaml"), `${lines.join("\n")}\n`);
  return readWorkspace(directory).then(
    () => [],
    (error) => error.message.split("\n"),
  );
};

it("says in plain words what is wrong with settings", async () => {
  const lines = await refusal(
    ...["name:", "currency: usd", 'stale_after_hours: "24"', "inactive_after_days: 0", "keep_syncs: 1.5"],
    ...[
      "billed_basis: both",
      "stale_after_hour: 3",
      "colour: red",
      "lake: s3://key:hush@bucket",
      "connections:",
      "  - just text",
    ],
    "  - {id: PSA, connector: csv-psa}",
    "  - {id: m365, connector: csv-usage, path: imports/m365, columns: }",
  );
  expect(lines.sort()).toEqual([
    "workspace.yaml:1 name: has no value.",
    "workspace.yaml:11 connections.0: expected names with their values.",
    'workspace.yaml:12 connections.1.id "PSA": expected small letters, digits and hyphens, such as m365.',
    "workspace.yaml:12 connections.1.path: is missing.",
    "workspace.yaml:13 connections.2.columns: has no value.",
    'workspace.yaml:2 currency "usd": expected an ISO 4217 code in capitals, such as USD.',
    'workspace.yaml:3 stale_after_hours "24": expected a number without quotes.',
    'workspace.yaml:4 inactive_after_days "0": expected at least 1.',
    'workspace.yaml:5 keep_syncs "1.5": expected a whole number.',
    'workspace.yaml:6 billed_basis "both": expected auto, invoice or agreement.',
    "workspace.yaml:7 stale_after_hour: there is no such setting. Remove it, or correct its spelling.",
    "workspace.yaml:8 colour: there is no such setting. Remove it, or correct its spelling.",
    "workspace.yaml:9 lake: expected a bucket and a place in it, such as s3://acme-lake/trueup; keys stand in the environment.",
  ]);
});

it("refuses an id that is no name of a folder on Windows, where the lake has one for each connection", async () => {
  const ids = ["con", "nul", "prn", "aux", "com1", "lpt9", "con-1", "com"];
  const lines = await refusal(
    ...["name: Acme", "currency: USD", "connections:", "  - {id: psa, connector: csv-psa, path: imports}"],
    ...ids.map((id) => `  - {id: ${id}, connector: csv-usage, path: imports}`),
  );
  expect(lines).toEqual(
    ids
      .slice(0, 6)
      .map(
        (id, index) =>
          `workspace.yaml:${index + 5} connections.${index + 1}.id "${id}": expected another name: Windows has no folder called ${id}, so take one such as ${id}-1.`,
      ),
  );
});

it("speaks of quotes only where they are all that is wrong, and of an empty name", async () => {
  const lines = await refusal(
    ...['name: ""', "currency: USD", 'stale_after_hours: "24 hours"', 'inactive_after_days: "x21"', 'keep_syncs: "10"'],
    "connections: [{id: psa, connector: csv-psa, path: imports}]",
  );
  expect(lines).toEqual([
    'workspace.yaml:1 name "": is empty.',
    'workspace.yaml:3 stale_after_hours "24 hours": expected a number.',
    'workspace.yaml:4 inactive_after_days "x21": expected a number.',
    'workspace.yaml:5 keep_syncs "10": expected a number without quotes.',
  ]);
});

it("says at once what is wrong with settings and with connections", async () => {
  const lines = await refusal(
    ...["name: Acme", "currency: usd", "as_of: yesterday", "keep_sync: 3", "connections:"],
    "  - {id: psa, connector: csv-psa, pth: imports}",
    "  - {id: rmm, connector: ninja, base_url: 'https://a.example'}",
    "  - {connector: sentinelone, base_url: 'https://a.example', api_token: hush}",
    "  - just text",
    "  - {id: api, connector: http-json, base_url: 'https://a.example', streams: [{table: seats, path: /a, columns: {seat_id: id, account_id: a, product_id: p}, qery: {}}], auth: {type: bearer, tokn: x}, report_activity: true}",
  );
  expect(lines.sort()).toEqual([
    "workspace.yaml:10 connections.4.auth.token: is missing.",
    "workspace.yaml:10 connections.4.auth.tokn: there is no such setting. Did you mean token? Remove it, or correct its spelling.",
    "workspace.yaml:10 connections.4.report_activity: there is no such setting. Did you mean reports_activity? Remove it, or correct its spelling.",
    "workspace.yaml:10 connections.4.streams.0.qery: there is no such setting. Did you mean query? Remove it, or correct its spelling.",
    'workspace.yaml:2 currency "usd": expected an ISO 4217 code in capitals, such as USD.',
    'workspace.yaml:3 as_of "yesterday": expected a real date such as 2026-11-23, or a time with its offset such as 2026-11-23T12:00:00Z.',
    "workspace.yaml:4 keep_sync: there is no such setting. Did you mean keep_syncs? Remove it, or correct its spelling.",
    "workspace.yaml:6 connections.0.path: is missing.",
    "workspace.yaml:6 connections.0.pth: there is no such setting. Did you mean path? Remove it, or correct its spelling.",
    expect.stringMatching(
      /^workspace\.yaml:7 connections\.1\.connector "ninja": there is no such connector\. Did you mean ninjaone\? Known are /,
    ),
    expect.stringMatching(/^workspace\.yaml:8 connections\.2\.api_token: a secret stands in the file\. Write /),
    "workspace.yaml:8 connections.2.id: is missing.",
    "workspace.yaml:9 connections.3: expected names with their values.",
  ]);
});

it("says at once what is wrong with the workspace and with the settings of its connections", async () => {
  const lines = await refusal(
    ...["name: Acme", "currency: usd", "as_of: 2026-02-30", "connections:"],
    ...["  - {id: psa, connector: csv-psa}", "  - {id: m365, connector: csv-usag, path: imports}"],
    "  - {id: edr, connector: sentinelone, base_url: https://a.example, api_token: hush-hush}",
  );
  expect(lines.sort()).toEqual([
    expect.stringMatching(/^workspace.yaml:2 currency "usd": /),
    expect.stringMatching(/^workspace.yaml:3 as_of "2026-02-30": expected a real date/),
    "workspace.yaml:5 connections.0.path: is missing.",
    expect.stringMatching(/^workspace.yaml:6 connections.1.connector "csv-usag": there is no such connector/),
    expect.stringMatching(/^workspace.yaml:7 connections.2.api_token: /),
  ]);
});

it("refuses aliases that lead nowhere, and those that multiply without end", async () => {
  expect(await refusal("name: *acme")).toEqual([
    "workspace.yaml: the file is not well-formed YAML: Unresolved alias (the anchor must be set before the alias): acme.",
  ]);
  const tenfold = (of: string) => `[${Array.from({length: 10}, () => `*${of}`).join(", ")}]`;
  expect(await refusal("a: &a [x]", `b: &b ${tenfold("a")}`, `c: &c ${tenfold("b")}`, `d: ${tenfold("c")}`)).toEqual([
    "workspace.yaml: the file is not well-formed YAML: Excessive alias count indicates a resource exhaustion attack.",
  ]);
});

it("says in plain words what is wrong with a connection, and never what stands there", async () => {
  const lines = await refusal(
    ...["name: Acme", "currency: USD", "connections:"],
    "  - {id: psa, connector: csv-psa, path: 3, foo: 1, columns: [a]}",
    "  - {id: api, connector: http-json, base_url: '', auth: {type: hush}, streams: [{table: seats, path: /a, columns: {seat_id: 3}}]}",
    "  - {id: rmm, connector: http-json, base_url: 'https://a.example', streams: []}",
    `  - {id: edr, connector: sentinelone, base_url: 'https://me:hush@a.example', api_token: "\${S1_TOKEN}"}`,
  );
  expect(lines.sort()).toEqual([
    "workspace.yaml:4 connections.0.columns: expected names with their values.",
    "workspace.yaml:4 connections.0.foo: there is no such setting. Remove it, or correct its spelling.",
    "workspace.yaml:4 connections.0.path: expected a text.",
    "workspace.yaml:5 connections.1.auth.type: expected none, basic, bearer, header or oauth2.",
    "workspace.yaml:5 connections.1.base_url: expected an address that begins with https://.",
    "workspace.yaml:5 connections.1.streams.0.columns.seat_id: expected a text or names with their values.",
    "workspace.yaml:6 connections.2.streams: is empty.",
    "workspace.yaml:7 connections.3.base_url: expected an address without a user or password, which would be seen by others.",
  ]);
});

it.skipIf(process.platform === "win32")("refuses a folder of which the database would read half the path", async () => {
  const folder = join(directory, "who?");
  await mkdir(folder);
  await writeFile(join(folder, "workspace.yaml"), "name: Acme\n");
  await expect(readWorkspace(folder)).rejects.toThrow(
    `${folder}: the path has a question mark, where the database takes it to end. Rename the folder.`,
  );
});

it("refuses settings that are not UTF-8, and shows nothing of them", async () => {
  const path = join(directory, "workspace.yaml");
  const said = () => readWorkspace(directory).catch((error: Error) => error.message);
  const settings = "name: M\u00fcller\napi_token: hush\n";
  const texts = [Buffer.from(settings, "latin1"), Buffer.from(`\ufeff${settings}`, "utf16le")];
  for (const text of [...texts, Buffer.from("name: Acme\n", "utf16le")]) {
    await writeFile(path, text);
    expect(await said()).toBe("workspace.yaml: the file is not UTF-8. Save it as UTF-8.");
  }
});

it("lets a sync take no longer than timers can wait", async () => {
  expect(
    await refusal(
      "name: Acme",
      "currency: USD",
      "sync_timeout_minutes: 35001",
      "connections: [{id: psa, connector: csv-psa, path: imports}]",
    ),
  ).toEqual(['workspace.yaml:3 sync_timeout_minutes "35001": expected at most 35000.']);
});

it("says which setting stands there twice, and where a file is no YAML", async () => {
  expect(await refusal("name: Acme", "currency: USD", "name: Other")).toEqual([
    "workspace.yaml:3 name: stands there twice. Keep one of them.",
  ]);
  expect(await refusal("name: Acme", "currency: USD", "currency: EUR")).toEqual([
    "workspace.yaml:3 currency: stands there twice. Keep one of them.",
  ]);
  expect((await refusal("name: Acme", "currency: ["))[0]).toMatch(
    /^workspace\.yaml:3: the file is not well-formed YAML: [^:]+\.$/,
  );
  const absent = ["name", "currency", "connections"].map((name) => `workspace.yaml ${name}: is missing.`);
  expect(await refusal("# Nothing is set yet.")).toEqual(absent);
  expect(await refusal("just text")).toEqual(['workspace.yaml:1 "just text": expected names with their values.']);
});

const psa = "connections: [{id: psa, connector: csv-psa, path: imports}]";
const settings = (...lines: string[]) =>
  writeFile(join(directory, "workspace.yaml"), `${["name: Acme", "currency: USD", ...lines, psa].join("\n")}\n`);

it("has a usual value for what is not set, and takes what is", async () => {
  const now = new Date("2026-11-24T10:00:00Z");
  await settings();
  expect(await readWorkspace(directory, {now})).toEqual({
    ...{directory, name: "Acme", currency: "USD", asOf: now, asOfDate: "2026-11-24", isAsOfNow: true},
    ...{inactiveAfterDays: 21, staleAfterHours: 24, billedBasis: "auto", lake: null, storage: null},
    ...{keepSyncs: 10, fullSyncDays: 7, syncTimeoutMinutes: 120},
    connections: [
      {
        ...{id: "psa", reportsActivity: null, settings: {path: "imports"}},
        connector: expect.objectContaining({name: "csv-psa"}),
      },
    ],
  });
  await settings(
    ...["as_of: 2026-10-31", "inactive_after_days: 1", "stale_after_hours: 1", "billed_basis: invoice"],
    ...["keep_syncs: 1", "full_sync_days: 0", "sync_timeout_minutes: 35000"],
  );
  expect(await readWorkspace(directory, {now})).toMatchObject({
    ...{asOfDate: "2026-10-31", isAsOfNow: false, inactiveAfterDays: 1, staleAfterHours: 1, billedBasis: "invoice"},
    ...{keepSyncs: 1, fullSyncDays: 0, syncTimeoutMinutes: 35_000},
  });
});

it.each([
  ["2026-11-23", "2026-11-23T23:59:59.999Z"],
  ["2028-02-29", "2028-02-29T23:59:59.999Z"],
  ["2026-11-23T12:00Z", "2026-11-23T12:00:00.000Z"],
  ["2026-11-23T12:00:07.25Z", "2026-11-23T12:00:07.250Z"],
  ["2026-11-23T23:30:00-05:00", "2026-11-24T04:30:00.000Z"],
  ["2026-11-23T00:30:00+02:00", "2026-11-22T22:30:00.000Z"],
])("works everything out as of %s, which is %s, and its UTC day", async (asOf, instant) => {
  await settings();
  const workspace = await readWorkspace(directory, {asOf});
  expect([workspace.asOf.toISOString(), workspace.asOfDate, workspace.isAsOfNow]).toEqual([
    ...[instant, instant.slice(0, 10), false],
  ]);
  await settings("as_of: 2020-01-01");
  expect(await readWorkspace(directory, {asOf})).toEqual(workspace);
});

it.each([
  ...["2026-02-29", "2026-13-01", "2026-11-31T12:00:00Z", "2026-11-23T12:00:00", "2026-11-23 12:00:00Z"],
  ...["2026-11-23T25:00Z", "2026-11-23T12:00:00+0200", "on 2026-11-23", "2026-11-23T", "2026-11", "now", ""],
])("is as of no moment such as %j", async (asOf) => {
  await settings();
  await expect(readWorkspace(directory, {asOf})).rejects.toThrow(
    /^--as-of(?: ".*")?: expected a real date such as 2026-11-23, or a time with its offset such as 2026-11-23T12:00:00Z\.$/,
  );
});

it("has one PSA, and an id for each connection of its own", async () => {
  const usage = (id: string) => `  - {id: ${id}, connector: csv-usage, path: imports}`;
  const billed = (id: string) => `  - {id: ${id}, connector: csv-psa, path: imports}`;
  const found = (...lines: string[]) => refusal("name: Acme", "currency: USD", "connections:", ...lines);
  const remedy = "One connection says what is billed, the others what is used.";
  expect(await found(usage("m365"))).toEqual([
    `workspace.yaml:4 connections: expected exactly one PSA connection, found 0. ${remedy}`,
  ]);
  expect(await found(billed("psa"), usage("m365"), billed("other"))).toEqual([
    `workspace.yaml:4 connections: expected exactly one PSA connection, found 2. ${remedy}`,
  ]);
  expect(await found(billed("psa"), usage("a-1"), usage("rmm"), usage("a-1"))).toEqual([
    'workspace.yaml:7 connections.3.id "a-1": another connection has this id. Give each its own: it names the folder in the lake.',
  ]);
  expect(await found(billed("psa"), usage("a"), usage("b"))).toEqual([]);
  expect(await refusal("name: Acme", "currency: USD", "connections: []")).toEqual([
    "workspace.yaml:3 connections: expected at least the PSA's connection.",
  ]);
});
