import type {Row} from "./draft.js";
import {nameClients} from "./names.js";
import {plants, unaccounted} from "./plants.js";
import {makeSample} from "./sample.js";
import {asOfDays, type Episode, episodes, firstMonth, newService, presentMonth} from "./story.js";

export interface History {
  /** What each month found, by currency. */
  readonly months: Row[];
  /** What became of each discrepancy from each month to the next. */
  readonly changes: Row[];
}

const periodOf = (month: number): string => (asOfDays[month] ?? "").slice(0, 7);
const keyOf = ({client_id, service_id, product_id, currency}: Row): string =>
  JSON.stringify([client_id, service_id, product_id, currency]);

/** The history that the closed months and the present one must show, told by the story and not by the models. */
export function tellHistory(): History {
  const history: History = {months: [], changes: []};
  const runs = new Map<string, {first: number; length: number; earliest: number}>();
  let before = new Map<string, Row>();
  for (let month = firstMonth; month <= presentMonth; month++) {
    const {discrepancies, summary} = makeSample(month).answers;
    for (const row of summary) history.months.push(totalsOf(row, month));
    const now = new Map(discrepancies.map((row) => [keyOf(row), row]));
    const ended = new Map(runs);
    for (const key of runs.keys()) {
      const run = runs.get(key);
      if (!now.has(key) && run !== undefined) runs.set(key, {...run, length: 0});
    }
    for (const key of now.keys()) {
      const run = runs.get(key);
      if (run === undefined) runs.set(key, {first: month, length: 1, earliest: month});
      else runs.set(key, {...run, first: run.length === 0 ? month : run.first, length: run.length + 1});
    }
    if (month > firstMonth) {
      for (const key of new Set([...before.keys(), ...now.keys()])) {
        const run = (now.has(key) ? runs : ended).get(key);
        history.changes.push({
          period: periodOf(month),
          ...change(before.get(key), now.get(key), month),
          months_open: run?.length ?? null,
          first_period: periodOf(run?.first ?? 0),
          earliest_period: periodOf(run?.earliest ?? 0),
        });
      }
    }
    before = now;
  }
  return history;
}

function totalsOf(row: Row, month: number): Row {
  return {
    period: periodOf(month),
    currency: row.currency ?? null,
    is_closed: month < presentMonth ? "true" : "false",
    discrepancy_count: row.discrepancy_count ?? null,
    underbilled_monthly: row.underbilled_monthly ?? null,
    overbilled_monthly: row.overbilled_monthly ?? null,
    net_monthly: row.net_monthly ?? null,
  };
}

function change(before: Row | undefined, now: Row | undefined, month: number): Row {
  const {client_id = null, service_id = null, product_id = null, currency = null} = now ?? before ?? {};
  const told = tell({client_id, service_id, product_id, currency}, before, now, month);
  return {
    client_id,
    service_id,
    product_id,
    currency,
    change_kind: kindOf(before, now, told.reason),
    reason: told.reason,
    previous_impact_monthly: before?.impact_monthly ?? null,
    impact_monthly: now?.impact_monthly ?? null,
    settled_monthly: before === undefined || before.impact_monthly === null ? null : told.settled,
    credited_amount: told.credited,
  };
}

function kindOf(before: Row | undefined, now: Row | undefined, reason: string | null): string {
  if (before === undefined) return "new";
  if (now === undefined) return reason === "not_compared" ? "not_compared" : "resolved";
  if (Number(before.delta_quantity) < 0 !== Number(now.delta_quantity) < 0) return "turned";
  const isSame = before.delta_quantity === now.delta_quantity && before.impact_monthly === now.impact_monthly;
  return isSame ? "repeated" : "changed";
}

interface Told {
  readonly reason: string | null;
  readonly settled: string;
  readonly credited: string;
}

function tell(row: Row, before: Row | undefined, now: Row | undefined, month: number): Told {
  const nothing: Told = {reason: null, settled: "0.00", credited: "0.00"};
  const episode = episodes.find((one) => idOf(one.client) === row.client_id && one.service === row.service_id);
  const step = episode?.steps.find(({from}) => from === month);
  if (episode !== undefined && step !== undefined) {
    const credited = episode.credit?.month === month ? creditOf(episode, before) : "0.00";
    return {reason: step.reason, settled: step.settled ?? "0.00", credited};
  }
  if (row.product_id === newService.productId && month === newService.from) return {...nothing, reason: "mapping"};
  if (row.product_id !== null && unaccounted.some((one) => idOf(one.client) === row.client_id && one.since === month)) {
    return {...nothing, reason: "usage"};
  }
  if (row.service_id === "S-PWD" && now === undefined) return {...nothing, reason: "not_compared"};
  const plant = plants.find((one) => idOf(one.client) === row.client_id && one.service === row.service_id);
  if (plant?.since === month) return {...nothing, reason: plant.billed || plant.isRepeated ? "billed" : "usage"};
  return nothing;
}

function creditOf({credit}: Episode, before: Row | undefined): string {
  return ((credit?.units ?? 0) * Number(before?.unit_rate)).toFixed(2);
}

function idOf(client: number): string {
  return nameClients()[client]?.clientId ?? "";
}
