import {createReadStream, existsSync} from "node:fs";
import {join} from "node:path";
import {parse} from "csv-parse";
import {z} from "zod";
import type {Problem} from "./problems.js";

/** What people decided, row by row, each with the line it stands on. */
export interface Mappings {
  readonly clients: readonly Decided<ClientLink>[];
  readonly services: readonly Decided<ServiceRule>[];
  readonly exclusions: readonly Decided<Exclusion>[];
  readonly prices: readonly Decided<Price>[];
}

export type Decided<T> = T & {readonly line: number};

const text = z.string().min(1).nullable();
const required = z.string({error: "a value is required"}).min(1);
const decimal = z
  .string()
  .regex(/^[+-]?(\d+(\.\d*)?|\.\d+)$/, {
    error: "expected a decimal number with a dot and no thousands separator",
  })
  .nullable();
const date = z.iso.date({error: "expected a real date as YYYY-MM-DD"}).nullable();

const metrics = ["seats", "identities", "purchased", "assigned", "active", "reported"] as const;
const kinds = ["user", "device", "mailbox", "shared_mailbox", "server", "workstation", "backup", "other"];
const seatStatuses = ["active", "suspended", "disabled", "deleted"];

const list = (allowed: readonly string[]) =>
  z
    .string()
    .refine((value) => value.split(";").every((item) => allowed.includes(item.trim().toLowerCase())), {
      error: `expected ${allowed.join(", ")}, separated by semicolons`,
    })
    .nullable();

const clientLink = z.object({
  connection_id: required,
  account_id: required,
  client_id: text,
  status: z.enum(["confirmed", "excluded"], {
    error: "expected confirmed or excluded",
  }),
  note: text,
});

const serviceRule = z.object({
  rule_id: required,
  service_id: required,
  connection_id: required,
  product_ids: required.refine(
    (value) => {
      const ids = value.split(";").map((id) => id.trim());
      return ids.every((id) => id !== "") && (ids.length === 1 || !ids.includes("*"));
    },
    {error: "expected product ids separated by semicolons, or * alone"},
  ),
  client_id: text,
  kinds: list(kinds),
  statuses: list(seatStatuses),
  count: z.enum(metrics, {error: `expected one of ${metrics.join(", ")}`}).nullable(),
  multiplier: decimal,
  minimum: decimal,
  maximum: decimal,
  valid_from: date,
  valid_to: date,
  status: z.enum(["active", "off"], {error: "expected active or off"}).nullable(),
  note: text,
});

const exclusion = z.object({
  connection_id: required,
  account_id: text,
  product_id: text,
  seat_id: text,
  reason: required,
  expires_on: date,
});

const price = z.object({
  service_id: required,
  client_id: text,
  unit_price: z.string({error: "a value is required"}).regex(/^\+?(\d+(\.\d*)?|\.\d+)$/, {
    error: "expected a price with a dot, not negative",
  }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, {error: "expected an ISO 4217 code in capitals"})
    .nullable(),
  valid_from: date,
});

export type ClientLink = z.infer<typeof clientLink>;
export type ServiceRule = z.infer<typeof serviceRule>;
export type Exclusion = z.infer<typeof exclusion>;
export type Price = z.infer<typeof price>;

/** The mapping files by name, with the schema of a row. Further columns (who, when, why) are allowed. */
export const mappingFiles = {
  clients: clientLink,
  services: serviceRule,
  exclusions: exclusion,
  prices: price,
} as const;

/** Reads `mappings/*.csv`. A file that is not there decides nothing. Rows that do not fit are problems, all of them. */
export async function readMappings(directory: string): Promise<{mappings: Mappings; problems: Problem[]}> {
  const problems: Problem[] = [];
  const mappings = {
    clients: await readMapping(directory, "clients", clientLink, problems),
    services: await readMapping(directory, "services", serviceRule, problems),
    exclusions: await readMapping(directory, "exclusions", exclusion, problems),
    prices: await readMapping(directory, "prices", price, problems),
  };
  return {mappings, problems};
}

async function readMapping<T extends Record<string, unknown>>(
  directory: string,
  name: string,
  schema: z.ZodObject & z.ZodType<T>,
  problems: Problem[],
): Promise<Decided<T>[]> {
  const file = `mappings/${name}.csv`;
  const path = join(directory, file);
  if (!existsSync(path)) return [];
  const columns = Object.keys(schema.shape);
  const rows: Decided<T>[] = [];
  let headers: string[] | undefined;
  let previousLines = 0;
  const parser = createReadStream(path).pipe(parse({bom: true, info: true, trim: true, relax_column_count: true}));
  try {
    for await (const {record, info} of parser as AsyncIterable<{
      record: string[];
      info: {lines: number};
    }>) {
      const line = previousLines + 1;
      previousLines = info.lines;
      if (record.every((cell) => cell === "")) continue;
      if (headers === undefined) {
        headers = record;
        const missing = columns.filter((column) => isRequired(schema, column) && !record.includes(column));
        for (const column of missing) {
          problems.push({
            file,
            line,
            column,
            message: "this column is missing.",
            remedy: `Expected ${columns.join(", ")}.`,
          });
        }
        if (missing.length > 0) return [];
        continue;
      }
      if (record.length !== headers.length) {
        problems.push({
          file,
          line,
          message: `expected ${headers.length} fields, found ${record.length}.`,
        });
        continue;
      }
      const cells = Object.fromEntries(headers.map((header, index) => [header, record[index] || null]));
      const parsed = schema.safeParse(Object.fromEntries(columns.map((column) => [column, cells[column] ?? null])));
      if (parsed.success) rows.push({...parsed.data, line});
      else {
        for (const issue of parsed.error.issues) {
          const column = String(issue.path[0] ?? "");
          problems.push({
            file,
            line,
            column,
            value: cells[column] ?? undefined,
            message: `${issue.message}.`,
          });
        }
      }
    }
  } catch (error) {
    problems.push({
      file,
      line: previousLines + 1,
      message: `the file is not well-formed CSV: ${(error as Error).message}`,
    });
  }
  return rows;
}

function isRequired(schema: z.ZodObject, column: string): boolean {
  return !(schema.shape[column] as z.ZodType).safeParse(null).success;
}
