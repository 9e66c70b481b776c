import {createHash} from "node:crypto";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {type Database, literal} from "../../database.js";
import {readAsOf} from "../../marts/martFiles.js";
import {runTasks} from "../../marts/runTasks.js";
import {clientParts} from "./clientParts.js";
import {describeSeats, seatsByClient} from "./clientSeats.js";
import {columnsOf, type DataFolder, jsonArray} from "./jsonFile.js";
import type {ClientPage} from "./rankClients.js";

/** Clients are written in ranges of about so many seats, so that neither their number nor that of seats decides about memory. */
const usualRange = {seatsAtOnce: 50_000, clientsAtOnce: 250};

/**
 * Writes `clients/<slug>.json` and `seats/<slug>.json` for every client. Expects the marts as views. What a client's page
 * shows goes through `scratch`, sorted by client, and from there as a stream: one client is in memory at a time.
 */
export async function writeClientData(
  database: Database,
  folder: DataFolder,
  clients: readonly ClientPage[],
  scratch: string,
  range = usualRange,
): Promise<void> {
  await mkdir(join(folder.path, "clients"), {recursive: true});
  await mkdir(join(folder.path, "seats"), {recursive: true});
  const heads = await gatherParts(database, scratch);
  const connections = await database.rows(
    "select connection_id, kind, health, health_reason, last_success_at from integrations order by connection_id",
  );
  const asOfDate = (await readAsOf(database)).slice(0, 10);
  const place = new Map(clients.map(({clientId}, index) => [clientId, index]));
  const {head, lines} = await describeSeats(database);
  const digests: string[] = [];
  const writeRange = async (own: Database, among: readonly string[]): Promise<void> => {
    // A connection has one result at a time.
    const second = await own.connect();
    try {
      const seats = seatsByClient(second, lines(`seats.${within(among)}`));
      let next = await seats.next();
      for await (const {clientId, texts} of partsByClient(own, among)) {
        let groups = "";
        if (next.done !== true && next.value.clientId === clientId) {
          groups = next.value.groups;
          next = await seats.next();
        }
        const at = place.get(clientId) as number;
        const {slug, name} = clients[at] as ClientPage;
        const tables = clientParts.map(
          (part) =>
            `${JSON.stringify(part.name)}:{"columns":${heads.get(part.name)},"rows":[${texts.get(part.name) ?? ""}]}`,
        );
        const facts = {
          client_id: clientId,
          name,
          slug,
          as_of_date: asOfDate,
          connections,
          previous: neighbour(clients[at - 1]),
          next: neighbour(clients[at + 1]),
        };
        const page = `${JSON.stringify(facts).slice(0, -1)},${tables.join(",")}}`;
        const list = `${head},"groups":[${groups}]}`;
        digests[at] = createHash("sha256").update(page).update(list).digest("hex");
        await writeFile(join(folder.path, "clients", `${slug}.json`), page);
        await writeFile(join(folder.path, "seats", `${slug}.json`), list);
      }
    } finally {
      second.close();
    }
  };
  const tasks = (await ranges(database, range)).map((among) => ({
    name: `clients from ${among[0]} on`,
    after: [],
    run: (own: Database) => writeRange(own, among),
  }));
  // While one range is looked up another is written; of one at a time, each half would wait for the other.
  await runTasks(database, tasks, {parallel: 2});
  for (const digest of digests) folder.hash.update(digest);
}

function neighbour(client: ClientPage | undefined): {slug: string; name: string} | null {
  return client === undefined ? null : {slug: client.slug, name: client.name};
}

/** Makes a file of every part, its rows as JSON, sorted by client, and a view `part_<name>` of it. Returns their columns as JSON. */
async function gatherParts(database: Database, scratch: string): Promise<Map<string, string>> {
  await mkdir(scratch, {recursive: true});
  const heads = new Map<string, string>();
  for (const {name, sql, order} of clientParts) {
    const columns = (await columnsOf(database, sql)).filter((column) => column.name !== "client_id");
    heads.set(name, JSON.stringify(columns.map((column) => column.name)));
    const file = literal(join(scratch, `${name}.parquet`));
    // Closed months know clients that are gone and have no page. Row groups of few rows, as every one that holds a client in
    // question is read as a whole.
    await database.run(
      `copy (
         select client_id, ${jsonArray(columns)} as line
         from (select * from (${sql}) where client_id in (select client_id from pages) order by client_id, ${order})
       ) to ${file} (format parquet, compression zstd, row_group_size 10240)`,
    );
    await database.run(
      `create view part_${name} as
       select client_id, line, file_row_number as position from read_parquet(${file}, file_row_number = true)`,
    );
  }
  return heads;
}

/** Clients in the order of their ids, cut where enough seats have come together. */
async function ranges(database: Database, {seatsAtOnce, clientsAtOnce}: typeof usualRange): Promise<string[][]> {
  const rows = await database.rows(
    `select pages.client_id, cast(coalesce(sum(accounts.seat_count), 0) as integer) as seats
     from pages left join accounts on pages.client_id = accounts.client_id
     group by pages.client_id order by pages.client_id`,
  );
  const found: string[][] = [];
  let seats = 0;
  for (const row of rows) {
    const last = found.at(-1);
    if (last === undefined || seats + Number(row.seats) > seatsAtOnce || last.length >= clientsAtOnce) {
      found.push([String(row.client_id)]);
      seats = Number(row.seats);
    } else {
      last.push(String(row.client_id));
      seats += Number(row.seats);
    }
  }
  return found;
}

function within(among: readonly string[]): string {
  return `client_id between ${literal(among[0] ?? "")} and ${literal(among.at(-1) ?? "")}`;
}

/** Every client of a range, with the rows of each part as JSON without brackets. */
async function* partsByClient(
  database: Database,
  among: readonly string[],
): AsyncGenerator<{clientId: string; texts: ReadonlyMap<string, string>}> {
  const selects = clientParts.map(
    ({name}) =>
      `select client_id, '${name}' as part, string_agg(line, ',' order by position) as text
       from part_${name} where ${within(among)} group by client_id`,
  );
  const result = await database.connection.stream(
    `select client_id, part, text
     from (select client_id, '' as part, '' as text from pages where ${within(among)} union all ${selects.join(" union all ")})
     order by client_id`,
  );
  let current: {clientId: string; texts: Map<string, string>} | undefined;
  for await (const rows of result.yieldRows()) {
    for (const [id, part, text] of rows) {
      if (id !== current?.clientId) {
        if (current !== undefined) yield current;
        current = {clientId: String(id), texts: new Map()};
      }
      current?.texts.set(String(part), String(text));
    }
  }
  if (current !== undefined) yield current;
}
