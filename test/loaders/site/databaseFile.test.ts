import {appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {literal, openDatabase} from "../../../loaders/database.js";
import {createLakeViews} from "../../../loaders/lake/lakeViews.js";
import {sync} from "../../../loaders/lake/sync.js";
import {readInputs, reconcile} from "../../../loaders/marts/reconcile.js";
import {documentedTables} from "../../../loaders/site/data/tables.js";
import {writeDatabase} from "../../../loaders/site/data/writeDatabase.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";
import {copySample} from "../../sample/copySample.js";
import {copyReconciled} from "../../sample/madeSample.js";

const readme = new URL("../../../loaders/engines/README.md", import.meta.url);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-file-"));
  await copyReconciled(directory);
  const file = join(directory, "dist", "data", "trueup.duckdb");
  await writeDatabase({directory, file, tempDirectory: join(directory, "spill")});
});
afterAll(() => rm(directory, {recursive: true, force: true}));

it("goes as it is into another database, by the documented statements, where every query still runs", async () => {
  const [, sql = ""] =
    /```sql\n([^`]*create or replace database trueup;[^`]*)```/.exec(await readFile(readme, "utf8")) ?? [];
  const database = await openDatabase();
  try {
    await database.run("attach ':memory:' as trueup");
    const [, own = ""] = sql.split("create or replace database trueup;\n");
    await database.run(own.replace("dist/", `${directory}/dist/`));
    const tables = (name: string) =>
      database.rows(
        `select table_name, estimated_size, column_count, comment from duckdb_tables() where database_name = '${name}' order by 1`,
      );
    expect(await tables("trueup")).toEqual(await tables("site"));
    await database.run("detach site; use trueup");
    const views = await database.rows(
      "select view_name, comment from duckdb_views() where database_name = 'trueup' and not internal",
    );
    expect(views.length).toBeGreaterThan(10);
    for (const {view_name, comment} of views) {
      expect(comment).not.toBeNull();
      await database.rows(`from ${view_name}`);
    }
    const [summary] = await database.rows("select count(*) as rows from reconciliation");
    expect(Number(summary?.rows)).toBeGreaterThan(100);
  } finally {
    database.close();
  }
});

it("has each table as it is documented, instants in UTC, what was decided, small blocks where seats are few, and the format of DuckDB 1.2", async () => {
  const database = await openDatabase();
  try {
    await database.run(`attach ${literal(join(directory, "dist", "data", "trueup.duckdb"))} as site (read_only)`);
    const tables = await documentedTables();
    const site = "database_name = 'site' and not internal";
    const present = `select table_name as name, comment as description from duckdb_tables() where ${site}
      union all select view_name, comment from duckdb_views() where ${site} and view_name = 'lake_seats'`;
    expect(await database.rows(present)).toEqual(
      expect.arrayContaining(tables.map(({name, description}) => ({name, description}))),
    );
    const columns = await database.rows(
      `select table_name || '.' || column_name as name, data_type as type, comment as description
       from duckdb_columns() where ${site} and table_name in (select name from (${present})) order by table_name, column_index`,
    );
    const documented = tables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(columns).toEqual(
      documented.flatMap((table) =>
        table.columns.map(({name, type, description}) => ({name: `${table.name}.${name}`, type, description})),
      ),
    );
    await database.run("set timezone = 'Pacific/Auckland'");
    expect(await database.rows("select distinct strftime(as_of, '%Y-%m-%d') as day from site.summary")).toEqual([
      {day: "2026-11-23"},
    ]);
    for (const table of ["prices", "exclusions"]) {
      const [header = "", ...lines] = (await readFile(join(directory, "mappings", `${table}.csv`), "utf8"))
        .trim()
        .split("\n");
      const [first] = header.split(",");
      const [row] = await database.rows(`select count(*) as rows, min(${first}) as first from site.mapping_${table}`);
      expect(row, table).toEqual({
        rows: String(lines.length),
        first: lines.map((line) => line.split(",")[0]).sort()[0],
      });
    }
    const [size] = await database.rows("select block_size from pragma_database_size() where database_name = 'site'");
    expect(String(size?.block_size)).toBe("16384");
    const [format] = await database.rows(
      "select tags['storage_version'] as version from duckdb_databases() where database_name = 'site'",
    );
    expect(format).toEqual({version: "v1.2.0+"});
  } finally {
    database.close();
  }
});

