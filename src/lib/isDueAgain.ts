import {isoDayBefore} from "./format.js";

interface Decided {
  readonly decided_at: string | null;
  /** The month that it is for, if it is for one. */
  readonly period: string | null;
  readonly agreed_amount: string | null;
  /** The first day after what its line bills. */
  readonly period_end: string | null;
}

/**
 * Whether what is due by a decision is due once more in the month of the decision: it was made in the days after the month of
 * its figures, which `asOfDate` is in, and is for more than that. Unless that month is closed with it, nothing tells that it
 * was due there. Where the month is closed without it, one that was made in the month itself is due once more in the next.
 */
export function isDueAgain(
  {decided_at, period, agreed_amount, period_end}: Decided,
  asOfDate: string,
  isClosedWithout = false,
): boolean {
  const month = asOfDate.slice(0, 7);
  const made = decided_at?.slice(0, 7) ?? "";
  const reaches = period_end !== null && isoDayBefore(period_end).slice(0, 7) > month;
  return period === null && (isClosedWithout ? made >= month : made > month) && (agreed_amount !== null || reaches);
}
