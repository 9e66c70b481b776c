import {mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import type {Database} from "../../loaders/database.js";
import {writeClientData} from "../../loaders/site/data/clientData.js";
import {clientParts} from "../../loaders/site/data/clientParts.js";
import {openDataFolder} from "../../loaders/site/data/jsonFile.js";
import {rowsOf, type Table} from "../../src/lib/rows.js";
import {givenMarts} from "./givenMarts.js";

let folder: string;
let database: Database;
let runs = 0;

/** By what they are worth. */
const clients = ["d", "a", "o'c", "b", "e"].map((clientId) => ({
  clientId,
  name: clientId.toUpperCase(),
  slug: `~${clientId}`,
}));

const seat = (client_id: string | null, seat_id: string) => ({
  ...{client_id, seat_id, connection_id: "m365", account_id: `of ${client_id}`, product_id: "p", kind: "user"},
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-client-data-"));
  // Of e nothing is known.
  const ids = ["b", "d", "a", "o'c", "gone"];
  database = await givenMarts({
    summary: [
      {currency: "USD", as_of: "2026-11-22T23:00:00Z"},
      {currency: "EUR", as_of: "2026-11-23T23:59:59Z"},
    ],
    integrations: [
      {connection_id: "rmm", kind: "usage", health: "yellow"},
      {connection_id: "m365", kind: "usage", health: "green", last_success_at: "2026-11-22T02:00:00Z"},
    ],
    accounts: ids.map((client_id) => ({...seat(client_id, ""), seat_count: 2})),
    seats: [...["b1", "a2", "a1", "d1"].map((id) => seat(id.slice(0, 1), id)), seat(null, "n1"), seat("gone", "g1")],
    reconciliation: ids.flatMap((client_id) =>
      ["2", "1"].map((place) => ({
        client_id,
        reconciliation_id: `${client_id}-${place}`,
        service_name: 'Mail "basic"',
      })),
    ),
    flagged_services: [{client_id: "b", flag_id: "f", amount_at_stake: "1.5"}],
  });
  await database.run("create table pages as select unnest(['a', 'b', 'o''c', 'd', 'e']) as client_id");
});
afterAll(async () => {
  database.close();
  await rm(folder, {recursive: true});
});

/** Every file that is written, and the fingerprint of all. */
async function written(...range: [] | [{seatsAtOnce: number; clientsAtOnce: number}]) {
  runs += 1;
  const data = openDataFolder(join(folder, String(runs)));
  const scratch = join(folder, `scratch ${runs}`);
  await writeClientData(database, data, clients, scratch, ...range);
  // A view of each part remains.
  for (const {name} of clientParts) await database.run(`drop view part_${name}`);
  const files: Record<string, string> = {};
  for (const part of ["clients", "seats"]) {
    for (const name of (await readdir(join(data.path, part))).sort()) {
      files[`${part}/${name}`] = await readFile(join(data.path, part, name), "utf8");
    }
  }
  return {files, version: data.hash.digest("hex")};
}

it("writes of each client what is its own, and who stands before and after it", async () => {
  const {files} = await written();
  expect(Object.keys(files)).toEqual(
    ["clients", "seats"].flatMap((part) => ["a", "b", "d", "e", "o'c"].map((id) => `${part}/~${id}.json`)),
  );
  const pages = clients.map(({slug}) => JSON.parse(files[`clients/${slug}.json`] ?? ""));
  expect(pages.map(({client_id, name, slug, previous, next}) => [client_id, name, slug, previous, next])).toEqual([
    ["d", "D", "~d", null, {slug: "~a", name: "A"}],
    ["a", "A", "~a", {slug: "~d", name: "D"}, {slug: "~o'c", name: "O'C"}],
    ["o'c", "O'C", "~o'c", {slug: "~a", name: "A"}, {slug: "~b", name: "B"}],
    ["b", "B", "~b", {slug: "~o'c", name: "O'C"}, {slug: "~e", name: "E"}],
    ["e", "E", "~e", {slug: "~b", name: "B"}, null],
  ]);
  for (const {client_id, as_of_date, connections, rows, flags, currencies} of pages) {
    expect(as_of_date).toBe("2026-11-23");
    expect(connections).toMatchObject([{connection_id: "m365"}, {connection_id: "rmm", last_success_at: null}]);
    expect(connections[0].last_success_at).toContain("2026-11-22");
    expect(rows.columns).not.toContain("client_id");
    const services = client_id === "e" ? [] : ["1", "2"].map((place) => [`${client_id}-${place}`, 'Mail "basic"']);
    expect(rowsOf<Record<string, string>>(rows).map((row) => [row.reconciliation_id, row.service_name])).toEqual(
      services,
    );
    expect(rowsOf<Record<string, string>>(flags).map((flag) => flag.amount_at_stake)).toEqual(
      client_id === "b" ? ["1.50"] : [],
    );
    expect(rowsOf(currencies as Table)).toEqual([]);
  }
  const seats = clients.map(({slug}) => {
    const {own, groups} = JSON.parse(files[`seats/${slug}.json`] ?? "");
    return groups.map((group: {seats: string[][]}) => group.seats.map((row) => row[own.indexOf("seat_id")]));
  });
  expect(seats).toEqual([[["d1"]], [["a1", "a2"]], [], [["b1"]], []]);
});

it("writes the same, however many clients and seats it takes at once", async () => {
  const all = await written();
  expect(all.version).not.toBe(openDataFolder("").hash.digest("hex"));
  for (const range of [
    {seatsAtOnce: 0, clientsAtOnce: 9},
    {seatsAtOnce: 4, clientsAtOnce: 9},
    {seatsAtOnce: 99, clientsAtOnce: 1},
    {seatsAtOnce: 99, clientsAtOnce: 3},
  ]) {
    expect(await written(range), JSON.stringify(range)).toEqual(all);
  }
});
