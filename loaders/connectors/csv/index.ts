import {existsSync} from "node:fs";
import {stat} from "node:fs/promises";
import {join, resolve} from "node:path";
import {z} from "zod";
import {type CanonicalTable, type TableName, tablesOf} from "../../canonical.js";
import type {Connector, ConnectorContext, Sink, SyncOutcome} from "../connector.js";

const settingsSchema = z.strictObject({
  path: z.string().min(1).describe("Folder with the CSV files, relative to the workspace."),
  exported_at: z.iso
    .datetime({
      offset: true,
      error: "expected a time with its offset, such as 2026-11-23T02:00:00Z",
    })
    .optional()
    .describe("When the files were exported. Default: the time of the oldest file."),
  columns: z
    .record(z.string(), z.record(z.string(), z.string()))
    .optional()
    .describe("Per file, canonical column: header in the file."),
});

type CsvSettings = z.infer<typeof settingsSchema>;

const required: Record<"psa" | "usage", readonly TableName[]> = {
  psa: ["clients", "services"],
  usage: ["accounts", "products"],
};

function csvConnector(name: string, side: "psa" | "usage", description: string): Connector<CsvSettings> {
  return {
    name,
    side,
    description,
    settings: settingsSchema,
    sync: (context, sink) => syncFiles(side, context, sink),
  };
}

async function syncFiles(
  side: "psa" | "usage",
  {settings, workspace, progress}: ConnectorContext<CsvSettings>,
  sink: Sink,
): Promise<SyncOutcome> {
  const folder = resolve(workspace, settings.path);
  const present = tablesOf(side).filter((table) => existsSync(fileOf(folder, table)));
  const missing = required[side].filter((table) => !present.some(({name}) => name === table));
  if (missing.length > 0) {
    throw new Error(`${settings.path} lacks ${missing.map((table) => `${table}.csv`).join(" and ")}.`);
  }
  if (side === "usage" && !present.some(({name}) => name === "seats" || name === "counts")) {
    throw new Error(`${settings.path} has neither seats.csv nor counts.csv: nothing says what is used.`);
  }
  const unknown = Object.keys(settings.columns ?? {}).filter(
    (table) => !tablesOf(side).some(({name}) => name === table),
  );
  if (unknown.length > 0) throw new Error(`columns names ${unknown.join(", ")}, which is no file of this connection.`);
  let oldest = Number.POSITIVE_INFINITY;
  for (const table of present) {
    const path = fileOf(folder, table);
    oldest = Math.min(oldest, (await stat(path)).mtimeMs);
    progress({stream: table.name, rows: 0});
    await sink.writeCsv(table.name, {
      path,
      columns: settings.columns?.[table.name],
    });
  }
  return {
    freshAt: settings.exported_at === undefined ? new Date(oldest) : new Date(settings.exported_at),
  };
}

function fileOf(folder: string, table: CanonicalTable): string {
  return join(folder, `${table.name}.csv`);
}

export const csvPsa = csvConnector("csv-psa", "psa", "What is billed, from CSV files that a PSA exported.");
export const csvUsage = csvConnector(
  "csv-usage",
  "usage",
  "What is used, from CSV files that an integration exported.",
);
