/** A text as a SQL literal. Ids come from vendors and may hold anything. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Text for a comment that stays on its line, whatever it holds. */
export function sqlComment(text: string): string {
  return `-- ${text.replace(/\s+/g, " ").trim()}`;
}
