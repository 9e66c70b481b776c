/** A client with a second EDR account that nobody linked. */
export const unlinked = {
  client: 21,
  connection: "edr",
  account: "edr-21-hq",
  product: "edr-complete",
  seats: 4,
} as const;

/** The backup account of a client's branch that is linked to another client. */
export const mislinked = {
  from: 22,
  to: 23,
  connection: "backup",
  account: "backup-22-branch",
  product: "bkp-server",
  seats: 3,
} as const;

/**
 * What is planted, client by client (index into the names) and service. Everything not named here is billed exactly as it
 * is used. `used` and `billed` are differences against the client's ordinary number.
 */
export interface Plant {
  readonly client: number;
  readonly service: string;
  readonly used?: number;
  readonly billed?: number;
  /** Cents on the agreement line instead of the list price; null for none. */
  readonly price?: number | null;
  /** The service is not on the agreement at all. */
  readonly unbilled?: boolean;
  readonly includes?: number;
  /** Seats of another client's account that is linked to this one. */
  readonly foreign?: number;
  /** The line is twice on the invoice. */
  readonly isRepeated?: boolean;
  /** A second connection that counts the service has nothing of the client. */
  readonly isPartial?: boolean;
  /** Where its price must be taken from, if no invoice line has one. */
  readonly basis?: "list_price" | "price_book" | "last_invoiced" | "peer_median";
  /** That price in cents, if it is not the list price. */
  readonly rate?: number;
  /** The cause that must be named, if not a billing gap. */
  readonly cause?: "client_mapping";
  /** The month of 2026 that it began; before July without it. */
  readonly since?: number;
}

export const plants: readonly Plant[] = [
  {client: 0, service: "S-RMM", used: 4, since: 9},
  {client: 1, service: "S-M365BP", used: 3},
  {client: 2, service: "S-EDR", used: -5},
  {client: 3, service: "S-BKP", billed: 2},
  {client: 4, service: "S-MFA", used: 9},
  {client: 5, service: "S-M365BP", used: 6},
  {client: 5, service: "S-RMM", used: -3},
  {client: 6, service: "S-EXO1", used: 7, price: null, basis: "last_invoiced"},
  {client: 7, service: "S-EDR", unbilled: true, basis: "list_price"},
  {client: 8, service: "S-BKP", unbilled: true, basis: "price_book", rate: 1250},
  {client: 9, service: "S-RMM", used: 2, includes: 2},
  {client: 10, service: "S-MAIL", used: 4},
  {client: 11, service: "S-MAIL", used: -6},
  {client: 12, service: "S-M365BP", billed: 5, since: 10},
  {client: 14, service: "S-MFA", used: 3, price: null, basis: "peer_median"},
  {client: 15, service: "S-EDR", used: 12},
  {client: 17, service: "S-RMM", billed: 4},
  {client: unlinked.client, service: "S-EDR", billed: unlinked.seats, cause: "client_mapping"},
  {client: mislinked.from, service: "S-BKP", billed: mislinked.seats},
  {client: mislinked.to, service: "S-BKP", foreign: mislinked.seats, cause: "client_mapping"},
  // The client that uses two of a product that no rule covers.
  {client: 25, service: "S-M365BP", billed: 2},
  // Free, and below cost: nothing differs, but their invoices are flagged.
  {client: 26, service: "S-EXO1", price: 0},
  {client: 29, service: "S-EXO1", price: 300},
  {client: 32, service: "S-MFA", isRepeated: true, since: 11},
  {client: 34, service: "S-BKP", billed: -0.5},
  {client: 48, service: "S-MFA", used: 1, isPartial: true},
  {client: 56, service: "S-RMM", used: 1},
  {client: 57, service: "S-EDR", used: 2},
  {client: 58, service: "S-M365BP", used: -2},
  {client: 59, service: "S-MFA", used: 2},
  {client: 60, service: "S-BKP", used: 1, since: 11},
];

/** Clients that buy from the distributor. */
export const distributed: readonly number[] = [45, 46, 47];

/** Clients that use a product no rule covers. */
export const unaccounted: readonly {client: number; seats: number; since: number}[] = [
  {client: 24, seats: 5, since: 9},
  {client: 25, seats: 2, since: 11},
];

/** Support for everybody with a workplace; always billed as used. */
export const support = {
  serviceId: "S-SUP",
  serviceName: "Managed Workplace Support",
  listPrice: "89.00",
  cost: "34.00",
} as const;
