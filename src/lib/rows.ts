/** A row of a mart: decimals, counts, dates and times as text. */
export type Row = Readonly<Record<string, string | null>>;

export interface SiteData {
  readonly name: string;
  readonly as_of: string;
  readonly inactive_after_days: number;
  readonly summary: readonly Row[];
  readonly integrations: readonly Row[];
  readonly products: readonly Row[];
}

export interface ClientData {
  readonly clients: readonly Row[];
  readonly slug: string;
  readonly reconciliation: readonly Row[];
  readonly sources: readonly Row[];
  readonly services: readonly Row[];
  readonly flags: readonly Row[];
  readonly integrations: readonly Row[];
  readonly groups: readonly Row[];
  readonly accounts: readonly Row[];
  readonly products: readonly Row[];
  readonly rules: readonly Row[];
  readonly previous: {readonly slug: string; readonly name: string} | null;
  readonly next: {readonly slug: string; readonly name: string} | null;
}
