/** What the rows of an explanation come to: the sum of a column, their number, or a mean that the column repeats. */
export type ComesTo =
  | {readonly kind: "sum"; readonly column: string}
  | {readonly kind: "rows"}
  | {readonly kind: "value"; readonly column: string};

export interface Explanation {
  readonly title: string;
  readonly sql: string;
  readonly comesTo: ComesTo;
}

/** An explanation before it has its title. */
export type Made = Omit<Explanation, "title">;

/** What an explanation of a row has to know of it. */
export interface ExplainedRow {
  readonly reconciliation_id: string;
  readonly service_id: string | null;
  readonly currency: string;
  readonly rate_basis: string;
  readonly label: string;
}
