import {mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {JSDOM} from "jsdom";
import {afterAll, beforeAll, expect, it, vi} from "vitest";
import {writeSiteData} from "../../loaders/site/data/siteData.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {billing} from "../../src/components/billing.js";
import {charts} from "../../src/components/charts.js";
import {client} from "../../src/components/client.js";
import {clientMapping} from "../../src/components/clientMapping.js";
import {history} from "../../src/components/history.js";
import {integrationStatus} from "../../src/components/integrationStatus.js";
import {mappingWork} from "../../src/components/mappingWork.js";
import {margin} from "../../src/components/margin.js";
import {memo} from "../../src/components/memo.js";
import {overview} from "../../src/components/overview.js";
import {serviceMapping} from "../../src/components/serviceMapping.js";
import {workList} from "../../src/components/workList.js";
import type {Table} from "../../src/lib/rows.js";
import {stateOf} from "../components/stateOf.js";
import {madeSample} from "../sample/madeSample.js";

/** What a page reads of a row and its data lacks: it would show a dash everywhere, and no type tells. */
const lacking = vi.hoisted(() => new Set<string>());

vi.mock("../../src/lib/rows.js", async (original) => {
  const rows = await original<typeof import("../../src/lib/rows.js")>();
  const watched = (row: object): object =>
    new Proxy(row, {
      get(target, name) {
        if (typeof name === "string" && !(name in target)) {
          lacking.add(`${name}, where there are ${Object.keys(target).join(", ")}`);
        }
        return Reflect.get(target, name);
      },
    });
  return {...rows, rowsOf: (table: Table) => rows.rowsOf<object>(table).map(watched)};
});

let folder: string;
beforeAll(async () => {
  const {window} = new JSDOM("", {url: "https://site.example/"});
  for (const name of Object.getOwnPropertyNames(window)) {
    if (!(name in globalThis)) vi.stubGlobal(name, window[name as "document"]);
  }
  folder = await mkdtemp(join(tmpdir(), "trueup-columns-"));
  const workspace = await readWorkspace(await madeSample("months"));
  const marts = join(workspace.directory, "marts");
  await writeSiteData({
    ...{marts, folder: join(folder, "data"), tempDirectory: folder},
    ...{currency: workspace.currency, inactiveAfterDays: 21},
  });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await rm(folder, {recursive: true});
});

// biome-ignore lint/suspicious/noExplicitAny: each page knows the type of its data.
const read = async (name: string): Promise<any> => JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"));
const data = (name: string) => read(`data/${name}`);
const files = {clients: "", services: "", exclusions: "", prices: "", decisions: ""};
const options = {files, workspace: "Northwind IT", openPreview: () => new Promise<never>(() => {})};

type Open = (state: ReturnType<typeof stateOf>) => Promise<unknown>;

const openClients: Open = async (state) => {
  const all = await readdir(join(folder, "data", "clients"));
  for (const file of all.filter((_, place) => place % 5 === 0)) {
    const [page, seats] = await Promise.all(["clients", "seats"].map((part) => data(`${part}/${file.slice(0, -5)}`)));
    client(page, {seats: async () => seats, mappings: async () => files}, state);
    memo(page, seats, {workspace: "Northwind IT", state: stateOf()});
  }
};
const flaggedAndInactive = {flagged: () => data("flagged"), inactive: () => data("inactive")};
const marginLists = {rows: () => data("margin-rows"), unused: () => data("unused-licences")};

/** What opens each page, and the states of its address that show something else of its data. */
const pages: Record<string, [Open, ...Record<string, string>[]]> = {
  overview: [async (state) => overview(await data("overview"), state), {}],
  charts: [async (state) => charts(await data("charts"), state), {}],
  billing: [
    async (state) => billing(await data("billing"), flaggedAndInactive, state),
    ...[{}, {section: "flagged"}, {section: "inactive"}],
  ],
  "work list": [async (state) => workList(await data("work"), options, state), {}, {list: "decided"}, {list: "gone"}],
  margin: [
    async (state) => margin(await data("margin"), marginLists, state),
    ...["clients", "services", "products", "detail", "unused"].map((section) => ({section})),
  ],
  mapping: [async (state) => mappingWork(await data("mapping"), state), {}],
  "client mapping": [
    async (state) => clientMapping(await data("mapping/clients"), options, state),
    ...["unlinked", "doubtful", "linked", "excluded"].map((list) => ({list})),
  ],
  "service mapping": [
    async (state) => serviceMapping(await data("mapping/services"), options, state),
    ...["products", "services"].map((view) => ({view})),
  ],
  history: [async (state) => history(await data("history"), (period) => data(`history/${period}`), state), {}],
  integrations: [async () => integrationStatus(await data("integrations")), {}],
  "client and memo": [openClients, ...["", "seats", "services"].map((tab) => ({tab}))],
};

it.each(Object.entries(pages))("what the page %s reads is in its data", async (_, [open, ...states]) => {
  lacking.clear();
  for (const state of states) await open(stateOf(state));
  // What a part of the page waits for is there by then.
  await new Promise((done) => setTimeout(done, 100));
  expect([...lacking]).toEqual([]);
});
