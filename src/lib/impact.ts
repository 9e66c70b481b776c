import type {ImpactBar} from "../components/impactBars.js";
import {toCents} from "./cents.js";
import type {Row} from "./rows.js";

/** Adds up the discrepancies of one currency by a key: under and over apart, never netted. */
export function impactBy(
  rows: readonly Row[],
  currency: string,
  key: (row: Row) => readonly {id: string; label: string; href: string}[],
): ImpactBar[] {
  const bars = new Map<string, {label: string; href: string; underCents: number; overCents: number}>();
  for (const row of rows) {
    if (row.status !== "discrepancy" || row.currency !== currency) continue;
    for (const {id, label, href} of key(row)) {
      const bar = bars.get(id) ?? {label, href, underCents: 0, overCents: 0};
      const cents = toCents(row.impact_monthly ?? null);
      if (cents > 0) bar.underCents += cents;
      else bar.overCents -= cents;
      bars.set(id, bar);
    }
  }
  return [...bars.values()].filter((bar) => bar.underCents + bar.overCents > 0);
}
