const list = new Intl.ListFormat("en");

/**
 * Why a row does not fit, by its first column that does not, with the names of those that do not either: all of them are to be
 * put right at once. `expected a date`, `status` → `expected a date; status does not fit either`
 */
export function withOthers(reason: string, others: readonly string[]): string {
  if (others.length === 0) return reason;
  return `${reason}; ${list.format(others)} ${others.length === 1 ? "does" : "do"} not fit either`;
}
