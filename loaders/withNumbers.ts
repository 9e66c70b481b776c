type Row = Readonly<Record<string, unknown>>;

/** A row for JSON: counts as numbers, while money stays text, so that no reader rounds it. */
export function withNumbers(row: Row): Row {
  const isCount = (name: string, value: unknown): boolean =>
    !name.endsWith("_id") && typeof value === "string" && /^\d+$/.test(value);
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, isCount(name, value) ? Number(value) : value]),
  );
}
