import {createHmac} from "node:crypto";
import {ascending, group} from "d3";
import {basicOf, pageSize, slice} from "./emulator.js";
import {changed, iso, seconds, type Vendor, variable} from "./vendor.js";
import type {Person} from "./world.js";

interface Body {
  metadata: {next_offset?: number; total_objects: number};
  response: Record<string, unknown>[];
}

const accountOf = (client: number) => `DA${client}`;

function statusOf({isEnabled, id}: Person): string {
  if (!isEnabled) return id % 2 === 0 ? "disabled" : "pending deletion";
  return id % 7 === 0 ? "bypass" : id % 11 === 0 ? "locked out" : "active";
}

/** Every byte but letters, digits and `_.~-` by its number, as Duo signs it. */
const encode = (parameter: readonly [string, string]): string =>
  parameter
    .map((text) =>
      [...Buffer.from(text)]
        .map((byte) => {
          const character = String.fromCharCode(byte);
          return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
        })
        .join(""),
    )
    .join("=");

/** Also where a test sets this machine's clock wrong. */
const trueTime = () => performance.timeOrigin + performance.now();
/** How far from the true time a request may say it is. */
const tolerance = 300_000;

export const duo: Vendor = {
  name: "duo",
  env: {DUO_IKEY: "DIPLANTED00000000000", DUO_SKEY: "duo-planted-secret-0123456789"},
  settings: (url) => ({base_url: url, integration_key: variable("DUO_IKEY"), secret_key: variable("DUO_SKEY")}),

  emulate({clients, people}, {most} = {}) {
    const peopleOf = group(people, ({client}) => accountOf(client));
    const fail = (status: number, code: number, message: string) => ({status, body: {stat: "FAIL", code, message}});
    return {
      authorize(request) {
        const {method, path, query, form, headers} = request;
        const date = String(headers.date);
        if (Math.abs(Date.parse(date) - trueTime()) > tolerance) return fail(401, 40105, "Bad request timestamp");
        const parameters = [...query, ...form].sort(([one], [other]) => ascending(one, other));
        const signed = [date, method, String(headers.host), path, parameters.map(encode).join("&")].join("\n");
        const signature = createHmac("sha1", duo.env.DUO_SKEY as string).update(signed);
        return basicOf(request) === `${duo.env.DUO_IKEY}:${signature.digest("hex")}`
          ? null
          : fail(401, 40103, "Invalid signature in request credentials");
      },
      answer({method, path, query, origin}) {
        const host = new URL(origin).host;
        if (method === "POST" && path === "/accounts/v1/account/list") {
          const accounts = clients.map(({id, name}) => ({account_id: accountOf(id), name, api_hostname: host}));
          return {body: {stat: "OK", response: accounts}};
        }
        if (method !== "GET" || path !== "/admin/v1/users") return undefined;
        if (Number(query.get("limit") ?? 100) > 300) return fail(400, 40002, "Invalid request parameters");
        const users = (peopleOf.get(query.get("account_id") ?? "") ?? []).map((person) => ({
          user_id: `DU${person.id}`,
          username: person.email.split("@")[0],
          realname: person.name,
          email: person.email,
          status: statusOf(person),
          created: seconds(person.createdAt),
          last_login: seconds(person.lastActiveAt),
          is_enrolled: true,
        }));
        const start = Number(query.get("offset") ?? 0);
        const size = pageSize(query.get("limit"), 300, most);
        const page = slice(users, start, size);
        const metadata = {total_objects: users.length, ...(page.isLast ? {} : {next_offset: start + size})};
        return {body: {stat: "OK", metadata, response: page.rows}};
      },
    };
  },

  expected({clients, people}) {
    const statuses: Record<string, string> = {disabled: "disabled", "pending deletion": "deleted"};
    return {
      products: [{product_id: "duo", product_name: "Duo", unit: "user"}],
      accounts: clients.map(({id, name}) => ({account_id: accountOf(id), account_name: name})),
      seats: people.map((person) => ({
        seat_id: `DU${person.id}`,
        account_id: accountOf(person.client),
        product_id: "duo",
        kind: "user",
        display_name: person.name,
        identifier: person.email,
        status: statuses[statusOf(person)] ?? "active",
        created_at: iso(person.createdAt),
        last_activity_at: iso(person.lastActiveAt),
      })),
    };
  },

  stream: {
    matches: ({path}) => path === "/admin/v1/users",
    part: ({query}) => query.get("account_id") ?? "",
    rows: (body) => (body as Body).response,
    spoil: (record) => {
      record.status = "unheard of";
    },
    table: "seats",
    end: (reply) =>
      changed<Body>(reply, ({metadata}) => {
        delete metadata.next_offset;
      }),
    claim: (body, total) => {
      (body as Body).metadata.total_objects = total;
    },
  },
  part: ({query}, {clients}) => query.get("account_id") === accountOf(clients[2]?.id ?? 0),
};
