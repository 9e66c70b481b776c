const narrowBlanks = [" ", "\t", "\r", "\n"] as const;

/** Blanks that spreadsheets and web pages bring along. Mapping files and answers of APIs are read without them as well. */
export const wideBlanks = ["\u00a0", "\u202f", "\u3000", "\ufeff"] as const;

/** What values are read without where they begin and end. */
export const blanks: readonly string[] = [...narrowBlanks, ...wideBlanks];
