/** Reads a value at a path of keys: `at({a: {b: 1}}, "a", "b")` → 1 */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = (found as Record<string, unknown> | null | undefined)?.[key];
  return found;
}
