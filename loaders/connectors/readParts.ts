import PQueue from "p-queue";
import type {TableName} from "../canonical.js";
import type {ConnectorContext, FailedPart, Sink} from "./connector.js";

export interface Part {
  /** Its account in the canonical tables. */
  readonly accountId: string;
  /** Names it in messages. */
  readonly name: string;
}

export interface PartOptions {
  /** Parts read at the same time. */
  readonly concurrency: number;
  /** Tables with rows of one account each. */
  readonly tables: readonly TableName[];
}

/**
 * Reads a connection account by account. One that fails keeps its rows of the current data, wholly: what this sync had
 * already written of it is taken back. When every one fails, the connection fails.
 */
export async function readParts<Item extends Part>(
  {signal}: Pick<ConnectorContext, "signal">,
  sink: Sink,
  parts: readonly Item[],
  {concurrency, tables}: PartOptions,
  read: (part: Item) => Promise<void>,
): Promise<FailedPart[]> {
  const failures: {part: Item; error: Error}[] = [];
  const queue = new PQueue({concurrency});
  await Promise.all(
    parts.map((part) =>
      queue.add(async () => {
        if (signal.aborted) return;
        try {
          await read(part);
        } catch (error) {
          failures.push({part, error: error as Error});
        }
      }),
    ),
  );
  signal.throwIfAborted();
  if (parts.length > 0 && failures.length === parts.length) throw failures[0]?.error;
  if (failures.length === 0) return [];

  const accounts = failures.map(({part}) => part.accountId);
  const withUsage = new Set<string>();
  for (const table of tables) {
    await sink.discard(table, {account_id: accounts});
    await sink.carryOver(table, {account_id: accounts});
    if (table === "accounts") continue;
    for (const account of await sink.accountsWith(table, accounts)) withUsage.add(account);
  }
  await sink.carryOver("products", {});
  return failures.map(({part: {accountId, name}, error}) => ({
    accountId,
    part: name,
    reason: error.message,
    hasUsage: withUsage.has(accountId),
  }));
}
