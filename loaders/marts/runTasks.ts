import type {Database} from "../database.js";

/** A step of a run, which may begin when others have ended. */
export interface Task {
  readonly name: string;
  /** Names of the tasks that have to end before. */
  readonly after: readonly string[];
  run(database: Database): Promise<void>;
}

/** Called after every task that ended well, with how many of all have. */
export type TaskProgress = (done: number, total: number, name: string) => void;

export interface TaskOptions {
  /** How many at a time. */
  readonly parallel?: number;
  readonly progress?: TaskProgress | undefined;
  /** Interrupts what is running. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs tasks side by side, each as early as it can; of those that can begin, the first in the list does. A statement on few
 * rows keeps one core busy, so that several at a time are what the others need. Rejects with the first failure or the reason
 * of the signal, once nothing is running any more.
 */
export async function runTasks(
  database: Database,
  tasks: readonly Task[],
  {parallel = 3, progress = () => {}, signal}: TaskOptions = {},
): Promise<void> {
  const waiting = [...tasks];
  const ended = new Set<string>();
  const failures: unknown[] = [];
  const sleepers: (() => void)[] = [];
  let running = 0;
  const work = async (own: Database): Promise<void> => {
    while (waiting.length > 0 && failures.length === 0 && signal?.aborted !== true) {
      const next = waiting.findIndex(({after}) => after.every((name) => ended.has(name)));
      const [task] = next < 0 ? [] : waiting.splice(next, 1);
      if (task === undefined) {
        if (running === 0) throw endlessWait(waiting, ended);
        await new Promise<void>((wake) => sleepers.push(wake));
        continue;
      }
      running += 1;
      try {
        await task.run(own);
        ended.add(task.name);
        progress(ended.size, tasks.length, task.name);
      } catch (error) {
        failures.push(error);
      }
      running -= 1;
      for (const wake of sleepers.splice(0)) wake();
    }
  };
  const connections = await Promise.all(Array.from({length: parallel}, () => database.connect()));
  const interrupt = (): void => {
    for (const {connection} of connections) connection.interrupt();
  };
  signal?.addEventListener("abort", interrupt);
  try {
    await Promise.all(connections.map(work));
  } finally {
    signal?.removeEventListener("abort", interrupt);
    for (const connection of connections) connection.close();
  }
  signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}

function endlessWait(waiting: readonly Task[], ended: ReadonlySet<string>): Error {
  const names = new Set(waiting.map(({name}) => name));
  const lost = waiting.find(({after}) => after.some((name) => !ended.has(name) && !names.has(name))) ?? waiting[0];
  const missing = lost?.after.filter((name) => !ended.has(name));
  return new Error(`${lost?.name} waits for ${missing?.join(", ")}, which never ends.`);
}
