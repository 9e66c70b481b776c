import {readFile} from "node:fs/promises";
import {z} from "zod";
import {inCurrencyOrder} from "../../src/lib/currencyOrder.js";
import {literal} from "../database.js";
import {describeSystemError} from "../files/systemErrors.js";
import {quarantines} from "../marts/caveats.js";
import {summaryTotals} from "../marts/summaryTotals.js";
import {ConfigurationError} from "../problems.js";
import {type OpenMarts, type Row, requireMart} from "./openMarts.js";

/** Money and quantities as decimal text, as in the marts. */
const amount = z.string().nullable();

const discrepancySchema = z.object({
  reconciliation_id: z.string(),
  client_name: z.string(),
  service_name: z.string(),
  currency: z.string(),
  delta_quantity: amount,
  impact_monthly: amount,
});

const digestSchema = z.object({
  workspace: z.string(),
  as_of: z.string(),
  discrepancies: z.array(discrepancySchema),
});

export type DigestDiscrepancy = z.infer<typeof discrepancySchema>;

export interface DigestChange extends DigestDiscrepancy {
  readonly change: string;
  readonly previous_impact_monthly: string | null;
}

export interface Digest {
  readonly workspace: string;
  /** UTC day of the figures. */
  readonly as_of: string;
  readonly period: string;
  /** A row of `summary` per currency, with what has no price side by side. */
  readonly currencies: readonly Row[];
  /** The largest on the work list of each currency, in the order of `currencies`: amounts of two cannot be compared. */
  readonly top: readonly Row[];
  readonly open_count: number;
  /** What changes are measured against, in words; null where nothing earlier is known. */
  readonly since: string | null;
  readonly changes: readonly DigestChange[];
  /** Connections that are not green. */
  readonly sync_problems: readonly Row[];
  /** Connections of which rows are in no figure because they were quarantined. */
  readonly quarantines: readonly Row[];
  /** All of them, so that the next digest can say what changed. */
  readonly discrepancies: readonly DigestDiscrepancy[];
}

export interface DigestOptions {
  readonly workspace: string;
  /** Its own. */
  readonly currency: string;
  readonly top: number;
  /** An earlier digest as JSON; without it changes are against the last closed month. */
  readonly since?: string;
  readonly warn?: (sentence: string) => void;
}

const named = "reconciliation_id, client_name, coalesce(service_name, product_name, '') as service_name, currency";
const described = `${named}, delta_quantity, impact_monthly`;
const byMoney = "abs(impact_monthly) desc nulls last, client_name, reconciliation_id";

/** What a month's mail says: the headline, the largest open discrepancies, what changed, and what could not be read. */
export async function makeDigest(
  marts: OpenMarts,
  {workspace, currency: own, top, since, warn = () => {}}: DigestOptions,
): Promise<Digest> {
  requireMart(marts, "work_list");
  const earlier = since === undefined ? undefined : await readDigest(since);
  if (earlier !== undefined && earlier.workspace !== workspace) {
    warn(`${since} is a report of ${earlier.workspace}, not of ${workspace}: what it found may be of other clients.`);
  }
  const {database, period, asOfDate} = marts;
  const discrepancies = (await database.rows(
    `select ${described} from work_list order by ${byMoney}`,
  )) as unknown as DigestDiscrepancy[];
  const currencies = inCurrencyOrder(await database.rows(summaryTotals()), own);
  const open = await database.rows(
    `select ${described}, discrepancy_type, likely_cause, decision_state, owner, age_days
     from work_list where decision_state <> 'decided' order by ${byMoney}`,
  );
  const largest = currencies.flatMap(({currency}) => open.filter((row) => row.currency === currency).slice(0, top));
  return {
    workspace,
    as_of: asOfDate,
    period,
    currencies,
    top: largest,
    open_count: open.length,
    ...(earlier === undefined ? await sinceClosed(marts, discrepancies) : sinceDigest(discrepancies, earlier)),
    sync_problems: await database.rows(
      `select connection_id, health, health_reason, last_error, last_success_at from integrations where health <> 'green'
       order by case health when 'red' then 0 else 1 end, connection_id`,
    ),
    quarantines: await database.rows(quarantines),
    discrepancies,
  };
}