it("is of the run that the marts are of, whatever was synced and decided since", async () => {
  const moved = await mkdtemp(join(tmpdir(), "trueup-moved-"));
  try {
    for (const name of ["workspace.yaml", "imports", "mappings", "lake", "marts"]) {
      await cp(join(directory, name), join(moved, name), {recursive: true});
    }
    const write = async (file: string) => {
      await writeDatabase({directory: moved, file, tempDirectory: join(moved, "spill")});
      const database = await openDatabase();
      try {
        await database.run(`attach ${literal(file)} as site (read_only)`);
        const counts = ["lake_seats", "mapping_prices", "mapping_exclusions"].map(
          (table) => `(select cast(count(*) as integer) from site.${table}) as ${table}`,
        );
        return (await database.rows(`select ${counts.join(", ")}`))[0];
      } finally {
        database.close();
      }
    };
    const before = await write(join(moved, "before.duckdb"));
    const [line = ""] = (await readFile(join(moved, "imports", "edr", "seats.csv"), "utf8"))
      .trim()
      .split("\n")
      .slice(-1);
    await appendFile(join(moved, "imports", "edr", "seats.csv"), `late-${line}\n`);
    await sync(await readWorkspace(moved));
    await appendFile(join(moved, "mappings", "prices.csv"), "M365-BP,,12,USD,\nM365-BP,,oops,USD,2026-01-01\n");
    expect(await write(join(moved, "after.duckdb"))).toEqual(before);

    const notes = join(moved, "marts", "preview", "mappings.json");
    const noted = await readFile(notes, "utf8");
    await writeFile(notes, JSON.stringify({...JSON.parse(noted), prices: "service_id,unit_price\nS-BKP,oops\n"}));
    await expect(write(join(moved, "damaged.duckdb"))).rejects.toThrow('mappings/prices.csv:2 unit_price "oops"');
    await writeFile(notes, noted);

    const [first = ""] = await readdir(join(moved, "lake", "edr"));
    await rm(join(moved, "lake", "edr", first), {recursive: true});
    await expect(write(join(moved, "pruned.duckdb"))).rejects.toThrow(
      `lake/edr "${first}": this sync, which the marts were made from, is no longer there. Run \`trueup reconcile\` again.`,
    );
  } finally {
    await rm(moved, {recursive: true, force: true});
  }
});

it("holds seats once, and what was delivered besides only where a seat came without its status", async () => {
  const moved = await mkdtemp(join(tmpdir(), "trueup-seats-"));
  try {
    await copySample(moved);
    const seats = async (name: string) => {
      const workspace = await readWorkspace(moved);
      await sync(workspace);
      await reconcile(workspace);
      const {lake} = await readInputs(workspace, join(moved, "mappings"));
      const file = join(moved, name);
      await writeDatabase({directory: moved, file, tempDirectory: join(moved, "spill")});
      const database = await openDatabase();
      try {
        await createLakeViews(database, lake);
        await database.run(`attach ${literal(file)} as site (read_only)`);
        const shared = `connection_id, seat_id, account_id, product_id, kind, display_name, identifier, status,
          cast(created_at as timestamp), cast(last_activity_at as timestamp), commitment_end`;
        const [found] = await database.rows(
          `select
             (select table_type from information_schema.tables where table_catalog = 'site' and table_name = 'lake_seats') as form,
             (select cast(count(comment) as integer) from duckdb_columns()
              where database_name = 'site' and table_name = 'lake_seats') as comments,
             (select cast(count(*) as integer) from site.lake_seats) as rows,
             (select cast(count(*) as integer) from (
               select ${shared} from lake_seats except all select ${shared} from site.lake_seats)) as missing`,
        );
        return found;
      } finally {
        database.close();
      }
    };
    const before = await seats("stated.duckdb");
    expect(before).toEqual({form: "VIEW", comments: 11, rows: expect.any(Number), missing: 0});
    expect(before?.rows).toBeGreaterThan(1000);
    const file = join(moved, "imports", "edr", "seats.csv");
    await writeFile(file, (await readFile(file, "utf8")).replace(/,active,/, ",,"));
    expect(await seats("blank.duckdb")).toEqual({...before, form: "BASE TABLE"});
  } finally {
    await rm(moved, {recursive: true, force: true});
  }
});
