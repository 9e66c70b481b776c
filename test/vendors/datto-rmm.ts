import {basicOf, createTokens, pageSize, slice} from "./emulator.js";
import {changed, iso, type Vendor, variable} from "./vendor.js";
import {type Device, uuid} from "./world.js";

interface Body {
  pageDetails: {count: number; totalCount: number; prevPageUrl: string | null; nextPageUrl: string | null};
  devices: Record<string, unknown>[];
}

function categoryOf({kind, id}: Device): string {
  if (kind === "server") return "Server";
  return id % 3 === 0 ? "Laptop" : "Desktop";
}

/** The client whose site is an OnDemand one. */
const onDemand = 106;
/** Where Datto puts what was deleted, of whatever client; its uid is no UUID. */
const deletedDevices = {uid: "5a7c0001-00000000", name: "Deleted Devices"};
const productOf = (device: Device) =>
  `${categoryOf(device)}${device.client === onDemand && !device.isRemoved ? " (OnDemand)" : ""}`;

export const dattoRmm: Vendor = {
  name: "datto-rmm",
  env: {DATTO_KEY: "DATTOPLANTEDKEY1", DATTO_SECRET: "DattoPlantedSecret99"},
  settings: (url) => ({base_url: url, api_key: variable("DATTO_KEY"), api_secret: variable("DATTO_SECRET")}),

  emulate({clients, devices}, {most} = {}) {
    const tokens = createTokens("datto");
    const nameOf = new Map(clients.map(({id, name}) => [id, name]));
    const siteOf = ({isRemoved, client}: Device) =>
      isRemoved
        ? {siteId: 1, siteUid: deletedDevices.uid, siteName: deletedDevices.name}
        : {siteId: client, siteUid: uuid(4, client), siteName: nameOf.get(client)};
    const streams: Record<string, readonly unknown[]> = {
      sites: [
        {id: 1, ...deletedDevices, onDemand: false},
        ...clients.map(({id, name}) => ({
          id,
          uid: uuid(4, id),
          name,
          onDemand: id === onDemand,
          // A client's own secret: Datto tells it to whoever may list sites.
          proxySettings: {
            host: "proxy.example",
            port: 8080,
            type: "http",
            username: "proxy",
            password: `planted-token-${id}`,
          },
        })),
      ],
      devices: devices.map((device) => ({
        id: device.id,
        uid: uuid(5, device.id),
        ...siteOf(device),
        deviceType: {category: categoryOf(device), type: "Any"},
        hostname: device.hostname,
        description: "",
        online: false,
        suspended: device.isSuspended,
        deleted: device.isRemoved,
        creationDate: device.createdAt.getTime(),
        lastSeen: device.lastSeenAt?.getTime() ?? 0,
      })),
    };
    return {
      limits: {requests: 600, perMilliseconds: 60_000},
      authorize: (request) =>
        request.path === "/auth/oauth/token" || tokens.isValid(request)
          ? null
          : {status: 401, body: {error: "invalid_token", error_description: "Access token expired"}},
      answer(request) {
        const {path, query, form, origin} = request;
        if (path === "/auth/oauth/token") {
          const isKnown =
            basicOf(request) === "public-client:public" &&
            form.get("grant_type") === "password" &&
            form.get("username") === dattoRmm.env.DATTO_KEY &&
            form.get("password") === dattoRmm.env.DATTO_SECRET;
          return isKnown
            ? {body: tokens.issue(360_000)}
            : {status: 400, body: {error: "invalid_grant", error_description: "Bad credentials"}};
        }
        if (path === "/api/v2/account") return {body: {id: 1, uid: "account", name: "Northwind IT", currency: "USD"}};
        const name = path.replace("/api/v2/account/", "");
        const rows = streams[name];
        if (rows === undefined) return undefined;
        const size = pageSize(query.get("max"), 250, most);
        const number = Number(query.get("page") ?? 0);
        const page = slice(rows, number * size, size);
        const link = (to: number) => `${origin}${path}?page=${to}&max=${size}`;
        return {
          body: {
            pageDetails: {
              count: page.rows.length,
              totalCount: rows.length,
              prevPageUrl: number === 0 ? null : link(number - 1),
              nextPageUrl: page.isLast ? null : link(number + 1),
            },
            [name]: page.rows,
          },
        };
      },
      revokeTokens: () => tokens.revoke(),
    };
  },

  expected({clients, devices}) {
    return {
      accounts: [
        {account_id: deletedDevices.uid, account_name: deletedDevices.name},
        ...clients.map(({id, name}) => ({account_id: uuid(4, id), account_name: name})),
      ],
      products: [...new Set(devices.map(productOf))].map((name) => ({
        product_id: name,
        product_name: name,
        unit: "device",
      })),
      seats: devices.map((device) => ({
        seat_id: uuid(5, device.id),
        account_id: device.isRemoved ? deletedDevices.uid : uuid(4, device.client),
        product_id: productOf(device),
        kind: device.kind,
        display_name: device.hostname,
        identifier: device.hostname,
        status: device.isRemoved ? "deleted" : device.isSuspended ? "suspended" : "active",
        created_at: iso(device.createdAt),
        last_activity_at: iso(device.lastSeenAt),
      })),
    };
  },

  stream: {
    matches: ({path}) => path === "/api/v2/account/devices",
    rows: (body) => (body as Body).devices,
    spoil: (record) => {
      record.siteUid = {not: "a text"};
    },
    table: "seats",
    end: (reply) =>
      changed<Body>(reply, ({pageDetails}) => {
        pageDetails.nextPageUrl = null;
      }),
    claim: (body, total) => {
      (body as Body).pageDetails.totalCount = total;
    },
  },
  isToken: ({path}) => path === "/auth/oauth/token",
  document: {
    file: "datto-rmm.json",
    describe: ({path}) =>
      path === "/api/v2/account/devices"
        ? {schema: "/components/schemas/DevicesPage", rows: (body) => [withTexts(body as Body)]}
        : path === "/api/v2/account/sites"
          ? {schema: "/components/schemas/SitesPage", rows: (body) => [body]}
          : null,
  },
};

/** The service sends epoch milliseconds where its document says date-time: seen in practice, and the one difference. */
function withTexts(body: Body): unknown {
  const text = (value: unknown) => new Date(value as number).toISOString();
  return {
    ...body,
    devices: body.devices.map((device) => ({
      ...device,
      creationDate: text(device.creationDate),
      lastSeen: text(device.lastSeen),
    })),
  };
}
