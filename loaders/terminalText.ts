import {cut} from "../src/lib/format.js";
import {writtenOut} from "../src/lib/problem.js";

/**
 * Text of vendors and files for a terminal: whatever could steer it, or turn the reading order round, becomes a space. What
 * joins letters or emoji, or keeps letters apart, stays.
 */
export function withoutControls(text: string): string {
  return text.replace(/[^\P{C}\n\t\u200c\u200d]/gu, " ");
}

export function onOneLine(text: string): string {
  return withoutControls(text).replace(/\s+/g, " ").trim();
}

/** A word of a command to copy, quoted where a shell would read it as something else. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The longest value that is shown as it is written. */
const longestValue = 60;

/** A value as it is written, all of its blanks too. */
export function quote(value: string): string {
  const steering = /[^\P{C}\n\t\u00ad\u200b-\u200d\u2060\ufeff]/gu;
  return writtenOut(cut(value.replace(steering, " "), longestValue));
}
