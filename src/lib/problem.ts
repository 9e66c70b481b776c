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
  const cell = [column, value === undefined ? undefined : writtenOut(value)].filter(Boolean).join(" ");
  return `${place}${cell === "" ? "" : ` ${cell}`}: ${message}${remedy === undefined ? "" : ` ${remedy}`}`;
}

/** Blanks without any width, and those of other widths than that of the space bar. */
const unseen = /[\u00ad\u200b-\u200d\u2060\ufeff]|(?! )\p{Z}/gu;

/** A text in quotes, with the blanks that nobody can see in it, or tell from others, in digits: `"C1\u200b"`. */
export function writtenOut(text: string): string {
  return JSON.stringify(text).replace(unseen, (blank) => `\\u${blank.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
