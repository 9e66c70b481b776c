/**
 * What happens from July to November 2026: discrepancies that come, change and go. Months are numbers; the sample's present
 * is November. `used` and `billed` are differences against the client's ordinary number, from that month on.
 */
export interface Episode {
  readonly client: number;
  readonly service: string;
  readonly steps: readonly Step[];
  /** A price in cents per month that holds from a month on; before it the list price. */
  readonly price?: {readonly from: number; readonly cents: number};
  /** A credit on the invoice of a month: units at the price of the line. */
  readonly credit?: {readonly month: number; readonly units: number};
}

export interface Step {
  readonly from: number;
  readonly used?: number;
  readonly billed?: number;
  /** Why the discrepancy came, went or changed in that month. */
  readonly reason: "usage" | "billed" | "credited" | "price";
  /** What billing took off the earlier discrepancy, per month. */
  readonly settled?: string;
}

export const firstMonth = 7;
export const presentMonth = 11;

/** The day that each month of the story is worked out for. */
export const asOfDays: Readonly<Record<number, string>> = {
  7: "2026-07-31",
  8: "2026-08-31",
  9: "2026-09-30",
  10: "2026-10-31",
  11: "2026-11-23",
};

/** The first day of a month of 2026, or of the year after it. */
export function monthStart(month: number): string {
  return new Date(Date.UTC(2026, month - 1)).toISOString().slice(0, 10);
}

export const episodes: readonly Episode[] = [
  // Six new workstations in August, on the invoice from October.
  {
    client: 13,
    service: "S-RMM",
    steps: [
      {from: 8, used: 6, reason: "usage"},
      {from: 10, used: 6, billed: 6, reason: "billed", settled: "72.00"},
    ],
  },
  // Five devices too many for two months, then taken off and credited.
  {
    client: 16,
    service: "S-EDR",
    steps: [
      {from: 8, billed: 5, reason: "billed"},
      {from: 10, reason: "credited", settled: "32.50"},
    ],
    credit: {month: 10, units: 10},
  },
  // Nobody billed four temporary people, and they left.
  {
    client: 46,
    service: "S-MFA",
    steps: [
      {from: 8, used: 4, reason: "usage"},
      {from: 11, reason: "usage", settled: "0.00"},
    ],
  },
  // More every month.
  {
    client: 47,
    service: "S-RMM",
    steps: [
      {from: 9, used: 2, reason: "usage"},
      {from: 10, used: 5, reason: "usage", settled: "0.00"},
    ],
  },
  // Billed in part.
  {
    client: 51,
    service: "S-EDR",
    steps: [
      {from: 8, used: 6, reason: "usage"},
      {from: 11, used: 6, billed: 4, reason: "billed", settled: "26.00"},
    ],
  },
  // The same three devices at a new price.
  {
    client: 52,
    service: "S-RMM",
    steps: [
      {from: 7, used: 3, reason: "usage"},
      {from: 11, used: 3, reason: "price", settled: "0.00"},
    ],
    price: {from: 11, cents: 1300},
  },
  {
    client: 53,
    service: "S-BKP",
    steps: [
      {from: 9, used: 2, reason: "usage"},
      {from: 11, used: 2, billed: 2, reason: "billed", settled: "28.00"},
    ],
  },
  {
    client: 54,
    service: "S-MFA",
    steps: [
      {from: 9, billed: 6, reason: "billed"},
      {from: 11, reason: "credited", settled: "18.00"},
    ],
    credit: {month: 11, units: 12},
  },
  {client: 55, service: "S-RMM", steps: [{from: 11, used: 7, reason: "usage"}]},
  {client: 63, service: "S-EDR", steps: [{from: 11, billed: 3, reason: "billed"}]},
  // Gone and back again.
  {
    client: 62,
    service: "S-MFA",
    steps: [
      {from: 7, used: 2, reason: "usage"},
      {from: 8, reason: "usage", settled: "0.00"},
      {from: 10, used: 2, reason: "usage"},
    ],
  },
  // From too little to too much on the invoice.
  {
    client: 61,
    service: "S-EDR",
    steps: [
      {from: 9, used: 3, reason: "usage"},
      {from: 10, used: -2, reason: "usage", settled: "0.00"},
    ],
  },
];

/** Seats of a product that no rule covered before October, when its service was set up and billed. */
export const newService = {
  client: 49,
  seats: 4,
  from: 10,
  serviceId: "S-VIS",
  serviceName: "Visio Plan 2",
  productId: "38b434d2-a15e-4cde-9a98-e737c75623e1",
  cents: 1500,
  cost: "11.20",
} as const;

/** People with a vault, and how many are billed, while the password manager could still be read. */
export const vaults: readonly {client: number; used: number}[] = [
  {client: 43, used: 10},
  {client: 44, used: 8},
];

/** The step that holds in a month. */
export function stepAt(episode: Episode | undefined, month: number): Step | undefined {
  return episode?.steps.findLast(({from}) => from <= month);
}
