import {descending, sort} from "d3";
import {basicOf, pageSize, slice} from "./emulator.js";
import {changed, iso, type Vendor, variable} from "./vendor.js";
import type {Device} from "./world.js";

interface Body {
  pagination: {next_page_token?: string; next_page_url?: string};
  [stream: string]: unknown;
}

const isLinux = ({kind, id}: Device) => kind === "server" && id % 2 === 0;

export const huntress: Vendor = {
  name: "huntress",
  env: {HUNTRESS_KEY: "hk_planted_key_4711", HUNTRESS_SECRET: "hs_planted_secret_0815"},
  settings: (url) => ({
    base_url: `${url}/v1`,
    api_key: variable("HUNTRESS_KEY"),
    api_secret: variable("HUNTRESS_SECRET"),
  }),

  emulate({clients, devices, people}, {most} = {}) {
    const protectedDevices = devices.filter(({isProtected, isRemoved}) => isProtected && !isRemoved);
    const streams: Record<string, readonly {id: number}[]> = {
      organizations: clients.map(({id, name}) => ({
        id,
        name,
        account_id: 1,
        key: `org-${id}`,
        agents_count: 0,
        microsoft_365_tenant_id: "",
        microsoft_365_users_count: 0,
        notify_emails: [],
      })),
      agents: protectedDevices.map((device) => ({
        id: device.id,
        account_id: 1,
        organization_id: device.client,
        hostname: device.hostname,
        os: isLinux(device)
          ? "Ubuntu 24.04.3 LTS"
          : device.kind === "server"
            ? "Windows Server 2022 Standard"
            : "Windows 11 Pro",
        platform: isLinux(device) ? "linux" : "windows",
        created_at: iso(device.createdAt),
        ...(device.lastSeenAt === null ? {} : {last_callback_at: iso(device.lastSeenAt)}),
        tags: [],
      })),
      identities: people.map((person) => ({
        id: person.id,
        organization: {id: person.client, name: "any"},
        username: person.name,
        email: person.email,
        enabled: person.isEnabled,
        billable: person.isEnabled,
        enabled_products: ["itdr"],
        created_at: iso(person.createdAt),
      })),
    };
    return {
      limits: {requests: 60, perMilliseconds: 60_000},
      authorize: (request) =>
        basicOf(request) === `${huntress.env.HUNTRESS_KEY}:${huntress.env.HUNTRESS_SECRET}`
          ? null
          : {status: 401, body: {error: {message: "Invalid API credentials."}}},
      answer({path, query, origin}) {
        if (path === "/v1/account") return {body: {account: {id: 1, name: "Northwind IT", status: "enabled"}}};
        const name = path.replace("/v1/", "");
        const rows = streams[name];
        if (rows === undefined) return undefined;
        const size = pageSize(query.get("limit"), 500, most);
        // By id, the newest first, as the document has it where nothing else is asked for.
        const last = Number(
          Buffer.from(query.get("page_token") ?? "", "base64").toString() || Number.POSITIVE_INFINITY,
        );
        const rest = sort(rows, (one, other) => descending(one.id, other.id)).filter(({id}) => id < last);
        const page = slice(rest, 0, size);
        const token = Buffer.from(String(page.rows.at(-1)?.id)).toString("base64");
        return {
          body: {
            [name]: page.rows,
            pagination: page.isLast
              ? {}
              : {next_page_token: token, next_page_url: `${origin}${path}?limit=${size}&page_token=${token}`},
          },
        };
      },
    };
  },

  expected({clients, devices, people}) {
    return {
      products: [
        {product_id: "edr", product_name: "Huntress Managed EDR", unit: "device"},
        {product_id: "itdr", product_name: "Huntress Managed ITDR", unit: "user"},
      ],
      accounts: clients.map(({id, name}) => ({account_id: String(id), account_name: name})),
      seats: [
        ...devices
          .filter(({isProtected, isRemoved}) => isProtected && !isRemoved)
          .map((device) => ({
            seat_id: String(device.id),
            account_id: String(device.client),
            product_id: "edr",
            kind: isLinux(device) ? "device" : device.kind,
            display_name: device.hostname,
            identifier: device.hostname,
            status: "active",
            created_at: iso(device.createdAt),
            last_activity_at: iso(device.lastSeenAt),
          })),
        ...people.map((person) => ({
          seat_id: String(person.id),
          account_id: String(person.client),
          product_id: "itdr",
          kind: "user",
          display_name: person.name,
          identifier: person.email,
          status: person.isEnabled ? "active" : "disabled",
          created_at: iso(person.createdAt),
        })),
      ],
    };
  },

  stream: {
    matches: ({path}) => path === "/v1/agents",
    rows: (body) => (body as Body).agents as Record<string, unknown>[],
    spoil: (record) => {
      record.organization_id = null;
    },
    table: "seats",
    end: (reply) =>
      changed<Body>(reply, (body) => {
        body.pagination = {};
      }),
  },
  document: {file: "huntress.json", describe: ({path}) => ({path})},
};
