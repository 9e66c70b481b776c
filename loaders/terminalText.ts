/** Text of vendors and files for a terminal: whatever could steer it, or turn the reading order round, becomes a space. */
export function withoutControls(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, " ");
}

export function onOneLine(text: string): string {
  return withoutControls(text).replace(/\s+/g, " ").trim();
}

export function cut(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

/** The longest value that is shown as it is written. */
const longestValue = 60;

/** A value as it is written, blanks at its ends too. */
export function quote(value: string): string {
  return JSON.stringify(cut(withoutControls(value), longestValue));
}
