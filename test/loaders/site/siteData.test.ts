import {cp, mkdtemp, readFile, rename, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {openDatabase} from "../../../loaders/database.js";
import {exampleQueries} from "../../../loaders/site/data/exampleQueries.js";
import {readPresets} from "../../../loaders/site/data/presets.js";
import {writeSiteData} from "../../../loaders/site/data/siteData.js";
import {documentedTables} from "../../../loaders/site/data/tables.js";
import {rowsOf} from "../../../src/lib/rows.js";
import {sampleMarts} from "../../exports/sampleMarts.js";

let undecided: Awaited<ReturnType<typeof sampleMarts>>;
beforeAll(async () => {
  undecided = await sampleMarts();
});
afterAll(() => undecided.remove());

/** The sample's marts without any decision, to be changed. */
async function copyMarts() {
  const directory = await mkdtemp(join(tmpdir(), "trueup-site-data-"));
  await cp(join(undecided.directory, "marts"), join(directory, "marts"), {recursive: true});
  return {directory, remove: () => rm(directory, {recursive: true, force: true})};
}

/** The options for a workspace's site, and a reader of what it wrote. */
function siteOf(directory: string) {
  const folder = join(directory, "data");
  const [marts, tempDirectory] = [join(directory, "marts"), join(directory, "temporary")];
  return {
    ...{options: {marts, folder, tempDirectory, currency: "USD", inactiveAfterDays: 21}, marts},
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

it("calls more of a discount overbilled, as its money is, and goes by the quantity where there is none", async () => {
  const {directory, remove} = await copyMarts();
  const {options, marts, text} = siteOf(directory);
  const database = await openDatabase();
  const file = join(marts, "reconciliation.parquet");
  await database.run(
    `copy (
       select * replace (
         case service_id when 'S-M365BP' then -impact_monthly when 'S-BKP' then null else impact_monthly end as impact_monthly
       )
       from read_parquet('${file}')
     ) to '${file}.next' (format parquet)`,
  );
  const given = (service: string) =>
    database.rows(
      `select client_id, sign(delta_quantity) as direction from '${file}'
       where status = 'discrepancy' and service_id = '${service}' and currency = 'USD' order by 1`,
    );
  const [turned, unpriced] = await Promise.all(["S-M365BP", "S-BKP"].map(given));
  database.close();
  await rename(`${file}.next`, file);
  await writeSiteData(options);
  const rows = rowsOf<Record<string, string>>(JSON.parse(await text("billing.json")).rows);
  await remove();
  const directions = (service: string) =>
    rows
      .filter((row) => row.status === "discrepancy" && row.service_id === service && row.currency === "USD")
      .map(({direction}) => Number(direction));
  expect(new Set(directions("S-M365BP"))).toEqual(new Set([1, -1]));
  expect(directions("S-M365BP")).toEqual(turned?.map(({direction}) => -Number(direction)));
  expect(directions("S-BKP")).toEqual(unpriced?.map(({direction}) => Number(direction)));
});

it("tells the table of clients after how many days a seat is inactive, and also of connections that were never read", async () => {
  const {directory, remove} = await copyMarts();
  const {options, marts, text} = siteOf(directory);
  const database = await openDatabase();
  const file = join(marts, "client_integrations.parquet");
  const unread = "connection_id = 'edr' then null else";
  await database.run(
    `copy (
       select * replace (
         case when ${unread} seats_total end as seats_total,
         case when ${unread} seats_counted end as seats_counted,
         case when ${unread} seats_unaccounted end as seats_unaccounted
       )
       from read_parquet('${file}')
     ) to '${file}.next' (format parquet)`,
  );
  database.close();
  await rename(`${file}.next`, file);
  await writeSiteData({...options, inactiveAfterDays: 14});
  const billing = JSON.parse(await text("billing.json"));
  const rows = rowsOf<Record<string, string>>(billing.seats);
  await remove();
  expect(billing.inactive_after_days).toBe(14);
  const seats = rows.filter(({connection_id}) => connection_id === "edr").map((row) => row.seats);
  expect(seats.length).toBeGreaterThan(0);
  expect(new Set(seats)).toEqual(new Set([null]));
});

it("gives pages what stands in no mart: presets of rules, tables and example queries", async () => {
  const {directory, remove} = await copyMarts();
  const {options, text} = siteOf(directory);
  await writeSiteData(options);
  const {presets} = JSON.parse(await text("mapping", "services.json"));
  const {tables, examples} = JSON.parse(await text("explore.json"));
  await remove();
  const written = (value: unknown) => JSON.parse(JSON.stringify(value));
  expect(presets).toEqual(written(await readPresets()));
  expect(tables).toEqual(written(await documentedTables()));
  expect(examples).toEqual(written(await exampleQueries()));
  expect(Math.min(presets.length, tables.length, examples.length)).toBeGreaterThan(1);
});

it("knows no revenue of a service whose lines have no amount", async () => {
  const {directory, remove} = await copyMarts();
  const {options, text} = siteOf(directory);
  await writeSiteData(options);
  const {services} = JSON.parse(await text("margin.json"));
  await remove();
  const groups = rowsOf<{id: string; currency: string; revenue: string | null}>(services);
  expect(groups.find(({id, currency}) => id === "S-AZ" && currency === "USD")?.revenue).toBeNull();
});

it("leaves out what months say of a client that is gone, and writes it over no other client's page", async () => {
  const {directory, remove} = await copyMarts();
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

it("leads from client to client by impact in each currency, as amounts of two do not compare", async () => {
  const {directory, remove} = await copyMarts();
  const {options, marts} = siteOf(directory);
  const {clients, asOf, version} = await writeSiteData(options);
  expect([asOf, version]).toEqual(["2026-11-23T23:59:59.999Z", expect.stringMatching(/^[0-9a-f]{16}$/)]);
  const ranked = clients.map(({clientId}) => clientId);
  const database = await openDatabase();
  const rows = await database.rows(
    `select client_id, currency, absolute_monthly::double as impact from '${join(marts, "clients.parquet")}'
     order by impact = 0, impact > 0 and currency <> 'USD', impact desc, client_id`,
  );
  database.close();
  await remove();
  expect(Number(rows.find(({currency}) => currency === "EUR")?.impact)).toBeGreaterThan(Number(rows[0]?.impact));
  expect(ranked).toEqual([...new Set(rows.map(({client_id}) => client_id))]);
});

it("gives the overview what is open, the largest first, and sums that are those of the summary", async () => {
  const {directory, remove} = await sampleMarts(
    "C1012,S-M365BP,credit,,,,-5,-130.00,agreed,Ron",
    "C1055,S-RMM,bill,,,,5,60.00,about other figures,Ron",
  );
  const {options, marts, text} = siteOf(directory);
  const database = await openDatabase();
  // The flag of most is of what is billed no more.
  const flagFile = join(marts, "flagged_services.parquet");
  await database.run(
    `copy (
       select * replace (is_current and amount_at_stake is distinct from max(amount_at_stake) over () as is_current)
       from read_parquet('${flagFile}')
     ) to '${flagFile}.next' (format parquet)`,
  );
  await rename(`${flagFile}.next`, flagFile);
  await writeSiteData(options);
  const [overview, work, billing] = await Promise.all(
    ["overview.json", "work.json", "billing.json"].map(async (name) => JSON.parse(await text(name))),
  );
  const given = (sql: string) =>
    database.rows(sql.replace(/\bmart\.(\w+)/g, (_, name) => `'${marts}/${name}.parquet'`));
  const cents = (value: unknown) => Math.round(Number(value) * 100);

  const next = rowsOf<Record<string, string>>(overview.next).filter(({currency}) => currency === "USD");
  expect(next.map(({client_name}) => client_name)).not.toContain("Meridian Engineering LLC");
  expect(next.map(({impact_monthly}) => Math.abs(Number(impact_monthly)))).toEqual([90, 84, 78, 78, 68, 60, 52, 52]);
  const [open] = await given(
    "select count(*) as n from mart.work_list where decision_state <> 'decided' and currency = 'USD'",
  );
  expect(next[0]?.open_count).toBe(String(open?.n));

  const [dollars] = rowsOf<Record<string, string>>(overview.summary).filter(({currency}) => currency === "USD");
  for (const bars of ["by_client", "by_service", "by_type"]) {
    const own = rowsOf<Record<string, string>>(overview[bars]).filter(({currency}) => currency === "USD");
    const sum = (side: string) => own.reduce((total, bar) => total + cents(bar[side]), 0);
    expect([sum("under"), sum("over")], bars).toEqual([
      cents(dollars?.underbilled_monthly),
      cents(dollars?.overbilled_monthly),
    ]);
    const sizes = own.map(({under, over}) => cents(under) + cents(over));
    expect(sizes, bars).toEqual(sizes.toSorted((a, b) => b - a));
  }
  const integrations = new Set(rowsOf<{id: string}>(overview.by_integration).map(({id}) => id));
  expect([...integrations].filter((id) => id.includes(";"))).toEqual([]);

  const flags = rowsOf<Record<string, string>>(overview.flags).find(({currency}) => currency === "USD");
  const [flagged] = await given(
    `select count(*) as flags, count(*) filter (severity = 'error') as errors, max(amount_at_stake) filter (is_current) as most
     from mart.flagged_services where currency = 'USD'`,
  );
  expect([flags?.flag_count, flags?.error_count, flags?.most_at_stake]).toEqual(Object.values(flagged ?? {}));

  const states = rowsOf<Record<string, string>>(work.rows).map(({decision_state}) => decision_state);
  expect([states.filter((state) => state === "decided"), states.filter((state) => state === "changed")]).toEqual([
    ["decided"],
    ["changed"],
  ]);
  const seats = await given(
    "select cast(sum(seats_counted + seats_unaccounted) as integer) as seats from mart.client_integrations where seats_total is not null",
  );
  const billed = rowsOf<Record<string, string>>(billing.seats).reduce((sum, row) => sum + Number(row.seats), 0);
  expect(billed).toBe(seats[0]?.seats);
  database.close();
  await remove();
});
