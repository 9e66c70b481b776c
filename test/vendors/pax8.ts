import {createHash} from "node:crypto";
import {ascending, descending, sort} from "d3";
import {createTokens, pageSize, slice} from "./emulator.js";
import {changed, iso, type Vendor, variable} from "./vendor.js";
import {licences, uuid, type World} from "./world.js";

interface Body {
  page: {size: number; totalElements: number; totalPages: number; number: number};
  content: Record<string, unknown>[];
}

const productNames: Record<string, string> = {
  SPB: "Microsoft 365 Business Premium [NCE]",
  SPE_E3: "Microsoft 365 E3 [NCE]",
  FLOW_FREE: "Acronis Cyber Protect",
};
export const productOf = (licence: string) => uuid(7, licences.indexOf(licence as (typeof licences)[number]) + 1);
const companyOf = (client: number) => uuid(6, client);
const termEnd = "2027-03-31T23:59:59.000";

interface Subscription {
  readonly client: number;
  readonly licence: string;
  readonly quantity: number;
  readonly status: string;
  readonly term: string;
  readonly cost: number;
  /** For when it is cancelled. */
  readonly end?: string;
}

/** What each client bought: more than is assigned, some of it to be given back, some on trial, some long cancelled. */
function subscriptionsOf({clients, people}: World): Subscription[] {
  return clients.flatMap(({id: client}) =>
    licences.flatMap((licence) => {
      const used = people.filter((person) => person.client === client && person.licences.includes(licence)).length;
      const common = {client, licence};
      if (licence === "FLOW_FREE") return [{...common, quantity: 5, status: "Trial", term: "Trial", cost: 0}];
      const yearly = licence === "SPE_E3";
      const term = yearly ? "Annual" : "Monthly";
      const cost = yearly ? 361.2 : 18.7;
      return [
        {...common, quantity: used + 1, status: "Active", term, cost},
        {...common, quantity: 2, status: "PendingCancel", term, cost, end: "2026-12-31T00:00:00.000Z"},
        {...common, quantity: 30, status: "PendingCancel", term, cost, end: "2026-10-31T00:00:00.000Z"},
        {...common, quantity: 40, status: "Cancelled", term, cost: 1},
        {...common, quantity: 1, status: "Active", term: "One-Time", cost: 99},
      ];
    }),
  );
}

