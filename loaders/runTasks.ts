import type {Database} from "./database.js";

/** A step of a run, which may begin when others have ended. */
export interface Task {
  readonly name: string;
  /** Names of the tasks that have to end before. */
  readonly after: readonly string[];
  run(database: Database): Promise<void>;
}

/** Called after every task that ended well, with how many of all have. */
export type TaskProgress = (done: number, total: number, name: string) => void;

/**
 * Runs tasks side by side, each as early as it can; of those that can begin, the first in the list does. A statement on few
 * rows keeps one core busy, so that several at a time are what the others need. Rejects with the first failure, once
 * nothing is running any more.
 */
export async function runTasks(
  database: Database,
  tasks: readonly Task[],
  {parallel = 3, progress = () => {}}: {parallel?: number; progress?: TaskProgress} = {},
): Promise<void> {
  const waiting = [...tasks];
  const ended = new Set<string>();
  const failures: unknown[] = [];
  const sleepers: (() => void)[] = [];
  const work = async (own: Database): Promise<void> => {
    while (waiting.length > 0 && failures.length === 0) {
      const next = waiting.findIndex(({after}) => after.every((name) => ended.has(name)));
      const [task] = next < 0 ? [] : waiting.splice(next, 1);
      if (task === undefined) {
        await new Promise<void>((wake) => sleepers.push(wake));
        continue;
      }
      try {
        await task.run(own);
        ended.add(task.name);
        progress(ended.size, tasks.length, task.name);
      } catch (error) {
        failures.push(error);
      }
      for (const wake of sleepers.splice(0)) wake();
    }
  };
  const connections = await Promise.all(Array.from({length: parallel}, () => database.connect()));
  await Promise.all(connections.map(work));
  for (const connection of connections) connection.close();
  if (failures.length > 0) throw failures[0];
}
