import {join, resolve} from "node:path";
import type {Command} from "commander";
import {inCurrencyOrder} from "../../src/lib/currencyOrder.js";
import {count, plural} from "../../src/lib/format.js";
import {refuseOtherEnding} from "../arguments.js";
import type {CommandLine} from "../commandLine.js";
import {writeWhole} from "../files/writeWhole.js";
import {ConfigurationError, describeProblems, type Problem} from "../problems.js";
import {shellWord} from "../terminalText.js";

/** Adds the commands for mappings: suggest, apply, check, diff. */
export function addMapCommands(program: Command, {open, log, progress, signal, now, user}: CommandLine): void {
  const map = program.command("map").description("suggest, check and compare mappings");

  map
    .command("suggest")
    .description("write what fits unlinked accounts and unaccounted products, as a CSV to review")
    .option("--min-score <score>", "leave out what fits less, 0 to 1", "0.9")
    .option("--out <file>", "where to put it; default: print it")
    .action(async ({minScore, out}: {minScore: string; out?: string}) => {
      refuseOtherEnding(out, ".csv");
      const {suggestMappings} = await import("./suggestMappings.js");
      const {csv, suggested, others} = await suggestMappings((await open()).directory, parseScore(minScore));
      if (out === undefined) process.stdout.write(csv);
      else await writeWhole(out, csv);
      const rest = others === 0 ? "" : `; nothing that good for ${count(others)} more to decide`;
      log(`${plural(suggested, "suggestion")} of at least ${minScore}${rest}.`);
      const {workspace: named} = program.opts<{workspace?: string}>();
      if (out !== undefined && suggested > 0) {
        const apply = `trueup map apply ${shellWord(out)}${named === undefined ? "" : ` -w ${shellWord(named)}`}`;
        log(`Next: put yes (or exclude, with a note) into the column accept and run \`${apply}\`.`);
      }
    });

  map
    .command("apply")
    .argument("<file>", "a reviewed file of `trueup map suggest`")
    .description("put the accepted rows of a reviewed file into the mappings")
    .option("--by <name>", "who decided; goes into decided_by", user === "" ? undefined : user)
    .action(async (file: string, {by = ""}: {by?: string}) => {
      const {applySuggestions} = await import("./applySuggestions.js");
      const at = now().toISOString().slice(0, 10);
      const {clients, services} = await applySuggestions(await open(), resolve(file), {by, at});
      log(`Rows added: ${clients} to mappings/clients.csv, ${services} to mappings/services.csv.`);
    });

  map
    .command("check")
    .description("validate the mapping files; all problems at once, with their lines")
    .action(async () => {
      const {checkMappingFolder} = await import("../marts/reconcile.js");
      const workspace = await open();
      const {errors, warnings} = await checkMappingFolder(workspace, join(workspace.directory, "mappings"));
      for (const warning of describeProblems(warnings)) log(`warning: ${warning}`);
      if (errors.length > 0) throw new ConfigurationError(errors);
      log("The mappings are valid.");
    });

  map
    .command("diff")
    .argument("<old>", "a folder with mapping files")
    .argument("<new>", "another one")
    .description("show in money what the mappings of one folder change against those of another")
    .option("--as-of <date>", "the day (2026-11-23) or instant to work everything out for")
    .option("--json", "print all of it as one object")
    .action(async (before: string, after: string, {asOf, json}: {asOf?: string; json?: boolean}) => {
      const {diffMappings} = await import("./diffMappings.js");
      const {describeChange} = await import("./describeChange.js");
      const workspace = await open(asOf);
      const bar = progress("Reconciling");
      const warnings: Problem[] = [];
      const warn = (problem: Problem): number => warnings.push(problem);
      const folders = {before: resolve(before), after: resolve(after)};
      const options = {...folders, progress: bar.update, warn, signal: signal()};
      const found = await diffMappings(workspace, options).finally(() => bar.end());
      const change = {...found, money: inCurrencyOrder(found.money, workspace.currency)};
      for (const warning of describeProblems(warnings)) log(`warning: ${warning}`);
      const lines = json ? [JSON.stringify(change, null, 2)] : describeChange(change);
      for (const line of lines) process.stdout.write(`${line}\n`);
    });
}

function parseScore(text: string): number {
  const score = Number(text);
  if (text.trim() !== "" && score >= 0 && score <= 1) return score;
  throw new ConfigurationError([{file: "--min-score", value: text, message: "expected a number from 0 to 1."}]);
}
