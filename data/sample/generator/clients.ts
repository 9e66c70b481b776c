import {type NamedClient, nameClients} from "./names.js";
import {between, seeded} from "./random.js";

/** A client of the sample with its agreement and the numbers that it ordinarily uses. */
export interface Client extends NamedClient {
  readonly number: number;
  readonly agreementId: string;
  readonly cycle: Cycle;
  readonly timing: "advance" | "arrears";
  readonly currency: string;
  readonly users: number;
  /** By service, where it is not one for each user. */
  readonly numbers: Readonly<Record<string, number>>;
}

export type Cycle = "monthly" | "quarterly" | "annual";

/** The months of 2026 in which invoices of a cycle are due up to the present one, and how many months each is for. */
export const cycles: Readonly<Record<Cycle, {readonly months: number; readonly due: readonly number[]}>> = {
  monthly: {months: 1, due: [7, 8, 9, 10, 11]},
  quarterly: {months: 3, due: [7, 10]},
  annual: {months: 12, due: [3]},
};

const ordinaryTerms = {cycle: "monthly", timing: "advance", currency: "USD"} as const;

/** Agreements that are not monthly, in advance and in the workspace's currency. */
const terms: Readonly<Record<number, Partial<Pick<Client, "cycle" | "timing" | "currency">>>> = {
  15: {cycle: "annual"},
  17: {cycle: "quarterly"},
  18: {timing: "arrears"},
  19: {currency: "EUR"},
  20: {currency: "CAD"},
  5: {currency: "EUR"},
};

export function listClients(): Client[] {
  const random = seeded(20261123);
  return nameClients().map((named, number) => {
    const users = between(random, ...sizeOf(number));
    const mailboxes = between(random, 2, 5);
    const servers = between(random, 2, 4);
    return {
      ...named,
      number,
      agreementId: `A${number}`,
      ...ordinaryTerms,
      ...terms[number],
      users,
      numbers: {"S-EXO1": mailboxes, "S-BKP": servers},
    };
  });
}

/** How many people work at a client, from and to: most are small, some middling, four large. */
function sizeOf(client: number): readonly [number, number] {
  if (client % 16 === 13) return [70, 110];
  return client % 5 === 1 ? [18, 32] : [6, 15];
}
