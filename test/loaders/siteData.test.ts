import {readFile, rename} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {openDatabase} from "../../loaders/database.js";
import {writeSiteData} from "../../loaders/site/siteData.js";
import {rowsOf} from "../../src/lib/rows.js";
import {sampleMarts} from "../exports/sampleMarts.js";

/** The options for a workspace's site, and a reader of what it wrote. */
function siteOf(directory: string) {
  const folder = join(directory, "data");
  const [marts, tempDirectory] = [join(directory, "marts"), join(directory, "temporary")];
  return {
    ...{options: {marts, folder, tempDirectory, inactiveAfterDays: 21}, marts},
    text: (...path: string[]) => readFile(join(folder, ...path), "utf8"),
  };
}

it("offers no memo where nothing is to be billed or credited: of a client whose differences are all accepted", async () => {
  const {directory, remove} = await sampleMarts("C1003,S-BKP,accept,,,,-2,-28.00,flat price,Ron");
  const {options, text} = siteOf(directory);
  await writeSiteData(options);
  const {clients} = JSON.parse(await text("memos.json"));
  await remove();
  const offered = rowsOf<{slug: string}>(clients).map(({slug}) => slug);
  expect(offered).toContain("~c1002");
  expect(offered).not.toContain("~c1003");
});

it("knows no revenue of a service whose lines have no amount", async () => {
  const {directory, remove} = await sampleMarts();
  const {options, text} = siteOf(directory);
  await writeSiteData(options);
  const {services} = JSON.parse(await text("margin.json"));
  await remove();
  const groups = rowsOf<{id: string; currency: string; revenue: string | null}>(services);
  expect(groups.find(({id, currency}) => id === "S-AZ" && currency === "USD")?.revenue).toBeNull();
});

it("leaves out what months say of a client that is gone, and writes it over no other client's page", async () => {
  const {directory, remove} = await sampleMarts();
  const {options, marts, text} = siteOf(directory);
  const [first] = (await writeSiteData(options)).clients;
  const page = () => text("clients", `${first?.slug}.json`);
  const before = await page();
  const database = await openDatabase();
  const history = join(marts, "history_clients.parquet");
  await database.run(
    `create table months as
     select '2026-10' as period, '${first?.clientId}x' as client_id, 'Gone Ltd' as client_name, 'USD' as currency,
       1 as discrepancy_count, 5.00 as underbilled_monthly, 0.00 as overbilled_monthly, 5.00 as net_monthly`,
  );
  await database.run(
    `copy (from read_parquet('${history}') union all by name from months) to '${history}.next' (format parquet)`,
  );
  database.close();
  await rename(`${history}.next`, history);
  const {clients} = await writeSiteData(options);
  const after = await page();
  await remove();
  expect(clients[0]).toEqual(first);
  expect(after).toBe(before);
});
