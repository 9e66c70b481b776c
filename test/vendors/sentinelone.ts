import {sort} from "d3";
import {pageSize, slice} from "./emulator.js";
import {changed, iso, type Vendor, variable} from "./vendor.js";
import type {Client, Device} from "./world.js";

interface Body {
  pagination: {totalItems: number; nextCursor: string | null};
  data: Record<string, unknown>[];
}

const skuOf = ({id}: Client) => (id % 2 === 0 ? "Complete" : "Control");
const isTrial = ({id}: Client) => id === 103;
/** What became of sites whose licences are no longer the client's; the console lists them all the same. */
const states: Readonly<Record<number, string>> = {105: "expired", 106: "deleted"};
/** Sites without a limit: the one says so, the other gives the number that Singularity's bundles have for it. */
const unlimited: Readonly<Record<number, number>> = {104: 0, 102: -1};
/** Has an account of its own, and there the site that every account begins with. */
const ofOwnAccount = 104;
const productOf = (client: Client) => `${skuOf(client)}${isTrial(client) ? " trial" : ""}`;

export const sentinelOne: Vendor = {
  name: "sentinelone",
  env: {S1_TOKEN: "s1.planted.token.eyJhbGciOi"},
  settings: (url) => ({base_url: url, api_token: variable("S1_TOKEN")}),

  emulate({clients, devices}, {most} = {}) {
    const sites = clients.map((client) => ({
      id: String(client.id),
      ...(client.id === ofOwnAccount
        ? {name: "Default site", isDefault: true, accountName: client.name}
        : {name: client.name, isDefault: false, accountName: "Northwind IT"}),
      ...(client.id === 105
        ? {licenses: {bundles: [{name: skuOf(client).toLowerCase(), displayName: skuOf(client), majorVersion: 1}]}}
        : {sku: skuOf(client), suite: skuOf(client)}),
      siteType: isTrial(client) ? "Trial" : "Paid",
      state: states[client.id] ?? "active",
      totalLicenses: unlimited[client.id] ?? 25,
      activeLicenses: 20,
      unlimitedLicenses: client.id === 104,
      // Whoever has it can add devices to the site.
      registrationToken: `planted-token-${client.id}`,
    }));
    const agents = devices
      .filter(({isProtected}) => isProtected)
      .map((device) => ({
        id: `${device.id}000`,
        siteId: String(device.client),
        computerName: device.hostname,
        machineType: device.kind === "server" ? "server" : "laptop",
        createdAt: iso(device.createdAt),
        updatedAt: iso(device.updatedAt ?? device.createdAt),
        ...(device.lastSeenAt === null ? {} : {lastActiveDate: iso(device.lastSeenAt)}),
        isDecommissioned: device.isRemoved,
        isUninstalled: false,
        isActive: true,
      }));
    return {
      limits: {requests: 25, perMilliseconds: 1000},
      authorize: ({headers}) =>
        headers.authorization === `ApiToken ${sentinelOne.env.S1_TOKEN}`
          ? null
          : {status: 401, body: {errors: [{code: 4010010, title: "Authentication Failed", detail: null}]}},
      answer({path, query}) {
        const name = path.replace("/web/api/v2.1/", "");
        const asksForRemoved = query.get("isDecommissioned") === "true,false";
        const rows: readonly {id: string}[] | undefined = {
          sites,
          agents: agents
            .filter(({isDecommissioned}) => asksForRemoved || !isDecommissioned)
            .filter(({updatedAt}) => (updatedAt ?? "") >= (query.get("updatedAt__gte") ?? ""))
            .filter(({lastActiveDate = ""}) => (lastActiveDate ?? "") >= (query.get("lastActiveDate__gte") ?? "")),
        }[name];
        if (rows === undefined) return undefined;
        if (query.get("countOnly") === "true") {
          return {body: {pagination: {totalItems: rows.length, nextCursor: null}, data: []}};
        }
        // A page begins behind the last record of the one before, as the example of a cursor in the document says.
        const [, last = "0"] = Buffer.from(query.get("cursor") ?? "", "base64")
          .toString()
          .split(":");
        const rest = sort(rows, ({id}) => Number(id)).filter(({id}) => Number(id) > Number(last));
        const page = slice(rest, 0, pageSize(query.get("limit"), 1000, most));
        const cursor = Buffer.from(`${name.slice(0, -1)}_id:${page.rows.at(-1)?.id}`).toString("base64");
        return {
          body: {
            pagination: {
              totalItems: rows.length,
              nextCursor: page.isLast ? null : cursor,
            },
            data: name === "sites" ? {sites: page.rows, allSites: {totalLicenses: 0, activeLicenses: 0}} : page.rows,
          },
        };
      },
    };
  },

  expected({clients, devices, now}) {
    const productOfClient = (device: Device) => productOf(clients.find(({id}) => id === device.client) as Client);
    return {
      accounts: clients.map(({id, name}) => ({account_id: String(id), account_name: name})),
      products: [...new Set(clients.map(productOf))].map((product) => ({
        product_id: product,
        product_name: `SentinelOne Singularity ${product}`,
        unit: "device",
        is_trial: product.endsWith("trial"),
      })),
      counts: clients
        .filter(({id}) => unlimited[id] === undefined && states[id] === undefined)
        .map((client) => ({
          account_id: String(client.id),
          product_id: productOf(client),
          metric: "purchased",
          quantity: "25",
          as_of: iso(now),
        })),
      seats: devices
        .filter(({isProtected}) => isProtected)
        .map((device) => ({
          seat_id: `${device.id}000`,
          account_id: String(device.client),
          product_id: productOfClient(device),
          kind: device.kind,
          display_name: device.hostname,
          identifier: device.hostname,
          status: device.isRemoved ? "deleted" : "active",
          created_at: iso(device.createdAt),
          last_activity_at: iso(device.lastSeenAt),
        })),
    };
  },

  stream: {
    matches: ({path, query}) => path === "/web/api/v2.1/agents" && !query.has("countOnly"),
    rows: (body) => (body as Body).data,
    spoil: (record) => {
      record.siteId = null;
    },
    table: "seats",
    end: (reply) =>
      changed<Body>(reply, ({pagination}) => {
        pagination.nextCursor = null;
      }),
    claim: (body, total) => {
      (body as Body).pagination.totalItems = total;
    },
  },
  changes: ({path, query}) => path === "/web/api/v2.1/agents" && !query.has("countOnly"),
  document: {file: "sentinelone.json", describe: ({path}) => ({path})},
};
