/** Something wrong in a file that a person wrote, and what to do about it. */
export interface Problem {
  /** Path as the person knows it, relative to the workspace. */
  readonly file: string;
  readonly line?: number;
  readonly column?: string;
  readonly value?: string;
  readonly message: string;
  readonly remedy?: string;
}

/** `mappings/services.csv:4 multiplier "x": expected a number. Write it with a dot.` */
export function describeProblem({file, line, column, value, message, remedy}: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  const cell = [column, value === undefined ? undefined : JSON.stringify(value)].filter(Boolean).join(" ");
  return `${place}${cell === "" ? "" : ` ${cell}`}: ${message}${remedy === undefined ? "" : ` ${remedy}`}`;
}
