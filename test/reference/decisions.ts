import {compare} from "./rational.js";
import type {ReconciliationRow} from "./reconciliation.js";
import type {Decision, Given} from "./rows.js";

/** Whether a decision about the discrepancy holds: it is its time, and its figures are those that it was made on. */
export function isDecided(given: Given, row: ReconciliationRow): boolean {
  return given.decisions.some(
    (decision) =>
      decision.word !== null && isAbout(decision, row) && holds(decision, given.day) && hasItsFigures(decision, row),
  );
}

function isAbout({clientId, serviceId, connectionId, productId}: Decision, row: ReconciliationRow): boolean {
  if (clientId !== row.clientId || serviceId !== row.serviceId || productId !== row.productId) return false;
  return productId === null || row.connectionIds.join(";") === connectionId;
}

function holds({period, until}: Decision, day: string): boolean {
  if (period !== null && period !== day.slice(0, 7)) return false;
  return until === null || day <= until;
}

function hasItsFigures({delta, impact, currency}: Decision, row: ReconciliationRow): boolean {
  if (delta === null || row.delta === null || compare(delta, row.delta) !== 0) return false;
  if (currency !== null && currency !== row.currency) return false;
  if (impact === null || row.impactMonthly === null) return impact === row.impactMonthly;
  return compare(impact, row.impactMonthly) === 0;
}
