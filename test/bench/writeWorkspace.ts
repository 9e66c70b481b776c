import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {type Database, literal, openDatabase} from "../../loaders/database.js";
import {beginSync, endSync} from "../../loaders/lake/lake.js";

export interface Size {
  readonly clients: number;
  readonly seats: number;
}

const billedProducts = 15;
const products = 20;
const began = new Date("2026-11-23T02:00:00Z");

/**
 * Writes a workspace of any size with its lake already filled, the same one every time: fifteen services billed to every
 * client, each counted by one rule, three of them by people; twenty products, so that five are unaccounted; and one account
 * in fifty that nobody has linked. Returns the Parquet file of its seats.
 */
export async function writeWorkspace(directory: string, size: Size): Promise<string> {
  await mkdir(join(directory, "mappings"), {recursive: true});
  await writeFile(
    join(directory, "workspace.yaml"),
    `name: Bench
currency: USD
as_of: 2026-11-23T12:00:00Z
connections:
  - {id: psa, connector: csv-psa, path: imports/psa}
  - {id: usage, connector: csv-usage, path: imports/usage}
`,
  );
  const database = await openDatabase({memoryLimit: "4GB"});
  try {
    await writeMappings(database, directory, size);
    await writeSync(database, directory, "psa", billing(size));
    return await writeSync(database, directory, "usage", usageRows(size));
  } finally {
    database.close();
  }
}

async function writeMappings(database: Database, directory: string, {clients}: Size): Promise<void> {
  const write = (name: string, sql: string) =>
    database.run(`copy (${sql}) to ${literal(join(directory, "mappings", `${name}.csv`))} (header)`);
  await write(
    "clients",
    `select 'usage' as connection_id, 'acc' || i as account_id, 'c' || i as client_id, 'confirmed' as status
     from range(${clients}) as t(i) where i % 50 <> 49`,
  );
  await write(
    "services",
    `select 'r' || j as rule_id, 's' || j as service_id, 'usage' as connection_id, 'p' || j as product_ids,
       case when j < 3 then 'identities' else 'seats' end as "count"
     from range(${billedProducts}) as t(j)`,
  );
}

function billing({clients, seats}: Size): Record<string, string> {
  const quantity = `cast(${Math.floor(seats / clients / products)} as decimal(18, 4))`;
  const lines = `range(${clients}) as t(i), range(${billedProducts}) as u(j)`;
  return {
    clients: `select 'c' || i as client_id, 'Client ' || i as client_name, 'active' as status,
        cast(null as varchar) as parent_client_id from range(${clients}) as t(i)`,
    services: `select 's' || j as service_id, 'Service ' || j as service_name, cast(null as varchar) as category, 'user' as unit,
        cast(10 as decimal(18, 6)) as list_price, cast(null as decimal(18, 6)) as unit_cost from range(${billedProducts}) as t(j)`,
    agreements: `select 'a' || i as agreement_id, 'c' || i as client_id, 'Agreement ' || i as agreement_name, 'active' as status,
        'monthly' as billing_cycle, 'advance' as billing_timing, date '2025-01-01' as start_date, cast(null as date) as end_date,
        cast(null as varchar) as currency from range(${clients}) as t(i)`,
    agreement_lines: `select 'l' || i || '-' || j as agreement_line_id, 'a' || i as agreement_id, 's' || j as service_id,
        cast(null as varchar) as description, ${quantity} as quantity, cast(0 as decimal(18, 4)) as included_quantity,
        cast(12 as decimal(18, 6)) as unit_price, cast(null as decimal(18, 6)) as unit_cost, cast(null as date) as start_date,
        cast(null as date) as end_date from ${lines}`,
    invoices: `select 'i' || i as invoice_id, 'INV-' || i as invoice_number, 'c' || i as client_id, 'a' || i as agreement_id,
        date '2026-11-01' as invoice_date, date '2026-11-01' as period_start, date '2026-12-01' as period_end, 'sent' as status,
        cast(null as varchar) as currency, cast(null as decimal(18, 2)) as total from range(${clients}) as t(i)`,
    invoice_lines: `select 'il' || i || '-' || j as invoice_line_id, 'i' || i as invoice_id, 'l' || i || '-' || j as agreement_line_id,
        's' || j as service_id, cast(null as varchar) as description, ${quantity} as quantity,
        cast(12 as decimal(18, 6)) as unit_price, cast(null as decimal(18, 2)) as amount, cast(null as varchar) as parent_line_id
      from ${lines}`,
  };
}

export function usageRows({clients, seats}: Size): Record<string, string> {
  return {
    accounts: `select 'acc' || i as account_id, 'Client ' || i as account_name, 'client' || i || '.example' as "domain"
      from range(${clients}) as t(i)`,
    products: `select 'p' || j as product_id, 'Product ' || j as product_name, cast(null as varchar) as unit,
        cast(null as varchar) as category, false as is_trial, cast(5 as decimal(18, 6)) as list_price,
        cast(null as decimal(18, 6)) as unit_cost from range(${products}) as t(j)`,
    seats: `select 's' || i as seat_id, 'acc' || (hash(i) % ${clients}) as account_id, 'p' || (hash(i, 1) % ${products}) as product_id,
        case when i % 3 = 0 then 'device' else 'user' end as kind, 'Person ' || i as display_name,
        'user' || i || '@client' || (hash(i) % ${clients}) || '.example' as identifier,
        case when i % 50 = 0 then 'disabled' else 'active' end as status, timestamptz '2026-01-01' as created_at,
        case when i % 60 = 0 then null else timestamptz '2026-11-23' - to_days(cast(i % 24 as integer)) end as last_activity_at,
        cast(null as date) as commitment_end
      from range(${seats}) as t(i)`,
  };
}

/** Puts tables into the lake as one finished sync; returns the file of the last of them. */
async function writeSync(
  database: Database,
  directory: string,
  connection: "psa" | "usage",
  tables: Record<string, string>,
): Promise<string> {
  const {syncId, folder} = await beginSync(directory, connection, began, []);
  const files = [];
  for (const [table, sql] of Object.entries(tables)) {
    const path = join(folder, `${table}.parquet`);
    await database.run(`copy (${sql}) to ${literal(path)} (format parquet, compression zstd)`);
    const [count] = await database.rows(`select count(*) as rows from read_parquet(${literal(path)})`);
    const rows = Number(count?.rows);
    files.push({table, file: null, rows_read: rows, rows_kept: rows, rows_quarantined: 0});
  }
  const total = files.reduce((sum, {rows_read}) => sum + rows_read, 0);
  await endSync({directory}, folder, {
    sync_id: syncId,
    connection_id: connection,
    connector: `csv-${connection}`,
    side: connection,
    status: "succeeded",
    started_at: began.toISOString(),
    ended_at: began.toISOString(),
    fresh_at: began.toISOString(),
    rows_read: total,
    rows_kept: total,
    rows_quarantined: 0,
    files,
    notes: [],
    failed_parts: [],
    error: null,
    state: null,
    fingerprint: "",
    full_at: null,
  });
  return join(directory, "lake", connection, syncId, `${files.at(-1)?.table}.parquet`);
}
