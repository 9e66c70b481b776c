/** A text as a SQL literal. Ids come from vendors and may hold anything. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a SQL identifier, quoted only where it has to be. */
export function sqlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Text for a comment that stays on its line, whatever it holds. */
export function sqlComment(text: string): string {
  return `-- ${text.replace(/\s+/g, " ").trim()}`;
}
