import {z} from "zod";
import {canonicalTables, type TableName, tablesOf} from "../../canonical.js";
import {addressSchema, httpSettings, urlSchema} from "../connectTo.js";

const text = z.string().min(1);
const path = z.string().describe("A path into the JSON, such as `data.items`; empty for the whole of it.");

const auth = z.discriminatedUnion("type", [
  z.strictObject({type: z.literal("none")}),
  z.strictObject({type: z.literal("basic"), user: text, password: text}),
  z.strictObject({type: z.literal("bearer"), token: text}),
  z.strictObject({type: z.literal("header"), name: text, value: text}),
  z.strictObject({
    type: z.literal("oauth2"),
    token_url: urlSchema,
    client_id: text,
    client_secret: text,
    scope: text.optional(),
  }),
]);

const paging = z.discriminatedUnion("type", [
  z.strictObject({type: z.literal("none")}),
  z.strictObject({type: z.literal("link_header")}),
  z.strictObject({type: z.literal("next_url"), path: text}),
  z.strictObject({type: z.literal("cursor"), parameter: text, path: text}),
  z.strictObject({
    type: z.literal("page"),
    parameter: text,
    start: z.int().min(0).default(1),
    total_pages: text
      .optional()
      .describe("Where the answer says how many pages there are. Default: to the first empty one."),
  }),
  z.strictObject({
    type: z.literal("offset"),
    parameter: text,
    size: z.int().min(1).optional().describe("Of no use any more: what comes is read to the first empty page."),
  }),
]);

const value = z.union([
  text,
  z.strictObject({constant: z.string()}),
  z.strictObject({
    path: text,
    map: z.record(z.string(), z.string()).optional().describe("Vendor's value: canonical value."),
    default: z.string().optional().describe("For values that `map` does not name, and for missing ones."),
    epoch: z.enum(["seconds", "milliseconds"]).optional().describe("The number is a time since 1970."),
    lower: z.boolean().optional().describe("Small letters."),
  }),
]);

const usageTables = tablesOf("usage").map(({name}) => name) as [TableName, ...TableName[]];
const psaTables = tablesOf("psa").map(({name}) => name) as [TableName, ...TableName[]];

const stream = (tables: [TableName, ...TableName[]]) =>
  z
    .strictObject({
      table: z.enum(tables).describe("The canonical table that the rows go to."),
      path: text.describe("Below base_url, such as /organizations."),
      query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
      rows: path.default(""),
      paging: paging.default({type: "none"}),
      total: text.optional().describe("Where the answer says how many rows there are in all."),
      columns: z.record(z.string(), value).describe("Canonical column: where its value is."),
    })
    .superRefine(({table, columns}, issues) => {
      const known = canonicalTables[table].columns;
      for (const name of Object.keys(columns)) {
        if (known.some((column) => column.name === name)) continue;
        issues.addIssue({
          code: "custom",
          path: ["columns", name],
          message: `${table} has no such column; it has ${known.map((column) => column.name).join(", ")}`,
        });
      }
      const lacking = known.filter(({name, required}) => required && columns[name] === undefined);
      if (lacking.length > 0) {
        issues.addIssue({
          code: "custom",
          path: ["columns"],
          message: `${table} needs ${lacking.map(({name}) => name).join(", ")}`,
        });
      }
    });

/** The settings of a declarative connection to one side's tables. */
export const settingsOf = (side: "psa" | "usage") => {
  const tables = side === "psa" ? psaTables : usageTables;
  return z.strictObject({
    base_url: addressSchema.describe("Address of the API."),
    auth: auth.default({type: "none"}).describe("How the API learns who asks."),
    test: text.optional().describe("A path that `test-connection` reads. Default: the first stream's."),
    streams: z.array(stream(tables)).min(1).describe("What to read, and which columns it becomes."),
    fixed: z
      .partialRecord(z.enum(tables), z.array(z.record(z.string(), z.string())))
      .default({})
      .describe("Rows that the API does not give, such as the products."),
    ...httpSettings,
  });
};

export type HttpJsonSettings = z.infer<ReturnType<typeof settingsOf>>;
export type StreamSettings = HttpJsonSettings["streams"][number];
export type ValueSettings = z.infer<typeof value>;
