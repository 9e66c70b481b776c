import {resolve} from "node:path";
import type {Command} from "commander";
import {plural} from "../../src/lib/format.js";
import {parseWhole, refuseOtherEnding} from "../arguments.js";
import type {CommandLine} from "../commandLine.js";
import {writeWhole} from "../files/writeWhole.js";
import {ConfigurationError} from "../problems.js";
import type {OpenMarts} from "./openMarts.js";

interface Named {
  readonly period?: string;
  readonly out?: string;
}

/** Adds what goes out of Trueup: `trueup export …` and `trueup report`. */
export function addExportCommands(program: Command, context: CommandLine): void {
  const exports = program.command("export").description("write what goes out: adjustments, the month's workbook");

  exports
    .command("adjustments")
    .description("what to change in the PSA, as a file to import or to key in; nothing is written to the PSA")
    .option("--format <format>", "csv, xlsx, or the rows of connectwise, autotask or halopsa", "csv")
    .option("--state <state>", "open, decided or all; by default all, and decided for the rows of a PSA")
    .option("--period <month>", "the month, such as 2026-11; a closed one is read from its snapshot")
    .option("--out <file>", "where to put it; without it, text goes to the output")
    .action(async (options: Named & {format: string; state?: string}) => {
      const {adjustmentFormats, adjustmentStates, exportAdjustments} = await import("./adjustments.js");
      const format = choice("--format", options.format, adjustmentFormats);
      const usual = format === "csv" || format === "xlsx" ? "all" : "decided";
      const state = choice("--state", options.state ?? usual, adjustmentStates);
      if (format === "xlsx") requireOut(options.out);
      refuseOtherEnding(options.out, format === "xlsx" ? ".xlsx" : ".csv", adjustmentFormats);
      const {count, left, warnings, text} = await withMarts(context, options.period, (marts) =>
        exportAdjustments(marts, {format, state, out: options.out && resolve(options.out)}),
      );
      if (text !== undefined) process.stdout.write(text);
      context.log(`${plural(count, "change")}${options.out === undefined ? "" : ` in ${options.out}`}.`);
      for (const reason of left) context.log(`Left out: ${reason}.`);
      for (const sentence of warnings) context.log(`warning: ${sentence}`);
    });

  exports
    .command("workbook")
    .description("the month as a workbook: overview, clients, discrepancies, flags, inactive seats, margin")
    .requiredOption("--out <file>", "where to put it, such as november.xlsx")
    .option("--period <month>", "the month, such as 2026-11; a closed one is read from its snapshot")
    .action(async ({out, period}: {out: string; period?: string}) => {
      refuseOtherEnding(out, ".xlsx");
      const {exportWorkbook} = await import("./workbook.js");
      const workspace = await context.open();
      const left = await withMarts(context, period, (marts) => exportWorkbook(marts, workspace, resolve(out)));
      context.log(`Wrote ${out}.`);
      for (const sentence of left) context.log(`warning: ${sentence}`);
    });

  program
    .command("report")
    .description("the month's headline, the largest discrepancies, changes and sync problems, to mail or to post")
    .option("--format <format>", "md, html or json", "md")
    .option("--top <number>", "how many discrepancies to list, in each currency", "10")
    .option("--since <file>", "an earlier report as JSON to compare with; default: the last closed month")
    .option("--period <month>", "the month, such as 2026-11; a closed one is read from its snapshot")
    .option("--out <file>", "where to put it; without it, it goes to the output")
    .option(
      "--fail-over <amount>",
      "end with code 1 if more is open in a currency, under- and overbilled a month together",
    )
    .action(async (options: Named & {format: string; top: string; since?: string; failOver?: string}) => {
      const formats = ["md", "html", "json"] as const;
      const format = choice("--format", options.format, formats);
      refuseOtherEnding(options.out, `.${format}`, formats);
      const top = parseWhole("--top", options.top, 999_999);
      const limit = options.failOver === undefined ? undefined : money("--fail-over", options.failOver);
      const [{makeDigest, findOverLimit}, {digestAsHtml, digestAsJson, digestAsMarkdown}] = await Promise.all([
        import("./digest.js"),
        import("./describeDigest.js"),
      ]);
      const workspace = await context.open();
      await withMarts(context, options.period, async (marts) => {
        const digest = await makeDigest(marts, {
          workspace: workspace.name,
          currency: workspace.currency,
          top,
          since: options.since,
          warn: (sentence) => context.log(`warning: ${sentence}`),
        });
        const text =
          format === "json"
            ? digestAsJson(digest)
            : format === "html"
              ? digestAsHtml(digest)
              : digestAsMarkdown(digest);
        const over = limit === undefined ? [] : await findOverLimit(marts, limit);
        await marts.confirm();
        if (options.out === undefined) process.stdout.write(text);
        else await writeWhole(resolve(options.out), text);
        for (const {currency, open} of over) {
          process.stderr.write(`${currency}: ${open} a month is open, more than ${limit}.\n`);
        }
        if (over.length > 0) context.fail();
      });
    });
}

async function withMarts<T>(
  {open}: CommandLine,
  period: string | undefined,
  use: (marts: OpenMarts) => Promise<T>,
): Promise<T> {
  const {readMarts} = await import("./openMarts.js");
  return readMarts((await open()).directory, period, use);
}

function choice<const T extends string>(option: string, value: string, among: readonly T[]): T {
  const found = among.find((one) => one === value);
  if (found !== undefined) return found;
  throw badOption(option, value, `expected one of ${among.join(", ")}.`);
}

function money(option: string, value: string): string {
  if (/^\d{1,12}(\.\d{1,6})?$/.test(value)) return value;
  throw badOption(option, value, "expected an amount such as 500 or 99.50.");
}

function requireOut(out: string | undefined): void {
  if (out === undefined) throw badOption("--out", undefined, "a workbook needs a file.");
}

function badOption(file: string, value: string | undefined, message: string): ConfigurationError {
  return new ConfigurationError([{file, value, message}]);
}
