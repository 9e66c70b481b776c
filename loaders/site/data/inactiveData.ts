import type {Database} from "../../database.js";
import {type DataFolder, writeJson} from "./jsonFile.js";

export interface InactiveOptions {
  readonly inactiveAfterDays: number;
  /** How many seats a browser gets one by one: of more, searching takes seconds, and nobody reads them. */
  readonly mostListed?: number;
}

/** Writes what the section of inactive seats reads: the seats, or where they are too many, how many a client has. */
export async function writeInactiveData(
  database: Database,
  folder: DataFolder,
  {inactiveAfterDays, mostListed = 100_000}: InactiveOptions,
): Promise<void> {
  const [row] = await database.rows("select count(*) as seats from inactive_seats");
  const [known] = await database.rows(
    `select count(last_success_at) > 0 as is_read,
       count(case when reports_activity and accounts_linked > 0 then 1 end) > 0 as is_activity_known
     from integrations where kind = 'usage'`,
  );
  const isLong = Number(row?.seats) > mostListed;
  await writeJson(folder, "inactive", database, {
    inactive_after_days: inactiveAfterDays,
    ...known,
    stale,
    ...(isLong ? {groups} : {seats}),
  });
}

/** Of these nobody knows what was used since. */
const stale = {
  sql: `select connection_id, last_success_at from integrations
    where health <> 'green' and connection_id in (select connection_id from inactive_seats)`,
  order: "connection_id",
};

const seats = {
  sql: `select seats.client_id, slug, client_name, connection_id, account_id, product_id, product_name, seat_id, kind,
      display_name, identifier, disposition, activity_state, last_activity_at, days_inactive, service_id, service_name,
      monthly_value, currency, commitment_end
    from inactive_seats as seats left join pages on seats.client_id = pages.client_id`,
  order: "client_id, connection_id, account_id, product_id, seat_id",
};

/** A row without a currency has no price either. */
const groups = {
  sql: `select seats.client_id, min(slug) as slug, min(client_name) as client_name, connection_id, activity_state, currency,
      count(*) as seat_count, sum(monthly_value) as monthly_value, max(days_inactive) as days_inactive
    from inactive_seats as seats left join pages on seats.client_id = pages.client_id
    group by seats.client_id, connection_id, activity_state, currency`,
  order: "client_id, connection_id, activity_state, currency",
};
