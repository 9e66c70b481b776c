import {bisector} from "d3";
import {createTokens, pageSize} from "./emulator.js";
import {iso, seconds, type Vendor, variable} from "./vendor.js";
import type {Device} from "./world.js";

function classOf({kind, id}: Device): string {
  if (kind === "server") return id % 2 === 0 ? "WINDOWS_SERVER" : "LINUX_SERVER";
  return id % 5 === 0 ? "MAC" : "WINDOWS_WORKSTATION";
}

function approvalOf({isRemoved, isSuspended}: Device): string {
  if (isRemoved) return "DECOMMISSIONED";
  return isSuspended ? "PENDING" : "APPROVED";
}

const classNames: Readonly<Record<string, string>> = {
  LINUX_SERVER: "Linux server",
  MAC: "Mac",
  WINDOWS_SERVER: "Windows server",
  WINDOWS_WORKSTATION: "Windows workstation",
};

export const ninjaOne: Vendor = {
  name: "ninjaone",
  env: {NINJA_CLIENT_ID: "ninja-client-1", NINJA_CLIENT_SECRET: "ninja+planted/secret=4711"},
  settings: (url) => ({
    base_url: url,
    client_id: variable("NINJA_CLIENT_ID"),
    client_secret: variable("NINJA_CLIENT_SECRET"),
  }),

  emulate({clients, devices}, {most} = {}) {
    const tokens = createTokens("ninja");
    const streams: Record<string, readonly {id: number}[]> = {
      "/v2/organizations-detailed": clients.map(({id, name}) => ({id, name, nodeApprovalMode: "AUTOMATIC"})),
      "/v2/devices-detailed": devices.map((device) => ({
        id: device.id,
        organizationId: device.client,
        nodeClass: classOf(device),
        approvalStatus: approvalOf(device),
        offline: true,
        displayName: device.hostname,
        systemName: device.hostname.toUpperCase(),
        created: (seconds(device.createdAt) as number) + 0.25,
        lastContact: seconds(device.lastSeenAt) ?? 0,
      })),
    };
    return {
      authorize: (request) =>
        request.path === "/ws/oauth/token" || tokens.isValid(request)
          ? null
          : {status: 401, body: {resultCode: "UNAUTHORIZED", errorMessage: "Invalid token"}},
      answer({path, query, form}) {
        if (path === "/ws/oauth/token") {
          const isKnown =
            form.get("grant_type") === "client_credentials" &&
            form.get("scope") === "monitoring" &&
            form.get("client_id") === ninjaOne.env.NINJA_CLIENT_ID &&
            form.get("client_secret") === ninjaOne.env.NINJA_CLIENT_SECRET;
          return isKnown ? {body: tokens.issue()} : {status: 401, body: {error: "invalid_client"}};
        }
        const rows = streams[path];
        if (rows === undefined) return undefined;
        const after = Number(query.get("after") ?? 0);
        const start = bisector(({id}: {id: number}) => id).right(rows, after);
        return {body: rows.slice(start, start + pageSize(query.get("pageSize"), 1000, most))};
      },
      revokeTokens: () => tokens.revoke(),
    };
  },

  expected({clients, devices}) {
    return {
      accounts: clients.map(({id, name}) => ({account_id: String(id), account_name: name})),
      products: [...new Set(devices.map(classOf))].map((id) => ({
        product_id: id,
        product_name: classNames[id],
        unit: "device",
      })),
      seats: devices.map((device) => ({
        seat_id: String(device.id),
        account_id: String(device.client),
        product_id: classOf(device),
        kind: device.kind,
        display_name: device.hostname,
        identifier: device.hostname.toUpperCase(),
        status: device.isRemoved ? "deleted" : device.isSuspended ? "disabled" : "active",
        created_at: new Date(device.createdAt.getTime() + 250).toISOString(),
        last_activity_at: iso(device.lastSeenAt),
      })),
    };
  },

  stream: {
    matches: ({path}) => path === "/v2/devices-detailed",
    rows: (body) => body as Record<string, unknown>[],
    spoil: (record) => {
      record.approvalStatus = 7;
    },
    table: "seats",
    end: (reply) => ({...reply, body: []}),
  },
  isToken: ({path}) => path === "/ws/oauth/token",
  document: {
    file: "ninjaone.json",
    describe: ({path}) =>
      path === "/v2/devices-detailed"
        ? {schema: "/components/schemas/NodeWithDetailedReferences", rows: (body) => body as unknown[]}
        : path === "/v2/organizations-detailed"
          ? {schema: "/components/schemas/Organization", rows: (body) => body as unknown[]}
          : null,
  },
};
