import {createHash} from "node:crypto";
import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {writeHistoryData} from "../../../loaders/site/historyData.js";
import {rowsOf} from "../../../src/lib/rows.js";
import {reconcileRows} from "../../models/harness.js";
import {ordinaryWorld} from "../../models/ordinary.js";

const october = {settings: {as_of: "2026-10-31T23:59:59Z", as_of_date: "2026-10-31"}};

it("calls a client and a service as they were called last", async () => {
  const before = {
    clients: [{client_id: "acme", client_name: "Zenith"}],
    services: [{service_id: "mail", service_name: "Webmail"}],
  };
  const closed = {"2026-10": await reconcileRows(ordinaryWorld({...october, ...before}))};
  const path = await mkdtemp(join(tmpdir(), "trueup-history-"));
  await reconcileRows(ordinaryWorld({closed}), async (database) => {
    await database.run("create table pages as select 'acme' as client_id, '~acme' as slug");
    await writeHistoryData(database, {path, hash: createHash("sha256")});
  });
  const {subjects} = JSON.parse(await readFile(join(path, "history.json"), "utf8"));
  await rm(path, {recursive: true});
  expect(rowsOf(subjects)).toMatchObject([{client_name: "Acme", label: "Mail protection"}]);
});
