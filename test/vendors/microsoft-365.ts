import {group} from "d3";
import {bearerOf, createTokens, pageSize, type Tokens, type VendorRequest} from "./emulator.js";
import {changed, iso, type Vendor, variable} from "./vendor.js";
import {type Client, licences, type Person, uuid, type World} from "./world.js";

interface Body {
  value: Record<string, unknown>[];
  "@odata.nextLink"?: string;
}

const partner = uuid(20, 1);
/** The account of a client. */
export const tenantOf = (client: number) => uuid(21, client).replace("-8000-", "-8abc-");
const userOf = (person: number) => uuid(22, person);
const skus: Record<string, {id: string; name: string}> = {
  SPB: {id: "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46", name: "Microsoft 365 Business Premium"},
  SPE_E3: {id: "05e9a617-0261-4cee-bb44-138d3ef5d965", name: "Microsoft 365 E3"},
  FLOW_FREE: {id: "f30db892-07e9-47e9-837c-80727f46fd3d", name: "Power Automate Free"},
};
const skuOf = (licence: string) => skus[licence] as {id: string; name: string};
/** The tenant that has no Entra ID P1, and so no sign-ins to tell. */
const withoutSignIns = ({id}: Client) => id === 102;

const assigned = ({people}: World, {id}: Client, licence: string) =>
  people.filter((person) => person.client === id && person.licences.includes(licence)).length;

/** Sign-ins come in three kinds; the newest of them counts. */
function signIns({lastActiveAt}: Person): Record<string, string> | null {
  if (lastActiveAt === null) return null;
  return {
    lastSignInDateTime: "0001-01-01T00:00:00Z",
    lastNonInteractiveSignInDateTime: iso(lastActiveAt) as string,
    lastSuccessfulSignInDateTime: new Date(lastActiveAt.getTime() - 3_600_000).toISOString(),
  };
}

function toUser(person: Person, withSignIns: boolean) {
  return {
    id: userOf(person.id),
    displayName: person.name,
    userPrincipalName: person.email,
    accountEnabled: person.isEnabled,
    userType: "Member",
    createdDateTime: iso(person.createdAt),
    assignedLicenses: person.licences.map((licence) => ({skuId: skuOf(licence).id, disabledPlans: []})),
    ...(withSignIns ? {signInActivity: signIns(person)} : {}),
  };
}

/** As long as Graph's, which have the last user in them, or what delta has told. */
const skipToken = (start: number) => `${"RFNwdAIAAQAAACQ6".repeat(12)}.${start}`;
const deltaToken = (count: number) => `${"oEcOySpF_hWYmTIU".repeat(60)}.${count}`;

/** By token, the users as they were when it was given out. */
const snapshots = new Map<string, ReadonlyMap<string, string>>();

