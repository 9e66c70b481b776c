import {z} from "zod";
import {at} from "../at.js";
import type {TableName} from "../canonical.js";
import {misfitReason, withOthers} from "../misfitReason.js";
import type {ConnectorContext, Sink} from "./connector.js";
import type {Page} from "./http/pages.js";
import type {Redactor} from "./http/redact.js";

/** The rows that a vendor's record becomes, by table. */
export type CanonicalRows = Partial<Record<TableName, readonly Record<string, unknown>[]>>;

export interface Stream<Schema extends z.ZodType> {
  /** The vendor's word for it; names the file of raw answers. */
  readonly name: string;
  readonly pages: AsyncIterable<Page>;
  /** What Trueup needs of a record. Unknown fields pass. */
  readonly schema: Schema;
  /** The table that lacks a row when a record does not fit. */
  readonly table: TableName;
  toRows(record: z.output<Schema>): CanonicalRows;
  /** Whether the vendor says that the record is as the last sync found it. */
  isUnchanged?(record: z.output<Schema>): boolean;
}

/** Ids are numbers at one vendor and texts at another; here they are texts. */
export const idSchema = z
  .union([z.string().min(1), z.int()], {error: "expected an id: a text or a whole number"})
  .transform(String);

/** The id of another record, at vendors for whom 0 stands for none. */
export const linked = (id: string | null | undefined): string | null =>
  id === null || id === undefined || id === "0" ? null : id;

/**
 * Reads a stream to its end: keeps the answers as they came, checks each, and hands over the rows they become. A record that
 * does not fit is quarantined with its id. Returns how many did not.
 */
export async function readStream<Schema extends z.ZodType>(
  {progress, redactor}: Pick<ConnectorContext, "progress" | "redactor">,
  sink: Sink,
  {name, pages, schema, table, toRows, isUnchanged = () => false}: Stream<Schema>,
): Promise<number> {
  let count = 0;
  let rejected = 0;
  for await (const {rows, text, place, number, total} of pages) {
    if (text !== "") await sink.raw(name, text);
    let misfits = 0;
    const changed = new Map<TableName, Record<string, unknown>[]>();
    const unchanged = new Map<TableName, Record<string, unknown>[]>();
    for (const record of rows) {
      const parsed = schema.safeParse(record, {error: misfitReason});
      if (!parsed.success) {
        sink.reject(table, {place, ...describeMisfit(record, parsed.error, redactor)});
        misfits += 1;
        continue;
      }
      const byTable = isUnchanged(parsed.data) ? unchanged : changed;
      for (const [target, produced] of Object.entries(toRows(parsed.data))) {
        const collected = byTable.get(target as TableName) ?? [];
        collected.push(...(produced ?? []));
        byTable.set(target as TableName, collected);
      }
    }
    sink.tally(table, name, rows.length, misfits);
    rejected += misfits;
    for (const [target, produced] of changed) rejected += await sink.write(target, produced, {place});
    for (const [target, produced] of unchanged) {
      rejected += await sink.write(target, produced, {place, isUnchanged: true});
    }
    count += rows.length;
    progress({stream: name, rows: count, total, pages: number});
  }
  return rejected;
}

/** Fields with what people call a record, the most telling first. */
const nameFields = ["invoiceNumber", "invoicenumber", "companyName", "contractName", "name", "description"];

function describeMisfit(
  record: unknown,
  error: z.ZodError,
  {redact}: Redactor,
): {id: string; column: string | null; value: string | null; reason: string} {
  const fields = (record ?? {}) as Record<string, unknown>;
  const id = fields.id ?? fields.uid ?? fields.uuid ?? fields.user_id ?? fields.skuId ?? "unknown";
  const name = nameFields.map((field) => fields[field]).find((value) => typeof value === "string" && value !== "");
  const [issue] = error.issues;
  const path = issue?.path.map(String) ?? [];
  const value = at(record, ...path);
  const [, ...others] = new Set(error.issues.map((one) => one.path.join(".")));
  return {
    id: `id ${String(id)}${name === undefined ? "" : `, ${name}`}`,
    column: path.length === 0 ? null : path.join("."),
    value: value === undefined || value === null ? null : redact(JSON.stringify(value)).slice(0, 200),
    reason: withOthers(issue?.message ?? "does not fit", others),
  };
}
