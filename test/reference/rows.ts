import type {Day, Period} from "./calendar.js";
import type {Rational} from "./rational.js";

/** The world with its types read, its defaults filled in and its unlisted parents added. */
export interface Given {
  readonly currency: string;
  /** Milliseconds since 1970. */
  readonly asOf: number;
  readonly asOfText: string;
  readonly day: Day;
  readonly inactiveAfterDays: number;
  readonly staleAfterHours: number;
  readonly billedBasis: string;
  readonly connections: readonly Connection[];
  readonly syncs: readonly Sync[];
  readonly clients: ReadonlyMap<string, Client>;
  readonly services: ReadonlyMap<string, Service>;
  readonly agreements: ReadonlyMap<string, Agreement>;
  readonly agreementLines: ReadonlyMap<string, AgreementLine>;
  readonly invoices: ReadonlyMap<string, Invoice>;
  readonly invoiceLines: readonly InvoiceLine[];
  readonly accounts: readonly Account[];
  /** Keys of connection and account. */
  readonly unreadAccounts: ReadonlySet<string>;
  readonly products: readonly Product[];
  readonly seats: readonly Seat[];
  readonly counts: readonly Count[];
  readonly links: readonly Link[];
  readonly rules: readonly Rule[];
  readonly exclusions: readonly Exclusion[];
  readonly prices: readonly Price[];
  readonly decisions: readonly Decision[];
}

export type Connection = {id: string; connector: string | null; side: string; reportsActivity: boolean | null};
export type Sync = {
  connectionId: string;
  id: string;
  status: string;
  startedAt: string | null;
  freshAt: string | null;
  error: string | null;
  rowsQuarantined: number;
};
export type Client = {id: string; name: string; status: string};
export type Service = {
  id: string;
  name: string;
  unit: string | null;
  listPrice: Rational | null;
  unitCost: Rational | null;
};
export type Agreement = {
  id: string;
  clientId: string;
  name: string | null;
  status: string;
  cycle: string;
  timing: string;
  start: Day;
  end: Day | null;
  currency: string;
};
export type AgreementLine = {
  id: string;
  agreement: Agreement;
  serviceId: string;
  description: string | null;
  quantity: Rational;
  included: Rational;
  unitPrice: Rational | null;
  unitCost: Rational | null;
  start: Day | null;
  end: Day | null;
};
export type Invoice = {
  id: string;
  number: string | null;
  clientId: string;
  agreement: Agreement | null;
  date: Day;
  period: Period;
  hasOwnPeriod: boolean;
  status: string;
  currency: string;
  total: Rational | null;
};
export type InvoiceLine = {
  id: string;
  invoice: Invoice;
  agreementLine: AgreementLine | null;
  serviceId: string | null;
  description: string | null;
  quantity: Rational;
  unitPrice: Rational | null;
  ownAmount: Rational | null;
  parentId: string | null;
};
export type Account = {connectionId: string; id: string; name: string; domain: string | null};
export type Product = {
  connectionId: string;
  id: string;
  name: string;
  unit: string | null;
  isTrial: boolean;
  listPrice: Rational | null;
  unitCost: Rational | null;
};
export type Seat = {
  connectionId: string;
  accountId: string;
  productId: string;
  id: string;
  kind: string | null;
  displayName: string | null;
  identifier: string | null;
  status: string;
  createdAt: string | null;
  lastActivityAt: string | null;
  commitmentEnd: Day | null;
};
export type Count = {
  connectionId: string;
  accountId: string;
  productId: string;
  metric: string;
  quantity: Rational;
  asOf: string | null;
  commitmentEnd: Day | null;
};
export type Link = {connectionId: string; accountId: string; clientId: string | null; status: string};
export type Rule = {
  id: string;
  serviceId: string;
  connectionId: string;
  /** Null: every product. */
  productIds: readonly string[] | null;
  clientId: string | null;
  kinds: readonly string[] | null;
  statuses: readonly string[];
  method: string;
  multiplier: Rational;
  minimum: Rational | null;
  maximum: Rational | null;
  from: Day | null;
  to: Day | null;
  isActive: boolean;
};
export type Exclusion = {
  connectionId: string;
  accountId: string | null;
  productId: string | null;
  seatId: string | null;
  expiresOn: Day | null;
};
export type Price = {
  serviceId: string;
  clientId: string | null;
  unitPrice: Rational;
  currency: string;
  from: Day | null;
};
export type Decision = {
  clientId: string;
  serviceId: string | null;
  connectionId: string | null;
  productId: string | null;
  /** As 2026-11. */
  period: string | null;
  until: Day | null;
  /** Null where only an owner is named. */
  word: string | null;
  currency: string | null;
  delta: Rational | null;
  impact: Rational | null;
};