export const pax8: Vendor = {
  name: "pax8",
  env: {PAX8_CLIENT_ID: "pax8-client", PAX8_CLIENT_SECRET: "pax8-planted-secret"},
  settings: (url) => ({
    base_url: `${url}/v1`,
    client_id: variable("PAX8_CLIENT_ID"),
    client_secret: variable("PAX8_CLIENT_SECRET"),
  }),

  emulate(world, {most, isUnsteady = false} = {}) {
    const tokens = createTokens("pax8");
    const address = {
      street: "1 Main Street",
      city: "Denver",
      stateOrProvince: "CO",
      postalCode: "80202",
      country: "US",
    };
    const streams: Record<string, readonly Record<string, unknown>[]> = {
      "/v1/companies": world.clients.map(({id, name, domain}) => ({
        id: companyOf(id),
        name,
        address,
        phone: "+1 303 555 0100",
        website: `https://www.${domain}/`,
        billOnBehalfOfEnabled: false,
        selfServiceAllowed: false,
        orderApprovalRequired: false,
        status: "Active",
      })),
      "/v1/subscriptions": subscriptionsOf(world).map(
        ({client, licence, quantity, status, term, cost, end}, index) => ({
          id: uuid(8, index + 1),
          companyId: companyOf(client),
          productId: productOf(licence),
          // Many have no name, the products of some vendors none at all.
          ...(licence === "FLOW_FREE" || index % 2 === 0 ? {} : {productName: productNames[licence]}),
          quantity,
          status,
          billingTerm: term,
          partnerCost: cost,
          price: cost * 1.2,
          currencyCode: "USD",
          startDate: "2026-04-01T00:00:00.000Z",
          ...(end === undefined ? {} : {endDate: end}),
          // To the day: some are equal.
          createdDate: new Date(Date.UTC(2026, 0, 1 + Math.floor(index / 7))).toISOString(),
          ...(term === "Annual" ? {commitmentTerm: {id: uuid(9, 1), term: "1-Year", endDate: `${termEnd}Z`}} : {}),
        }),
      ),
    };
    return {
      limits: {requests: 1000, perMilliseconds: 60_000},
      authorize: (request) =>
        request.path === "/v1/token" || tokens.isValid(request)
          ? null
          : {status: 401, body: {type: "UNAUTHORIZED", message: "The token is invalid or expired."}},
      answer({path, query, json}) {
        if (path === "/v1/token") {
          const {client_id, client_secret, audience} = json as Record<string, string>;
          const isKnown =
            client_id === pax8.env.PAX8_CLIENT_ID &&
            client_secret === pax8.env.PAX8_CLIENT_SECRET &&
            audience === "https://api.pax8.com";
          return isKnown ? {body: tokens.issue(86_400)} : {status: 401, body: {error: "access_denied"}};
        }
        const product = licences.find((licence) => path === `/v1/products/${productOf(licence)}`);
        if (product !== undefined) return {body: {id: productOf(product), name: productNames[product]}};
        const all = streams[path];
        if (all === undefined) return undefined;
        if (Number(query.get("size") ?? 10) > 200) return {status: 400, body: {type: "BAD_REQUEST", message: "size"}};
        const size = pageSize(query.get("size"), 200, most);
        const number = Number(query.get("page") ?? 0);
        const [field, direction = "asc"] = query.get("sort")?.split(",") ?? [];
        // Only with an order that it was asked for are two pages of one.
        const rows =
          field === undefined
            ? number % 2 === 0
              ? all
              : all.toReversed()
            : sort(
                isUnsteady
                  ? sort(all, ({id}) => createHash("md5").update(`${id} ${number} ${size}`).digest("hex"))
                  : all,
                (one, other) =>
                  (direction === "asc" ? ascending : descending)(String(one[field]), String(other[field])),
              );
        const page = {size, totalElements: rows.length, totalPages: Math.ceil(rows.length / size), number};
        return {body: {content: slice(rows, number * size, size).rows, page}};
      },
      revokeTokens: () => tokens.revoke(),
    };
  },

  expected(world) {
    const {clients, now} = world;
    const subscriptions = subscriptionsOf(world);
    const kinds = [
      {suffix: "", label: "", category: "subscription"},
      {suffix: ":one-time", label: " (one-time)", category: "one-time"},
    ];
    const costs: Record<string, string> = {SPB: "18.7", SPE_E3: "30.1"};
    const sold = licences.filter((licence) => licence !== "FLOW_FREE");
    const hasClients = clients.length > 0;
    return {
      accounts: clients.map(({id, name, domain}) => ({account_id: companyOf(id), account_name: name, domain})),
      products: !hasClients
        ? []
        : [
            ...sold.flatMap((licence) =>
              kinds.map(({suffix, label, category}) => ({
                product_id: `${productOf(licence)}${suffix}`,
                product_name: `${productNames[licence]}${label}`,
                unit: "licence",
                category,
                is_trial: false,
                unit_cost: category === "subscription" ? costs[licence] : null,
              })),
            ),
            {
              product_id: `${productOf("FLOW_FREE")}:trial`,
              product_name: `${productNames.FLOW_FREE} (trial)`,
              unit: "licence",
              category: "trial",
              is_trial: true,
              unit_cost: null,
            },
          ],
      counts: clients.flatMap(({id}) => [
        ...sold.flatMap((licence) => {
          const active = subscriptions.find(
            (one) => one.client === id && one.licence === licence && one.status === "Active" && one.term !== "One-Time",
          );
          const common = {account_id: companyOf(id), metric: "purchased", as_of: iso(now)};
          return [
            {
              ...common,
              product_id: productOf(licence),
              quantity: String((active?.quantity ?? 0) + 2),
              commitment_end: licence === "SPE_E3" ? "2027-04-01" : null,
            },
            {...common, product_id: `${productOf(licence)}:one-time`, quantity: "1"},
          ];
        }),
        {
          account_id: companyOf(id),
          product_id: `${productOf("FLOW_FREE")}:trial`,
          metric: "purchased",
          quantity: "5",
          as_of: iso(now),
        },
      ]),
    };
  },

  stream: {
    matches: ({path}) => path === "/v1/subscriptions",
    rows: (body) => (body as Body).content,
    spoil: (record) => {
      record.quantity = "many";
    },
    table: "counts",
    end: (reply) =>
      changed<Body>(reply, ({page}) => {
        page.totalPages = 1;
      }),
    claim: (body, total) => {
      (body as Body).page.totalElements = total;
    },
  },
  isSmall: true,
  isToken: ({path}) => path === "/v1/token",
  document: {
    file: "pax8.json",
    describe: ({path}) =>
      path === "/v1/token" ? null : {path: path.replace("/v1", "").replace(/^\/products\/.+/, "/products/{productId}")},
  },
};
