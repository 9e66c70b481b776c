import {canonicalTables, type TableName} from "../../loaders/canonical.js";
import {billingRows} from "./billing.js";
import {createTokens, pageSize, slice} from "./emulator.js";
import {changed, type Vendor, variable} from "./vendor.js";

interface Body {
  page: {number: number; pages: number; rows: number};
  data: Record<string, unknown>[];
}

const tables = ["clients", "services", "agreements", "agreement_lines", "invoices", "invoice_lines"] as const;
const numbers = new Set(["quantity", "unit_price"]);
/** Its days are times, as in most APIs. */
const asTime = (value: unknown) => (/^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? `${value}T00:00:00Z` : value);

/** A PSA that nobody has written a connector for: OAuth 2, numbered pages, plain records. */
export const httpJsonPsa: Vendor = {
  name: "http-json-psa",
  env: {PSA_ID: "declared-psa", PSA_SECRET: "declared-planted-secret/42"},
  settings: (url) => ({
    base_url: url,
    auth: {
      type: "oauth2",
      token_url: `${url}/token`,
      client_id: variable("PSA_ID"),
      client_secret: variable("PSA_SECRET"),
    },
    streams: tables.map((table) => ({
      table,
      path: `/${table}`,
      query: {size: 100},
      rows: "data",
      total: "page.rows",
      paging: {type: "page", parameter: "page", total_pages: "page.pages"},
      columns: Object.fromEntries(canonicalTables[table].columns.map(({name}) => [name, name])),
    })),
  }),

  emulate(world, {most} = {}) {
    const tokens = createTokens("declared");
    const records = Object.fromEntries(
      Object.entries(billingRows(world)).map(([table, rows]) => [
        table,
        rows.map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([name, value]) => [
              name,
              numbers.has(name) && value !== null ? Number(value) : asTime(value),
            ]),
          ),
        ),
      ]),
    );
    return {
      authorize: (request) =>
        request.path === "/token" || tokens.isValid(request)
          ? null
          : {status: 401, body: {error: "invalid_token", error_description: "The token is unknown or has ended."}},
      answer({path, form, query}) {
        if (path === "/token") {
          const isKnown = form.get("client_secret") === httpJsonPsa.env.PSA_SECRET;
          return isKnown ? {body: tokens.issue()} : {status: 401, body: {error: "invalid_client"}};
        }
        const table = path.slice(1);
        if (!(tables as readonly string[]).includes(table)) return undefined;
        const rows = records[table] ?? [];
        const size = pageSize(query.get("size"), 100, most);
        const number = Number(query.get("page"));
        const page = {number, pages: Math.max(1, Math.ceil(rows.length / size)), rows: rows.length};
        return {body: {page, data: slice(rows, (number - 1) * size, size).rows}};
      },
      revokeTokens: () => tokens.revoke(),
    };
  },

  expected: (world) =>
    Object.fromEntries(tables.map((table): [TableName, object] => [table, billingRows(world)[table] ?? []])),

  stream: {
    matches: ({path}) => path === "/agreement_lines",
    rows: (body) => (body as Body).data ?? [],
    spoil: (record) => {
      record.quantity = "several";
    },
    table: "agreement_lines",
    end: (reply) =>
      changed<Body>(reply, ({page}) => {
        page.pages = page.number;
      }),
    claim: (body, total) => {
      (body as Body).page.rows = total;
    },
  },
  large: {clients: 450, peoplePerClient: 2, devicesPerClient: 2, linesPerService: 5},
  isToken: ({path}) => path === "/token",
};
