import {spawn} from "node:child_process";
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {openDatabase} from "../../../loaders/database.js";
import {currentSync, lakeFiles, listSyncs} from "../../../loaders/lake/lake.js";
import {sync} from "../../../loaders/lake/sync.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";
import {bin} from "../runTrueup.js";

let directory: string;

/** Every seat of an export is of one generation, so that a mixture of two exports shows. */
async function exportGeneration(generation: number, seats: number): Promise<void> {
  const imports = join(directory, "imports", "rmm");
  await mkdir(imports, {recursive: true});
  await writeFile(join(imports, "accounts.csv"), "account_id,account_name\nA,Acme\n");
  await writeFile(join(imports, "products.csv"), `product_id,product_name\nP,Generation ${generation}\n`);
  const lines = Array.from({length: seats}, (_, seat) => `A,P,S${seat},device,${generation}\n`);
  await writeFile(join(imports, "seats.csv"), `account_id,product_id,seat_id,kind,display_name\n${lines.join("")}`);
}

/** Runs a sync and kills it after so many milliseconds, or as soon as its unfinished folder holds a file so named. */
async function killSync(moment: number | string): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [bin, "sync", "--only", "rmm", "-w", directory, "--quiet"], {stdio: "ignore"});
  const ended = new Promise<NodeJS.Signals | null>((done) => child.once("exit", (_, signal) => done(signal)));
  if (typeof moment === "number") {
    setTimeout(() => child.kill("SIGKILL"), moment);
    return ended;
  }
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const files = await readdir(join(directory, "lake", "rmm"), {recursive: true}).catch(() => []);
    if (files.some((file) => file.includes("tmp") && file.endsWith(moment))) break;
    await new Promise((done) => setTimeout(done, 2));
  }
  child.kill("SIGKILL");
  return ended;
}

/** The generations in the current data: exactly one, with every one of its seats. */
async function currentData(): Promise<{generation: string; seats: number}> {
  const current = currentSync(await listSyncs({directory}, "rmm"));
  if (current === undefined) throw new Error("There is no current sync.");
  const {files} = lakeFiles({directory}, current);
  const database = await openDatabase();
  try {
    const rows = await database.rows(
      `select seats.display_name as generation, count(*)::integer as seats from read_parquet('${files.seats?.[0]}') as seats
       inner join read_parquet('${files.products?.[0]}') as products on product_name = 'Generation ' || seats.display_name group by all`,
    );
    expect(rows).toHaveLength(1);
    return rows[0] as {generation: string; seats: number};
  } finally {
    database.close();
  }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-killed-"));
  await writeFile(
    join(directory, "workspace.yaml"),
    "name: Killed\ncurrency: USD\nconnections:\n  - {id: psa, connector: csv-psa, path: imports/psa}\n  - {id: rmm, connector: csv-usage, path: imports/rmm}\n",
  );
});
afterAll(() => rm(directory, {recursive: true, force: true}));

it("keeps the last good data whole, whenever a sync is killed", async () => {
  await exportGeneration(1, 10);
  await sync(await readWorkspace(directory), {only: ["rmm"]});
  expect(await currentData()).toEqual({generation: "1", seats: 10});

  await exportGeneration(2, 200_000);
  const moments = [
    "accounts.parquet",
    "products.parquet",
    "seats.parquet.tmp",
    150,
    300,
    600,
    800,
    "seats.parquet",
  ] as const;
  let killed = 0;
  for (const moment of moments) {
    const signal = await killSync(moment);
    if (signal === "SIGKILL") killed += 1;
    const data = await currentData();
    expect(
      [
        {generation: "1", seats: 10},
        {generation: "2", seats: 200_000},
      ],
      String(moment),
    ).toContainEqual(data);
    if (data.generation === "2") break;
  }
  expect(killed).toBeGreaterThanOrEqual(4);

  const [record] = await sync(await readWorkspace(directory), {only: ["rmm"]});
  expect(record).toMatchObject({status: "succeeded", error: null});
  expect(await currentData()).toEqual({generation: "2", seats: 200_000});
  const left = await readdir(join(directory, "lake", "rmm"));
  expect(left.filter((name) => name.includes("tmp"))).toEqual([]);
  expect(
    JSON.parse(await readFile(join(directory, "lake", "rmm", left.sort().at(-1) ?? "", "sync.json"), "utf8")),
  ).toMatchObject({
    rows_read: 200_002,
    rows_kept: 200_002,
  });
}, 120_000);
