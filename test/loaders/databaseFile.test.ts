import {cp, mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {openDatabase} from "../../loaders/database.js";
import {reconcile} from "../../loaders/reconcile.js";
import {writeDatabase} from "../../loaders/site/writeDatabase.js";
import {sync} from "../../loaders/sync.js";
import {readWorkspace} from "../../loaders/workspace.js";

const sample = new URL("../../data/sample/", import.meta.url).pathname;
const readme = new URL("../../loaders/engines/README.md", import.meta.url);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-file-"));
  for (const name of ["workspace.yaml", "imports", "mappings"]) {
    await cp(join(sample, name), join(directory, name), {recursive: true});
  }
  const workspace = await readWorkspace(directory);
  await sync(workspace);
  await reconcile(workspace);
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
