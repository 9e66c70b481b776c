import {existsSync} from "node:fs";
import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {openDatabase} from "../../loaders/database.js";
import {selectMappedModels} from "../../loaders/marts/mappedModels.js";
import {readMacros} from "../../loaders/marts/models.js";
import {writePreview} from "../../loaders/marts/previewFiles.js";
import {openPreview, PreviewTooLargeError} from "../../src/lib/preview.js";
import {reconcileAll, type World} from "../models/harness.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-limit-"));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await rm(folder, {recursive: true, force: true});
});

const world = {
  clients: [{client_id: "C1", client_name: "Acme"}],
  accounts: [{account_id: "A1", account_name: "Acme"}],
  seats: ["1", "2", "3"].map((seat_id) => ({account_id: "A1", product_id: "P1", seat_id, identifier: seat_id})),
};
const files = {clients: "", services: "", exclusions: "", prices: "", decisions: ""};

async function write(limit?: number, given: World = world): Promise<void> {
  await reconcileAll(given, async (database, models) => {
    const {mapped} = selectMappedModels(models, await readMacros());
    await writePreview(database, {mapped, files, folder, limit});
  });
}

it("gives a workspace to the browser that has as many rows as the limit, and not one that has more", async () => {
  await write();
  const {rows, seats, fits} = JSON.parse(await readFile(join(folder, "preview.json"), "utf8"));
  expect({seats, fits}).toEqual({seats: 3, fits: true});
  expect(existsSync(join(folder, "preview.duckdb"))).toBe(true);
  await rm(join(folder, "preview.duckdb"));
  await write(rows - 1);
  expect(JSON.parse(await readFile(join(folder, "preview.json"), "utf8"))).toMatchObject({
    rows,
    fits: false,
    models: null,
  });
  expect(existsSync(join(folder, "preview.duckdb"))).toBe(false);
  await write(rows);
  expect(existsSync(join(folder, "preview.duckdb"))).toBe(true);
});

it("takes a seat for one row", async () => {
  const sizeOf = async (given: World) => {
    await write(1, given);
    return JSON.parse(await readFile(join(folder, "preview.json"), "utf8"));
  };
  const {rows} = await sizeOf(world);
  const more = [...world.seats, {...world.seats[0], seat_id: "4"}, {...world.seats[0], seat_id: "5"}];
  expect(await sizeOf({...world, seats: more})).toMatchObject({rows: rows + 2, seats: 5});
});

it("says above the limit what to run, before anything large is loaded", async () => {
  await write(2);
  const asked: string[] = [];
  const root = {dataset: {}};
  vi.stubGlobal("document", {documentElement: root, baseURI: "http://site.test/", querySelector: () => null});
  vi.stubGlobal("fetch", async (url: URL) => {
    asked.push(url.pathname);
    return new Response(await readFile(join(folder, "preview.json")));
  });
  const failure = await openPreview().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PreviewTooLargeError);
  expect((failure as Error).message).toMatch(/3 seats.*at most 2\. .*`trueup map diff OLD NEW`/);
  expect(asked).toEqual(["/data/preview.json"]);
});

it("gives the browser of seats those that an exclusion names, of people numbers, and no row of a mapping", async () => {
  const seat = (account_id: string, seat_id: string, given = {}) => ({
    ...{account_id, product_id: "P1", seat_id, kind: "user", identifier: `${seat_id}@x.example`},
    ...given,
  });
  const given = {
    ...world,
    connections: [
      {connection_id: "psa", connector: "csv-psa", side: "psa"},
      ...["m365", "rmm"].map((connection_id) => ({connection_id, connector: "csv-usage", side: "usage"})),
    ],
    accounts: ["A1", "A2"].map((account_id) => ({account_id, account_name: account_id})),
    products: ["P1", "P2"].map((product_id) => ({product_id, product_name: product_id})),
    seats: [
      seat("A1", "s1"),
      // The same person, in another product, of another kind, and no longer active.
      seat("A1", "s9", {product_id: "P2", identifier: "S1@X.example"}),
      seat("A1", "s8", {kind: "guest", identifier: " s1@x.example "}),
      seat("A1", "s7", {status: "disabled", identifier: "s1@x.example"}),
      seat("A1", "s2"),
      // Nobody says who they are: each is somebody else.
      seat("A1", "s3", {identifier: null}),
      seat("A2", "s3", {identifier: null}),
      seat("A1", "s1", {connection_id: "rmm"}),
      // The exclusion names that of another connection.
      seat("A1", "s2", {connection_id: "rmm"}),
    ],
    mappingExclusions: [
      {connection_id: "m365", seat_id: "s2", reason: "test"},
      {connection_id: "m365", account_id: "A1", seat_id: "s2", reason: "test"},
      {connection_id: "rmm", account_id: "A1", reason: "test"},
    ],
  };
  await write(undefined, given);
  const database = await openDatabase();
  await database.run(`attach '${join(folder, "preview.duckdb")}' as preview (read_only)`);
  const rows = (sql: string) => database.rows(sql);
  expect(await rows("select connection_id, seat_id from preview.stg_seats")).toEqual([
    {connection_id: "m365", seat_id: "s2"},
  ]);
  const people = await rows(
    `select connection_id, account_id, product_id, kind_key, status, seat_id, identifier from preview.seat_identities order by all`,
  );
  const cellOf = ({connection_id, account_id, product_id, kind_key, status}: Record<string, unknown>) =>
    [connection_id, account_id, product_id, kind_key, status].join(" ");
  expect(people.map((row) => [cellOf(row), row.seat_id])).toEqual([
    ["m365 A1 P1 guest active", null],
    ["m365 A1 P1 user active", "s2"],
    ["m365 A1 P1 user active", null],
    ["m365 A1 P1 user active", null],
    ["m365 A1 P1 user disabled", null],
    ["m365 A1 P2 user active", null],
    ["m365 A2 P1 user active", null],
    ["rmm A1 P1 user active", null],
    ["rmm A1 P1 user active", null],
  ]);
  const peopleOf = new Map<unknown, string[]>();
  for (const row of people) peopleOf.set(row.identifier, [...(peopleOf.get(row.identifier) ?? []), cellOf(row)]);
  expect([...peopleOf.values()].sort((a, b) => b.length - a.length)).toEqual([
    [
      ...["m365 A1 P1 guest active", "m365 A1 P1 user active", "m365 A1 P1 user disabled", "m365 A1 P2 user active"],
      "rmm A1 P1 user active",
    ],
    ["m365 A1 P1 user active", "rmm A1 P1 user active"],
    ...[["m365 A1 P1 user active"], ["m365 A2 P1 user active"]],
  ]);
  expect([...peopleOf.keys()].sort()).toEqual(["1", "2", "3", "4"]);
  expect(await rows("select count(*) as n from preview.settings")).toEqual([{n: "1"}]);
  for (const name of ["clients", "services", "exclusions", "prices", "decisions"]) {
    expect(await rows(`select count(*) as n from preview.mapping_${name}`), name).toEqual([{n: "0"}]);
  }
  expect(JSON.parse(await readFile(join(folder, "mappings.json"), "utf8"))).toEqual(files);
  database.close();
});
