import {readdir, stat} from "node:fs/promises";
import {join, resolve} from "node:path";
import {z} from "zod";
import {type CanonicalTable, type TableName, tablesOf} from "../../canonical.js";
import {describeSystemError} from "../../files/systemErrors.js";
import type {Connector, ConnectorContext, Sink, SyncOutcome} from "../connector.js";

type Side = "psa" | "usage";

const list = new Intl.ListFormat("en");

function settingsOf(side: Side) {
  return z.strictObject({
    path: z.string().min(1).describe("Folder with the CSV files, relative to the workspace."),
    exported_at: z.iso
      .datetime({
        offset: true,
        error: "expected a time with its offset, such as 2026-11-23T02:00:00Z",
      })
      .optional()
      .describe("When the files were exported. Default: the time of the oldest file."),
    columns: z
      .record(
        z.string(),
        z.record(z.string(), z.string().min(1), {
          error: `expected a file with its columns, such as ${side === "psa" ? `clients: {client_id: "Company ID"}` : `seats: {seat_id: "User ID"}`}`,
        }),
      )
      .superRefine((columns, context) => {
        for (const [file, headers] of Object.entries(columns)) {
          const table = tablesOf(side).find(({name}) => name === file);
          const unknown = (path: string[], known: readonly {readonly name: string}[]) =>
            context.addIssue({
              code: "custom",
              path,
              message: `is not known: expected one of ${known.map(({name}) => name).join(", ")}`,
            });
          if (table === undefined) unknown([file], tablesOf(side));
          for (const name of Object.keys(table === undefined ? {} : headers)) {
            if (!table?.columns.some((column) => column.name === name)) unknown([file, name], table?.columns ?? []);
          }
        }
      })
      .optional()
      .describe("Per file, canonical column: header in the file."),
  });
}

type CsvSettings = z.infer<ReturnType<typeof settingsOf>>;

const required: Record<Side, readonly TableName[]> = {
  psa: ["clients", "services"],
  usage: ["accounts", "products"],
};

function csvConnector(name: string, side: Side, description: string): Connector<CsvSettings> {
  return {
    name,
    side,
    description,
    settings: settingsOf(side),
    sync: (context, sink) => syncFiles(side, context, sink),
  };
}

async function syncFiles(
  side: Side,
  {settings, workspace, signal, progress}: ConnectorContext<CsvSettings>,
  sink: Sink,
): Promise<SyncOutcome> {
  const folder = resolve(workspace, settings.path);
  const names = await listFolder(folder, settings.path);
  const present = tablesOf(side).flatMap((table) => {
    const name = fileOf(table, names);
    return name === undefined ? [] : [{...table, path: join(folder, name)}];
  });
  const unread = names.filter((name) => /\.csv$/i.test(name) && !present.some(({path}) => path === join(folder, name)));
  const workbooks = names.filter((name) => /\.xlsx?$/i.test(name));
  const misnamed = [
    unread.length === 0 ? "" : ` Nothing reads ${list.format(unread)} there: rename what the connection is to read.`,
    workbooks.length === 0 ? "" : ` Save ${list.format(workbooks)} as CSV UTF-8: workbooks are not read.`,
  ].join("");
  const missing = required[side].filter((table) => !present.some(({name}) => name === table));
  if (missing.length > 0) {
    throw new Error(`${settings.path} lacks ${missing.map((table) => `${table}.csv`).join(" and ")}.${misnamed}`);
  }
  if (side === "usage" && !present.some(({name}) => name === "seats" || name === "counts")) {
    throw new Error(`${settings.path} has neither seats.csv nor counts.csv: nothing says what is used.${misnamed}`);
  }
  let oldest = Number.POSITIVE_INFINITY;
  const failures: Error[] = [];
  for (const table of present) {
    oldest = Math.min(oldest, (await stat(table.path)).mtimeMs);
    progress({stream: table.name, rows: 0});
    try {
      await sink.writeCsv(table.name, {
        path: table.path,
        columns: settings.columns?.[table.name],
      });
    } catch (cause) {
      signal.throwIfAborted();
      failures.push(cause as Error);
    }
  }
  if (failures.length > 1) throw new Error([...new Set(failures.map(({message}) => message))].join("\n"));
  if (failures[0] !== undefined) throw failures[0];
  return {
    freshAt: settings.exported_at === undefined ? new Date(oldest) : new Date(settings.exported_at),
    notes: unread.map(
      (name) => `${settings.path}/${name} is not read: the files of this connection are ${listed(side)}.`,
    ),
  };
}

async function listFolder(folder: string, path: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new Error(
      isAbsent
        ? `There is no folder ${path} in the workspace.`
        : `${path} cannot be read: ${describeSystemError(error)}`,
    );
  }
}

function listed(side: Side): string {
  return tablesOf(side)
    .map(({name}) => `${name}.csv`)
    .join(", ");
}

/** The table's file, whatever its capitals: some systems tell them apart and others do not. */
function fileOf({name}: CanonicalTable, names: readonly string[]): string | undefined {
  const file = `${name}.csv`;
  return names.find((other) => other === file) ?? names.find((other) => other.toLowerCase() === file);
}

export const csvPsa = csvConnector("csv-psa", "psa", "What is billed, from CSV files that a PSA exported.");
export const csvUsage = csvConnector(
  "csv-usage",
  "usage",
  "What is used, from CSV files that an integration exported.",
);
