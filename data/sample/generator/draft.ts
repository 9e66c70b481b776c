import {type Client, listClients} from "./clients.js";
import {connectionHealth} from "./connections.js";
import {money} from "./money.js";
import {presentMonth} from "./story.js";

export type Row = Record<string, string | number | null>;

/** What the reconciliation of the sample must find, worked out here from what was planted. */
export interface Answers {
  readonly discrepancies: Row[];
  readonly flags: Row[];
  readonly inactive: Row[];
  readonly clients: Row[];
  readonly summary: Row[];
  readonly mappingWork: Row[];
  readonly belowCost: Row[];
  readonly unassigned: Row[];
  readonly health: Record<string, string>;
}

/** The sample in the making, as it was at the end of a month of 2026. */
export interface Draft {
  readonly month: number;
  readonly isPresent: boolean;
  readonly clients: readonly Client[];
  /** By the path of their file, without its ending. */
  readonly rows: Record<string, Row[]>;
  readonly answers: Answers;
}

export function newDraft(month: number): Draft {
  return {
    month,
    isPresent: month === presentMonth,
    clients: listClients(),
    rows: {},
    answers: {
      discrepancies: [],
      flags: [],
      inactive: [],
      clients: [],
      summary: [],
      mappingWork: [],
      belowCost: [],
      unassigned: [],
      health: connectionHealth(),
    },
  };
}

/** Adds rows to a file; columns left out are blank. */
export function put({rows}: Draft, path: string, ...added: readonly Row[]): void {
  rows[path] ??= [];
  rows[path].push(...added);
}

export function clientOf({clients}: Draft, number: number): Client {
  const client = clients[number];
  if (client === undefined) throw new Error(`The sample has no client ${number}.`);
  return client;
}

export interface Flag {
  readonly code: string;
  readonly client: Client;
  readonly invoice?: string;
  readonly line?: string;
  /** Cents at stake. */
  readonly cents?: number;
}

export function flag({answers}: Draft, {code, client, invoice, line, cents}: Flag): void {
  answers.flags.push({
    flag_code: code,
    client_id: client.clientId,
    invoice_id: invoice ?? null,
    line_id: line ?? null,
    amount_at_stake: cents === undefined ? null : money(cents),
  });
}