async function sinceClosed(
  {database, names, period}: OpenMarts,
  now: readonly DigestDiscrepancy[],
): Promise<Pick<Digest, "since" | "changes">> {
  if (!names.includes("history_changes")) return {since: null, changes: []};
  const [month] = await database.rows(
    `select max(previous_period) as previous, max(is_closed) as is_closed from history where period = ${literal(period)}`,
  );
  if (month?.previous == null) return {since: null, changes: []};
  const since = String(month.previous);
  if (month.is_closed === true) {
    // History has the month as it was closed before; these figures were worked out since.
    const before = await database.rows(
      `select ${described} from history_discrepancies where period = ${literal(since)} order by ${byMoney}`,
    );
    return sinceDigest(now, {as_of: since, discrepancies: before as unknown as DigestDiscrepancy[]});
  }
  const changes = await database.rows(
    `select ${named},
       case when change_kind not in ('resolved', 'not_compared') then expected_quantity - invoiced_quantity end as delta_quantity,
       impact_monthly, change_kind as change, previous_impact_monthly
     from history_changes where period = ${literal(period)} and change_kind <> 'repeated'
     order by abs(coalesce(impact_monthly, 0) - coalesce(previous_impact_monthly, 0)) desc, client_name, reconciliation_id, currency`,
  );
  return {since, changes: changes as unknown as DigestChange[]};
}

function sinceDigest(
  now: readonly DigestDiscrepancy[],
  {as_of, discrepancies}: Pick<z.infer<typeof digestSchema>, "as_of" | "discrepancies">,
): Pick<Digest, "since" | "changes"> {
  const before = new Map(discrepancies.map((row) => [keyOf(row), row]));
  const after = new Set(now.map(keyOf));
  const appeared = now.flatMap((row): DigestChange[] => {
    const earlier = before.get(keyOf(row));
    if (earlier === undefined) return [{...row, change: "new", previous_impact_monthly: null}];
    const isSame = earlier.delta_quantity === row.delta_quantity && earlier.impact_monthly === row.impact_monthly;
    return isSame ? [] : [{...row, change: "changed", previous_impact_monthly: earlier.impact_monthly}];
  });
  const gone = discrepancies
    .filter((row) => !after.has(keyOf(row)))
    .map((row) => ({
      ...row,
      change: "gone",
      previous_impact_monthly: row.impact_monthly,
      delta_quantity: null,
      impact_monthly: null,
    }));
  return {since: as_of, changes: [...appeared, ...gone]};
}

/** Usage that no rule covers has the same id in every currency. */
function keyOf({reconciliation_id, currency}: DigestDiscrepancy): string {
  return `${reconciliation_id} ${currency}`;
}

async function readDigest(path: string): Promise<z.infer<typeof digestSchema>> {
  const fault = (message: string): ConfigurationError =>
    new ConfigurationError([
      {file: "--since", value: path, message, remedy: "`trueup report --format json` writes what it reads."},
    ]);
  const text = await readFile(path, "utf8").catch((error) => {
    throw fault(`cannot be read: ${describeSystemError(error)}`);
  });
  try {
    return digestSchema.parse(JSON.parse(text));
  } catch {
    throw fault("is not a report.");
  }
}

/** Currencies in which more is open than a limit, under- and overbilled together, per month. */
export async function findOverLimit({database}: OpenMarts, limit: string): Promise<{currency: string; open: string}[]> {
  const rows = await database.rows(
    `select currency, cast(open_underbilled_monthly + open_overbilled_monthly as varchar) as open from summary
     where open_underbilled_monthly + open_overbilled_monthly > cast('${limit}' as decimal(38, 6)) order by currency`,
  );
  return rows.map((row) => ({currency: String(row.currency), open: String(row.open)}));
}
