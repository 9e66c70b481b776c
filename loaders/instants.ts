/**
 * SQL for the time that a text tells, null where it tells none. Of those that a canonical table takes, DuckDB reads most by
 * itself; it does not know small letters, nor an offset after minutes.
 */
export function instantSql(text: string): string {
  const completed = `regexp_replace(upper(${text}), '^(.{10})[T ](\\d\\d:\\d\\d)([Z+-].*)$', '\\1 \\2:00\\3')`;
  return `coalesce(try_cast(${text} as timestamptz), try_cast(${completed} as timestamptz))`;
}
