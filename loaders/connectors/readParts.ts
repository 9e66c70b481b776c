import PQueue from "p-queue";
import type {TableName} from "../canonical.js";
import type {ConnectorContext, Sink} from "./connector.js";

export interface Part {
  /** Its account in the canonical tables. */
  readonly accountId: string;
  /** Names it in messages. */
  readonly name: string;
}

/** What became of an account that could not be read. */
export interface FailedPart {
  readonly accountId: string;
  readonly part: string;
  readonly reason: string;
  /** Tables of which earlier rows stay in use. */
  readonly kept: ReadonlySet<TableName>;
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
  const failed: FailedPart[] = [];
  const errors: unknown[] = [];
  const queue = new PQueue({concurrency});
  await Promise.all(
    parts.map((part) =>
      queue.add(async () => {
        if (signal.aborted) return;
        try {
          await read(part);
        } catch (error) {
          errors.push(error);
          const where = {account_id: part.accountId};
          const kept = new Set<TableName>();
          for (const table of tables) {
            await sink.discard(table, where);
            if ((await sink.carryOver(table, where)) > 0) kept.add(table);
          }
          failed.push({accountId: part.accountId, part: part.name, reason: (error as Error).message, kept});
        }
      }),
    ),
  );
  signal.throwIfAborted();
  if (parts.length > 0 && errors.length === parts.length) throw errors[0];
  if (failed.length > 0) await sink.carryOver("products", {});
  return failed;
}
