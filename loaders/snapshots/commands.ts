import type {Command} from "commander";
import type {CommandLine} from "../commandLine.js";
import {describeClosed, describePeriods} from "../describeResults.js";
import {closePeriod} from "./closePeriod.js";
import {findTampering, listSnapshots, reopenPeriod} from "./snapshots.js";

/** Adds the commands for closed months: close, reopen, periods. */
export function addPeriodCommands(program: Command, {open, log, fail, now}: CommandLine): void {
  program
    .command("close")
    .description("freeze a month: marts, mappings, settings and the syncs used, each with its checksum")
    .requiredOption("--period <month>", "the month, such as 2026-10; the marts must be as of one of its days")
    .option("--replace", "close it again; the earlier snapshot stays under another name")
    .action(async ({period, replace}: {period: string; replace?: boolean}) => {
      const workspace = await open();
      log(...describeClosed(await closePeriod(workspace, {period, replace, now: now()}), workspace.currency));
    });

  program
    .command("reopen")
    .description("take a closed month back; its snapshot stays under another name")
    .requiredOption("--period <month>", "the month, such as 2026-10")
    .action(async ({period}: {period: string}) => {
      const name = await reopenPeriod((await open()).directory, period);
      log(`${period} is open again. Its snapshot is snapshots/${name} now.`);
    });

  program
    .command("periods")
    .description("list closed months with their totals, and check that nothing in them was changed")
    .action(async () => {
      const {directory, currency} = await open();
      const snapshots = await listSnapshots(directory);
      const faults = await Promise.all(snapshots.map((snapshot) => findTampering(snapshot)));
      for (const line of describePeriods(snapshots, faults, currency)) process.stdout.write(`${line}\n`);
      for (const fault of faults.flat()) process.stderr.write(`${fault}\n`);
      if (faults.flat().length > 0) fail();
    });
}
