/**
 * What is planted, client by client (index into the names) and service. Everything not named here is billed exactly as it
 * is used. `used` and `billed` are differences against the client's ordinary number.
 */
export interface Plant {
  readonly client: number;
  readonly service: string;
  readonly used?: number;
  readonly billed?: number;
  /** No price on the agreement line. */
  readonly unpriced?: boolean;
  /** The service is not on the agreement at all. */
  readonly unbilled?: boolean;
  readonly includes?: number;
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
  {client: 6, service: "S-EXO1", used: 7, unpriced: true},
  {client: 7, service: "S-EDR", unbilled: true},
  {client: 8, service: "S-BKP", unbilled: true},
  {client: 9, service: "S-RMM", used: 2, includes: 2},
  {client: 10, service: "S-MAIL", used: 4},
  {client: 11, service: "S-MAIL", used: -6},
  {client: 12, service: "S-M365BP", billed: 5, since: 10},
  {client: 14, service: "S-MFA", used: 3, unpriced: true},
  {client: 15, service: "S-EDR", used: 12},
  {client: 17, service: "S-RMM", billed: 4},
  {client: 56, service: "S-RMM", used: 1},
  {client: 57, service: "S-EDR", used: 2},
  {client: 58, service: "S-M365BP", used: -2},
  {client: 59, service: "S-MFA", used: 2},
  {client: 60, service: "S-BKP", used: 1, since: 11},
];

/** A client with a second EDR account that nobody linked, and a backup account linked to the wrong client. */
export const unlinked = {
  client: 21,
  connection: "edr",
  account: "edr-21-hq",
  product: "edr-complete",
  seats: 4,
} as const;
export const mislinked = {
  from: 22,
  to: 23,
  connection: "backup",
  account: "backup-22-branch",
  product: "bkp-server",
  seats: 3,
} as const;

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
