import {basicOf, createTokens, pageSize, slice} from "./emulator.js";
import {changed, iso, type Vendor, variable} from "./vendor.js";
import {type Client, uuid, type World} from "./world.js";

interface Body {
  items: Record<string, unknown>[];
  paging: {cursors: {after?: string}};
}

const partner = uuid(10, 1);
const tenantOf = (client: number) => uuid(11, client);
const isTrial = ({id}: Client) => id === 103;
const edition = "per_workload";
/** Bytes of a GB as Acronis counts them. */
const gigabyte = 2 ** 30;

const serversOf = ({devices}: World, client: Client) =>
  devices.filter((device) => device.client === client.id && device.kind === "server" && !device.isRemoved).length;

export const acronis: Vendor = {
  name: "acronis",
  env: {ACRONIS_CLIENT_ID: "acronis-client", ACRONIS_CLIENT_SECRET: "acronis-planted-secret"},
  settings: (url) => ({
    base_url: url,
    client_id: variable("ACRONIS_CLIENT_ID"),
    client_secret: variable("ACRONIS_CLIENT_SECRET"),
    tenant_id: partner,
  }),

  emulate(world, {most} = {}) {
    const tokens = createTokens("acronis");
    const own = {id: partner, name: "Northwind IT", kind: "partner", enabled: true, customer_type: "default"};
    const tenants = [
      own,
      ...world.clients.flatMap((client) => [
        {
          id: tenantOf(client.id),
          name: client.name,
          kind: "customer",
          enabled: client.isActive,
          parent_id: partner,
          customer_type: isTrial(client) ? "trial" : "default",
        },
        {id: uuid(12, client.id), name: "Unit", kind: "unit", enabled: true, parent_id: tenantOf(client.id)},
      ]),
    ];
    const usages = new Map(
      world.clients.map((client) => {
        const common = {application_id: uuid(13, 1), edition};
        const bytes = {measurement_unit: "bytes"};
        const pieces = {measurement_unit: "quantity"};
        return [
          tenantOf(client.id),
          [
            // What lies in Acronis' own storage and in the partner's comes apart.
            {...common, ...bytes, offering_item: "pw_base_storage", infra_id: uuid(14, 1), value: 60 * gigabyte},
            {
              ...common,
              ...bytes,
              offering_item: "pw_base_storage",
              infra_id: uuid(14, 2),
              value: (client.backupGigabytes - 60) * gigabyte,
            },
            {...common, ...pieces, offering_item: "pw_base_servers", value: serversOf(world, client)},
            {...common, ...pieces, offering_item: "pw_base_mobiles", value: 0},
            // What of the storage is for virtual machines, said once more: it is no offering item, and nobody is billed for it.
            {
              ...common,
              ...bytes,
              name: "vm_storage",
              usage_name: "vm_storage",
              edition: "mixed",
              type: "infra",
              value: 20 * gigabyte,
            },
          ],
        ] as const;
      }),
    );
    return {
      authorize: (request) =>
        request.path === "/api/2/idp/token" || tokens.isValid(request)
          ? null
          : {status: 401, body: {error: {code: 401, message: "Unauthorized"}}},
      answer(request) {
        const {path, query, form} = request;
        if (path === "/api/2/idp/token") {
          const isKnown =
            form.get("grant_type") === "client_credentials" &&
            basicOf(request) === `${acronis.env.ACRONIS_CLIENT_ID}:${acronis.env.ACRONIS_CLIENT_SECRET}`;
          if (!isKnown) return {status: 401, body: {error: "invalid_client"}};
          // Acronis says when a token ends, not after how long.
          const {expires_in, ...token} = tokens.issue(7200);
          return {body: {...token, expires_on: Math.floor(Date.now() / 1000) + expires_in}};
        }
        const id = path.split("/")[4];
        const rows: readonly unknown[] | undefined =
          path === "/api/2/tenants"
            ? query.get("subtree_root_id") === partner || query.has("after")
              ? tenants
              : undefined
            : path.endsWith("/usages")
              ? usages.get(id ?? "")
              : undefined;
        if (rows === undefined) return id === partner ? {body: own} : undefined;
        const start = Number(Buffer.from(query.get("after") ?? "", "base64").toString() || 0);
        const size = pageSize(null, 1000, path.endsWith("/usages") ? Math.min(most ?? 2, 2) : most);
        const page = slice(rows, start, size);
        const cursors = page.isLast ? {} : {after: Buffer.from(String(start + size)).toString("base64")};
        return {body: {items: page.rows, paging: {cursors}}};
      },
      revokeTokens: () => tokens.revoke(),
    };
  },

  expected(world) {
    const {clients, now} = world;
    const items = [
      {item: "pw_base_storage", name: "Acronis Pw base storage", unit: "gb"},
      {item: "pw_base_servers", name: "Acronis Pw base servers", unit: "quantity"},
      {item: "pw_base_mobiles", name: "Acronis Pw base mobiles", unit: "quantity"},
    ];
    const trials = [...new Set(clients.map(isTrial))];
    const productId = (item: string, trial: boolean) => `${item}:${edition}${trial ? ":trial" : ""}`;
    return {
      accounts: clients.map(({id, name}) => ({account_id: tenantOf(id), account_name: name})),
      products: trials.flatMap((trial) =>
        items.map(({item, name, unit}) => ({
          product_id: productId(item, trial),
          product_name: `${name} (${edition})${trial ? ", trial" : ""}`,
          unit,
          category: edition,
          is_trial: trial,
        })),
      ),
      counts: clients.flatMap((client) =>
        items.map(({item}) => ({
          account_id: tenantOf(client.id),
          product_id: productId(item, isTrial(client)),
          metric: "reported",
          quantity: String(
            item === "pw_base_storage"
              ? client.backupGigabytes
              : item === "pw_base_servers"
                ? serversOf(world, client)
                : 0,
          ),
          as_of: iso(now),
        })),
      ),
    };
  },

  stream: {
    matches: ({path}) => path.endsWith("/usages"),
    rows: (body) => (body as Body).items,
    spoil: (record) => {
      record.value = "a lot";
    },
    table: "counts",
    end: (reply) =>
      changed<Body>(reply, ({paging}) => {
        paging.cursors = {};
      }),
  },
  isSmall: true,
  isToken: ({path}) => path === "/api/2/idp/token",
  part: ({path}, {clients}) => path === `/api/2/tenants/${tenantOf(clients[2]?.id ?? 0)}/usages`,
  document: {
    file: "acronis.json",
    undocumented: ["after"],
    describe: ({path}) =>
      path.endsWith("/token")
        ? null
        : {path: path.replace("/api/2", "").replace(/\/tenants\/[^/]+/, "/tenants/{tenant_id}")},
  },
};
