import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {group} from "d3";
import type {Outcome} from "./outcomes.js";

/** Runs the tests that try faults on every connector, and prints what became of each as a Markdown table. */

const folder = mkdtempSync(join(tmpdir(), "trueup-faults-"));
const file = join(folder, "outcomes.jsonl");
const tests = ["suite", "waits", "time", "killed"].map((name) => `test/connectors/${name}.test.ts`);
const ran = spawnSync("npx", ["vitest", "run", "--config", "test/vitest.config.ts", ...tests], {
  env: {...process.env, FAULTS_FILE: file},
  stdio: ["ignore", "ignore", "inherit"],
});
const outcomes = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Outcome);
rmSync(folder, {recursive: true});

const alike = group(outcomes, ({fault, data, health, exit}) => [fault, data, health, String(exit)].join(" | "));
const everyone = new Set(outcomes.map(({connector}) => connector)).size;
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
const lines = [...alike].map(([key, found]) => {
  const connectors = [...new Set(found.map(({connector}) => connector))];
  const message = found.find((outcome) => outcome.message !== "")?.message ?? "";
  return `| ${key} | ${connectors.length === everyone ? "all" : connectors.join(", ")} | ${cell(message.slice(0, 160))} |`;
});
process.stdout.write(
  `| fault | data | health | exit | connectors | message, for example |\n|---|---|---|---|---|---|\n${lines.join("\n")}\n`,
);
process.exitCode = ran.status ?? 1;
