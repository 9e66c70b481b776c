import {afterEach, expect, it} from "vitest";
import type {Service} from "../vendors/emulator.js";
import {httpJson} from "../vendors/http-json.js";
import {type Vendor, variable} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {openVendor, readLake, readQuarantine, type VendorRun} from "./syncVendor.js";

/** What an API that somebody declares may do, and the vendors that there are connectors for do not. */

const most = 20;
let run: VendorRun;
afterEach(() => run.close());

async function open(service: Service, streams: readonly object[]): Promise<void> {
  const settings = (url: string) => ({base_url: url, streams});
  run = await openVendor({...httpJson, env: {}, settings, emulate: () => service}, makeWorld({clients: 1}));
}

/** Reads accounts and products from an API that skips rows, and gives no more than 20 to a page whatever it is asked for. */
async function read(accounts: readonly object[], products: readonly object[]) {
  const rows: Record<string, readonly object[]> = {"/accounts": accounts, "/products": products};
  const service: Service = {
    authorize: () => null,
    answer({path, query}) {
      const start = Number(query.get("skip"));
      return {body: {rows: rows[path]?.slice(start, start + Math.min(Number(query.get("limit")), most))}};
    },
  };
  const stream = (table: string, columns: Record<string, string>) => ({
    ...{table, path: `/${table}`, query: {limit: 50}, rows: "rows", columns},
    paging: {type: "offset", parameter: "skip", size: 50},
  });
  await open(service, [
    stream("accounts", {account_id: "id", account_name: "name"}),
    stream("products", {product_id: "id", product_name: "name", is_trial: "trial"}),
  ]);
  const record = await run.sync();
  expect(record.error).toBeNull();
  return {record, lake: await readLake(run.directory)};
}

it.each([
  ["whole", (origin: string, path: string, query: string) => `${origin}${path}${query}`],
  ["from the root on", (_: string, path: string, query: string) => `${path}${query}`],
  ["beside the page that they are on", (_origin: string, _path: string, query: string) => query],
])("follows the pages of an API that wants a key in a header, by links that are %s", async (_, linkTo) => {
  const page = (number: number) => [{id: number, name: `N${number}`}];
  const service: Service = {
    authorize: ({headers}) => (headers["x-key"] === "planted" ? null : {status: 401, body: {}}),
    answer({path, query, origin}) {
      const number = Number(query.get("page") ?? "1");
      const next = number < 3 ? linkTo(origin, path, `?page=${number + 1}`) : null;
      if (path === "/api/products") return {body: {rows: page(number), links: {next}}};
      return {body: page(number), ...(next === null ? {} : {headers: {link: `<${next}>; rel="next"`}})};
    },
  };
  const vendor: Vendor = {
    ...httpJson,
    env: {KEY: "planted"},
    settings: (url) => ({
      base_url: `${url}/api`,
      auth: {type: "header", name: "X-Key", value: variable("KEY")},
      streams: [
        {
          ...{table: "accounts", path: "/accounts", columns: {account_id: "id", account_name: "name"}},
          paging: {type: "link_header"},
        },
        {
          ...{table: "products", path: "/products", rows: "rows", columns: {product_id: "id", product_name: "name"}},
          paging: {type: "next_url", path: "links.next"},
        },
      ],
    }),
    emulate: () => service,
  };
  run = await openVendor(vendor, makeWorld({clients: 1}));
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  const {accounts, products} = await readLake(run.directory);
  expect([accounts?.map((row) => row.account_name), products?.map((row) => row.product_name)]).toEqual([
    ["N1", "N2", "N3"],
    ["N1", "N2", "N3"],
  ]);
});

it("takes an answer without content for no rows, whatever the paging", async () => {
  const service: Service = {
    authorize: () => null,
    answer: ({path}) => (path === "/accounts" ? {body: {rows: named(2), pages: 1}} : {status: 204, body: ""}),
  };
  const stream = {rows: "rows", paging: {type: "page", parameter: "page", total_pages: "pages"}};
  await open(service, [
    {...stream, table: "accounts", path: "/accounts", columns: {account_id: "id", account_name: "name"}},
    {...stream, table: "products", path: "/products", columns: {product_id: "id", product_name: "name"}},
  ]);
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  const {accounts = [], products = []} = await readLake(run.directory);
  expect([accounts.length, products.length]).toEqual([2, 0]);
});

const named = (count: number) => Array.from({length: count}, (_, index) => ({id: index + 1, name: `N${index + 1}`}));

it.each([0, 19, 20, 50, 101])(
  "reads all of %i rows that are skipped, though pages are smaller than asked for",
  async (count) => {
    const {lake} = await read(named(count), named(1));
    expect(lake.accounts ?? []).toHaveLength(count);
  },
);

it("knows a trial by any word for yes, and refuses a word that is neither yes nor no", async () => {
  const words = [true, "true", "TRUE", "Yes", 1, "1", false, "False", "no", 0, null];
  const products = [...named(30).map((product) => ({...product, trial: false}))];
  const {record, lake} = await read(named(1), [
    ...words.map((trial, index) => ({id: `w${index + 10}`, name: "Word", trial})),
    {id: "odd", name: "Odd", trial: "perhaps"},
    ...products,
  ]);
  const found = (lake.products ?? []).filter(({product_name}) => product_name === "Word");
  expect(found.map(({is_trial}) => is_trial)).toEqual([...Array(6).fill(true), ...Array(4).fill(false), null]);
  expect(await readQuarantine(run.directory, record)).toMatchObject([{column: "is_trial", value: "perhaps"}]);
});

it("refuses an id whose digits do not fit a number, rather than to take two for one", async () => {
  const ids = [1_234_567_890_123_456_789n, 1_234_567_890_123_456_790n].map(Number);
  const {record, lake} = await read([...named(60), ...ids.map((id) => ({id, name: "Long"}))], named(1));
  expect(lake.accounts).toHaveLength(60);
  expect(await readQuarantine(run.directory, record)).toMatchObject([{column: "id"}, {column: "id"}]);
});
