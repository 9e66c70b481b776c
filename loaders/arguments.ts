import {existsSync, statSync} from "node:fs";
import {dirname, extname} from "node:path";
import type {Command} from "commander";
import type {ServerOptions} from "./engines/clickhouse/server.js";
import type {Environment} from "./environment.js";
import {ConfigurationError} from "./problems.js";

/** What a variable that is not set leaves of an argument would otherwise stand for the current folder. */
export function refuseEmpty(program: Command, command: Command): void {
  const empty = [
    ...command.registeredArguments.filter((_, index) => command.args[index] === "").map((one) => `<${one.name()}>`),
    ...[...program.options, ...command.options]
      .filter((one) => command.getOptionValueSourceWithGlobals(one.attributeName()) === "cli")
      .filter((one) => command.optsWithGlobals()[one.attributeName()] === "")
      .map((one) => one.long ?? one.flags),
  ];
  if (empty.length === 0) return;
  throw new ConfigurationError(
    empty.map((file) => ({file, message: "is empty. Is a variable of your shell not set?"})),
  );
}

/** Known before the work is done, not after it. */
export function refuseWrongPlace(command: Command): void {
  const {out} = command.opts<{out?: string}>();
  const isFile = command.options.some(({flags}) => flags === "--out <file>");
  if (out === undefined || !isFile) return;
  const wrong = (message: string, remedy: string): ConfigurationError =>
    new ConfigurationError([{file: "--out", value: out, message, remedy}]);
  if (!existsSync(dirname(out))) throw wrong(`there is no folder ${dirname(out)}.`, "Make it first.");
  if (statSync(out, {throwIfNoEntry: false})?.isDirectory()) throw wrong("is a folder.", "Name a file in it.");
}

/** The ending that names each format that is written. */
const formats: Readonly<Record<string, string>> = {
  ".csv": "CSV",
  ".tsv": "TSV",
  ".xlsx": "XLSX",
  ".xls": "XLS",
  ".ods": "ODS",
  ".pdf": "PDF",
  ".md": "Markdown",
  ".html": "HTML",
  ".htm": "HTML",
  ".json": "JSON",
};

/**
 * A file is opened by what its name ends with. Other endings, and none, promise nothing. `choices` are the values of --format
 * that the command knows.
 */
export function refuseOtherEnding(
  out: string | undefined,
  ending: ".csv" | ".xlsx" | ".md" | ".html" | ".json",
  choices: readonly string[] = [],
): void {
  const named = formats[extname(out ?? "").toLowerCase()];
  const written = formats[ending];
  if (named === undefined || named === written) return;
  const meant = choices.find((choice) => formats[`.${choice}`] === named);
  throw new ConfigurationError([
    {
      file: "--out",
      value: out,
      message: `what is written is ${written}, not ${named}.`,
      remedy: `Name a file that ends with ${ending}${meant === undefined ? "" : `, or choose --format ${meant}`}.`,
    },
  ]);
}

/** The server that the flags name; none where DuckDB runs the models. */
export function serverOf(
  {engine, url}: {engine: string; url?: string},
  env: Environment,
  signal: AbortSignal,
): ServerOptions | undefined {
  const wrong = (message: string, remedy: string): ConfigurationError =>
    new ConfigurationError([{file: "--url", message, remedy}]);
  if (engine === "duckdb") {
    if (url === undefined) return undefined;
    throw wrong("only --engine clickhouse has an address.", "Leave it out, or add --engine clickhouse.");
  }
  const address = url !== undefined && URL.canParse(url) ? new URL(url) : null;
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw wrong("expected the address of a ClickHouse server.", "Write it as https://clickhouse.example:8443.");
  }
  if (address.username !== "" || address.password !== "") {
    throw wrong(
      "an address with a user or password in it would be seen by others.",
      "Put them into TRUEUP_CLICKHOUSE_USER and TRUEUP_CLICKHOUSE_PASSWORD.",
    );
  }
  // The client takes a path for the database and parameters for its own settings, whatever else it is told.
  if (address.pathname !== "/" || address.search !== "") {
    throw wrong(
      "an address with a path or parameters would put the tables into another database than the run's own.",
      "Write it as https://clickhouse.example:8443.",
    );
  }
  return {
    url: address.href,
    username: env.TRUEUP_CLICKHOUSE_USER,
    password: env.TRUEUP_CLICKHOUSE_PASSWORD,
    signal,
  };
}

export function parsePort(text: string): number {
  return parseWhole("--port", text, 65_535);
}

export function checkSize(option: string, text: string): void {
  if (/^\d+(\.\d+)? ?[KMGT]i?B$/i.test(text) && Number.parseFloat(text) > 0) return;
  throw new ConfigurationError([{file: option, value: text, message: "expected a size such as 2GB or 500MB."}]);
}

export function parseWhole(option: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new ConfigurationError([{file: option, value: text, message: `expected a whole number from 0 to ${most}.`}]);
}
