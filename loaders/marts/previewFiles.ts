import {mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {MappedModels} from "../../src/lib/mappedFigures.js";
import {type MappingFiles, mappingNames} from "../../src/lib/mappingTables.js";
import type {PreviewData, PreviewSize} from "../../src/lib/preview.js";
import {type Database, literal} from "../database.js";
import {checkMappingFiles, type ReadMappings} from "../workspace/mappings.js";

const mappingsFile = "mappings.json";

/**
 * The rows of all tables taken together that a browser is given. 1,000 clients with 300,000 seats have 400,000; an edit takes
 * a time that grows with them.
 */
export const previewLimit = 1_000_000;

/**
 * Writes what a browser needs to work out the figures under other mappings: `preview.duckdb` with the tables that no mapping
 * changes, and `preview.json`, which says how large it is and holds the models. Seats go in as cells and people as numbers.
 * What is larger than the limit is not written.
 */
export async function writePreview(
  database: Database,
  {
    mapped,
    files,
    folder,
    limit = previewLimit,
  }: {mapped: MappedModels; files: MappingFiles; folder: string; limit?: number},
): Promise<void> {
  await mkdir(folder, {recursive: true});
  const size = await measure(database, mapped.tables);
  const fits = size.rows <= limit;
  if (fits) await writeTables(database, mapped, join(folder, "preview.duckdb"));
  await writeNotes(folder, {...size, limit, fits, models: fits ? mapped : null}, files);
}

/** Says of a workspace with so many seats that it is too large. */
export async function writeNoPreview(folder: string, seats: number, files: MappingFiles): Promise<void> {
  await mkdir(folder, {recursive: true});
  await writeNotes(folder, {rows: seats, seats, limit: previewLimit, fits: false, models: null}, files);
}

async function writeNotes(folder: string, data: PreviewData, files: MappingFiles): Promise<void> {
  await writeFile(join(folder, "preview.json"), JSON.stringify(data));
  await writeFile(join(folder, mappingsFile), JSON.stringify(files));
}

/** The mappings that the marts of a folder were made with. */
export async function readUsedMappings(marts: string): Promise<ReadMappings> {
  const files = JSON.parse(await readFile(join(marts, "preview", mappingsFile), "utf8")) as MappingFiles;
  return checkMappingFiles(files);
}

/** People are at most as many as the seats: to count them exactly is what the limit is there to spare. */
async function measure(database: Database, tables: readonly string[]): Promise<PreviewSize> {
  const counts = tables
    .filter((name) => special[name] === undefined)
    .map((name) => `select count(*) as rows, 0 as seats from ${name}`);
  const seats = "select coalesce(sum(seat_count), 0), coalesce(sum(seat_count), 0) from seat_cells";
  const [size] = await database.rows(
    `select sum(rows) as rows, sum(seats) as seats from (${[...counts, seats].join(" union all ")}) as counts`,
  );
  return {rows: Number(size?.rows), seats: Number(size?.seats)};
}

async function writeTables(database: Database, {tables}: MappedModels, file: string): Promise<void> {
  // Many small tables: with the usual blocks of 256 kB each would take as much.
  await database.run(`attach ${literal(file)} as preview (block_size 16384)`);
  try {
    for (const name of tables) await database.run(special[name] ?? `create table preview.${name} as from ${name}`);
    await database.run("create table preview.settings as from settings");
    for (const table of mappingNames)
      await database.run(`create table preview.mapping_${table} as from mapping_${table} limit 0`);
  } finally {
    await database.run("detach preview");
  }
}

/** What goes in otherwise than as it is, so that no seat goes in but those that an exclusion names. */
const special: Readonly<Record<string, string>> = {
  stg_seats: `
    create table preview.stg_seats as
    select seats.* from stg_seats as seats
    semi join mapping_exclusions as named on seats.connection_id = named.connection_id and seats.seat_id = named.seat_id`,
  // People and cells by numbers: as texts they would be most of the file, and of the time to write it. Two of a million people
  // share a hash once in 30 million workspaces.
  seat_identities: `
    create table preview.people as
    with named as (
      select distinct connection_id, seat_id from mapping_exclusions where seat_id is not null
    ),
    seats as (
      select
        cells.cell_id,
        named.seat_id,
        case
          when identity_key(seats.identifier) is not null then hash(identity_key(seats.identifier))
          else hash(seats.connection_id, seats.account_id, seats.product_id, seats.seat_id)
        end as person
      from seat_identities as seats
      inner join seat_cells as cells
        on seats.connection_id = cells.connection_id
        and seats.account_id = cells.account_id
        and seats.product_id = cells.product_id
        and seats.kind_key = cells.kind_key
        and seats.status = cells.status
      left join named on seats.connection_id = named.connection_id and seats.seat_id = named.seat_id
    ),
    people as (
      select person, cast(row_number() over () as integer) as number from (select distinct person from seats)
    )
    select seats.cell_id, seats.seat_id, people.number
    from seats
    inner join people on seats.person = people.person
    order by seats.cell_id;

    create view preview.seat_identities as
    select
      cells.connection_id, cells.account_id, cells.product_id, cells.kind_key, cells.status, people.seat_id,
      cast(people.number as varchar) as identifier
    from preview.people as people
    inner join preview.seat_cells as cells on people.cell_id = cells.cell_id`,
};
