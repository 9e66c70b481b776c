import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {writeSiteData} from "../../loaders/site/siteData.js";
import {rowsOf} from "../../src/lib/rows.js";
import {sampleMarts} from "../exports/sampleMarts.js";

it("offers no memo where nothing is to be billed or credited: of a client whose differences are all accepted", async () => {
  const {directory, remove} = await sampleMarts("C1003,S-BKP,accept,,,,-2,-28.00,flat price,Ron");
  const [marts, folder, tempDirectory] = ["marts", "data", "temporary"].map((name) => join(directory, name)) as [
    ...[string, string, string],
  ];
  await writeSiteData({marts, folder, tempDirectory, inactiveAfterDays: 21});
  const {clients} = JSON.parse(await readFile(join(folder, "memos.json"), "utf8"));
  await remove();
  const offered = rowsOf<{slug: string}>(clients).map(({slug}) => slug);
  expect(offered).toContain("~c1002");
  expect(offered).not.toContain("~c1003");
});

it("knows no revenue of a service whose lines have no amount", async () => {
  const {directory, remove} = await sampleMarts();
  const [marts, folder, tempDirectory] = ["marts", "data", "temporary"].map((name) => join(directory, name)) as [
    ...[string, string, string],
  ];
  await writeSiteData({marts, folder, tempDirectory, inactiveAfterDays: 21});
  const {services} = JSON.parse(await readFile(join(folder, "margin.json"), "utf8"));
  await remove();
  const groups = rowsOf<{id: string; currency: string; revenue: string | null}>(services);
  expect(groups.find(({id, currency}) => id === "S-AZ" && currency === "USD")?.revenue).toBeNull();
});