export const microsoft365: Vendor = {
  name: "microsoft-365",
  env: {M365_CLIENT_ID: uuid(23, 1), M365_CLIENT_SECRET: "m365~planted.secret_Q8~"},
  settings: (url) => ({
    client_id: variable("M365_CLIENT_ID"),
    client_secret: variable("M365_CLIENT_SECRET"),
    partner_tenant: partner,
    login_url: `${url}/login`,
    graph_url: url,
  }),

  emulate(world, {most} = {}) {
    const {clients, people} = world;
    const byTenant = new Map(clients.map((client) => [tenantOf(client.id), client]));
    const peopleOf = group(people, ({client}) => client);
    const personOf = new Map(people.map((person) => [userOf(person.id), person]));
    const tokens = new Map<string, Tokens>(
      [partner, ...byTenant.keys()].map((tenant) => [tenant, createTokens(`m365-${tenant.slice(-3)}`)]),
    );
    const issuedFor = new Map<string, string>();
    /** The tenant for which the request's token was given out, if it is valid. */
    const tenantIn = (request: VendorRequest): string | undefined => {
      const tenant = issuedFor.get(bearerOf(request)) ?? "";
      return tokens.get(tenant)?.isValid(request) === true ? tenant : undefined;
    };
    const paged = <Row>(
      rows: readonly Row[],
      {path, query, origin}: {path: string; query: URLSearchParams; origin: string},
      vendorsMost: number,
      shown: (row: Row) => unknown = (row) => row,
    ) => {
      const size = pageSize(query.get("$top"), vendorsMost, most);
      const start = Number(query.get("$skiptoken")?.split(".")[1] ?? 0);
      const next = new URLSearchParams(query);
      next.set("$skiptoken", skipToken(start + size));
      return {
        body: {
          "@odata.context": `${origin}/v1.0/$metadata`,
          ...(start + size < rows.length ? {"@odata.nextLink": `${origin}${path}?${next}`} : {}),
          value: rows.slice(start, start + size).map(shown),
        },
      };
    };
    const error = (status: number, code: string, message: string) => ({status, body: {error: {code, message}}});
    return {
      authorize: (request) =>
        request.path.startsWith("/login/") || tenantIn(request) !== undefined
          ? null
          : error(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid."),
      answer(request) {
        const {path, query, form, origin} = request;
        if (path.startsWith("/login/")) {
          // A tenant answers to its id in any letters, and to its domains.
          const named = decodeURIComponent(path.split("/")[2] ?? "").toLowerCase();
          const owner = clients.find(({domain}) => domain === named);
          const asked = owner === undefined ? named : tenantOf(owner.id);
          const issuer = tokens.get(asked);
          if (issuer === undefined)
            return {status: 400, body: {error: "invalid_request", error_description: "AADSTS90002: Tenant not found."}};
          const isKnown =
            form.get("grant_type") === "client_credentials" &&
            form.get("client_id") === microsoft365.env.M365_CLIENT_ID &&
            form.get("client_secret") === microsoft365.env.M365_CLIENT_SECRET &&
            form.get("scope") === `${origin}/.default`;
          if (!isKnown) {
            return {
              status: 401,
              body: {error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided."},
            };
          }
          const body = issuer.issue(3599);
          issuedFor.set(body.access_token, asked);
          return {body};
        }
        const tenant = tenantIn(request) ?? "";
        const client = byTenant.get(tenant);
        if (path === "/v1.0/tenantRelationships/delegatedAdminCustomers") {
          if (tenant !== partner) return error(403, "Forbidden", "The caller is no partner.");
          const customers = clients.map(({id, name}) => ({
            "@odata.type": "#microsoft.graph.delegatedAdminCustomer",
            id: tenantOf(id),
            tenantId: tenantOf(id),
            displayName: name,
          }));
          return paged(customers, request, 300);
        }
        if (client === undefined) return undefined;
        if (path === "/v1.0/organization") {
          const verifiedDomains = [
            {name: `${client.domain.replace(".", "-")}.onmicrosoft.com`, isDefault: false, isInitial: true},
            {name: client.domain, isDefault: true, isInitial: false},
          ];
          return {body: {value: [{id: tenant, displayName: client.name, verifiedDomains}]}};
        }
        if (path === "/v1.0/subscribedSkus") {
          const held = licences.map((licence) => ({
            "@odata.type": "#microsoft.graph.subscribedSku",
            id: `${tenant}_${skuOf(licence).id}`,
            skuId: skuOf(licence).id,
            skuPartNumber: licence,
            appliesTo: "User",
            capabilityStatus: "Enabled",
            consumedUnits: assigned(world, client, licence),
            prepaidUnits: {enabled: assigned(world, client, licence) + 3, suspended: 7, warning: 1, lockedOut: 0},
          }));
          return {body: {value: held}};
        }
        const purpose = /^\/v1\.0\/users\/([^/]+)\/mailboxSettings\/userPurpose$/.exec(path);
        if (purpose !== null) {
          const person = personOf.get(purpose[1] ?? "");
          return person === undefined ? undefined : {body: {value: person.isSharedMailbox ? "shared" : "user"}};
        }
        const staff = peopleOf.get(client.id) ?? [];
        if (path === "/v1.0/users/delta") {
          const users = new Map(staff.map((person) => [userOf(person.id), JSON.stringify(toUser(person, false))]));
          const token = query.get("$deltatoken") ?? "";
          const before = token === "latest" ? users : snapshots.get(token);
          if (token !== "latest" && query.has("$select")) {
            return error(400, "Request_BadRequest", "What to select stands in the delta token.");
          }
          if (before === undefined) return error(410, "syncStateNotFound", "The sync state is not found.");
          // Of a changed user Graph promises no more than the id and what changed.
          const changes = [
            ...[...users.keys()].filter((id) => users.get(id) !== before.get(id)).map((id) => ({id})),
            ...[...before.keys()].filter((id) => !users.has(id)).map((id) => ({id, "@removed": {reason: "changed"}})),
          ];
          const {body} = paged(changes, request, 200);
          if ("@odata.nextLink" in body) return {body};
          const next = deltaToken(snapshots.size + 1);
          snapshots.set(next, users);
          return {body: {...body, "@odata.deltaLink": `${origin}${path}?${new URLSearchParams({$deltatoken: next})}`}};
        }
        if (path !== "/v1.0/users") return undefined;
        const asksForSignIns = query.get("$select")?.includes("signInActivity") === true;
        if (asksForSignIns && withoutSignIns(client)) {
          return error(
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "Neither tenant is B2C or tenant doesn't have premium license",
          );
        }
        const asked = [...(query.get("$filter") ?? "").matchAll(/'([^']+)'/g)].map(([, id]) => id);
        if (asked.length > 15) return error(400, "Request_UnsupportedQuery", "Too many child clauses specified.");
        const vendorsMost = asksForSignIns ? 120 : 999;
        if (Number(query.get("$top") ?? 100) > vendorsMost) {
          return error(400, "Request_UnsupportedQuery", `Ask for no more than ${vendorsMost} users.`);
        }
        const wanted = staff.filter(({id}) => asked.length === 0 || asked.includes(userOf(id)));
        return paged(wanted, request, vendorsMost, (person) => toUser(person, asksForSignIns));
      },
      revokeTokens: () => {
        for (const one of tokens.values()) one.revoke();
      },
    };
  },

  expected(world) {
    const {clients, people, now} = world;
    const silent = new Set(clients.filter(withoutSignIns).map(({id}) => id));
    return {
      accounts: clients.map(({id, name, domain}) => ({account_id: tenantOf(id), account_name: name, domain})),
      products:
        clients.length === 0
          ? []
          : licences.map((licence) => ({
              product_id: skuOf(licence).id,
              product_name: skuOf(licence).name,
              unit: "licence",
              is_trial: licence === "FLOW_FREE",
            })),
      counts: clients.flatMap((client) =>
        licences.flatMap((licence) =>
          (["purchased", "assigned"] as const).map((metric) => ({
            account_id: tenantOf(client.id),
            product_id: skuOf(licence).id,
            metric,
            quantity: String(assigned(world, client, licence) + (metric === "purchased" ? 3 : 0)),
            as_of: iso(now),
          })),
        ),
      ),
      seats: people.flatMap((person) =>
        person.licences.map((licence) => ({
          seat_id: userOf(person.id),
          account_id: tenantOf(person.client),
          product_id: skuOf(licence).id,
          kind: person.isSharedMailbox ? "shared_mailbox" : "user",
          display_name: person.name,
          identifier: person.email,
          status: person.isEnabled ? "active" : "disabled",
          created_at: silent.has(person.client) ? null : iso(person.createdAt),
          last_activity_at: silent.has(person.client) ? null : iso(person.lastActiveAt),
        })),
      ),
    };
  },

  stream: {
    matches: ({path}) => path === "/v1.0/users",
    part: ({headers, query}) => `${headers.authorization} ${query.get("$select")}`,
    rows: (body) => (body as Body).value ?? [],
    spoil: (record) => {
      record.assignedLicenses = "none";
    },
    table: "seats",
    end: (reply) =>
      changed<Body>(reply, (body) => {
        delete body["@odata.nextLink"];
      }),
  },
  // Of the tenant without sign-ins; the others are read whole.
  changes: ({path, query, headers}) =>
    path === "/v1.0/users" &&
    !query.get("$select")?.includes("signInActivity") &&
    headers.authorization?.startsWith("Bearer m365-102-") === true,
  isToken: ({path}) => path.startsWith("/login/"),
  part: ({path, headers}, {clients}) =>
    path === "/v1.0/users" && headers.authorization?.startsWith(`Bearer m365-${String(clients[2]?.id)}-`) === true,
  document: {
    file: "graph-subscribedskus.json",
    describe: ({path}) =>
      path === "/v1.0/subscribedSkus"
        ? {
            schema: "/components/schemas/microsoft.graph.subscribedSku",
            rows: (body) => (body as Body).value,
          }
        : null,
  },
};
