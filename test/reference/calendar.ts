/** A day as YYYY-MM-DD; such texts compare like the days. */
export type Day = string;

export interface Period {
  readonly start: Day;
  /** The first day after it. */
  readonly end: Day;
}

export function dayNumber(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000;
}

/** The UTC day of an instant. */
export function dayOf(instant: string): Day {
  return new Date(instant).toISOString().slice(0, 10);
}

/** So many months later; a day that the month lacks becomes its last: 31 January + 1 → 28 or 29 February. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const total = year * 12 + month - 1 + months;
  const lastOfMonth = new Date(Date.UTC(Math.floor(total / 12), (total % 12) + 1, 0)).getUTCDate();
  return new Date(Date.UTC(Math.floor(total / 12), total % 12, Math.min(date, lastOfMonth))).toISOString().slice(0, 10);
}

export function calendarMonth(day: Day): Period {
  const start = `${day.slice(0, 7)}-01`;
  return {start, end: addMonths(start, 1)};
}

/** The nth step of a cycle of so many months counted from a day. */
export function cycleStep(from: Day, months: number, n: number): Period {
  return {start: addMonths(from, n * months), end: addMonths(from, (n + 1) * months)};
}

/** Which step of the cycle contains the day; the day must not come before the first step. */
export function cycleStepNumber(from: Day, months: number, day: Day): number {
  let n = 0;
  while (cycleStep(from, months, n).end <= day) n += 1;
  return n;
}

export function contains({start, end}: {start: Day | null; end: Day | null}, day: Day): boolean {
  return (start === null || start <= day) && (end === null || day < end);
}
