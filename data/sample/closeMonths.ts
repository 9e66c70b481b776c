import {existsSync} from "node:fs";
import {mkdir, readdir, rename, rm} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {makeUnfinished, removeUnfinished, sweepUnfinished} from "../../loaders/files/unfinished.js";
import {sync} from "../../loaders/lake/sync.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import type {TaskProgress} from "../../loaders/marts/runTasks.js";
import {closePeriod} from "../../loaders/snapshots/closePeriod.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {writeWorkspace} from "./generate.js";
import {makeSample} from "./generator/sample.js";
import {asOfDays, firstMonth, presentMonth} from "./generator/story.js";

const unfinished = ".months-";

/**
 * Closes July to October 2026 in the sample workspace, each as a month-end would: the exports of that day are synced,
 * reconciled and frozen. Does nothing where months are closed already. Returns the months; where it is stopped, none is closed.
 */
export async function closeMonths(
  directory: string,
  progress: TaskProgress = () => {},
  signal = new AbortController().signal,
): Promise<string[]> {
  const snapshots = join(directory, "snapshots");
  await mkdir(snapshots, {recursive: true});
  await sweepUnfinished(snapshots, unfinished);
  // Another run may be at it.
  if ((await readdir(snapshots)).length > 0) return [];
  const scratch = await makeUnfinished(snapshots, unfinished);
  const closed: string[] = [];
  try {
    for (let month = firstMonth; month < presentMonth; month++) {
      const day = asOfDays[month] ?? "";
      progress(month - firstMonth, presentMonth - firstMonth, day.slice(0, 7));
      await writeWorkspace(scratch, makeSample(month));
      await rm(join(scratch, "lake"), {recursive: true, force: true});
      const workspace = await readWorkspace(scratch);
      await sync(workspace, {signal});
      signal.throwIfAborted();
      await reconcile(workspace, {signal});
      await closePeriod(workspace, {period: day.slice(0, 7), now: new Date(`${nextDay(day)}T08:00:00Z`)});
      closed.push(day.slice(0, 7));
    }
    for (const period of closed) await rename(join(scratch, "snapshots", period), join(snapshots, period));
    return closed;
  } finally {
    await removeUnfinished(scratch);
  }
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] === here) {
  const directory = process.argv[2] ?? fileURLToPath(new URL(".", import.meta.url));
  if (existsSync(join(directory, "workspace.yaml"))) {
    const closed = await closeMonths(directory);
    process.stdout.write(closed.length === 0 ? "Months are closed already.\n" : `Closed ${closed.join(", ")}.\n`);
  } else {
    process.stderr.write("Usage: npx tsx data/sample/closeMonths.ts [folder of a sample workspace]\n");
    process.exitCode = 2;
  }
}
