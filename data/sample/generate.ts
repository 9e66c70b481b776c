import {mkdir, rm, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {stringify} from "csv-stringify/sync";
import {planDecisions} from "./generator/decisions.js";
import {tellHistory} from "./generator/history.js";
import {makeSample, type Sample} from "./generator/sample.js";

/** Writes the sample workspace and its answer key: `npx tsx data/sample/generate.ts [DIR]`. The same bytes every time. */
export async function writeSample(directory: string): Promise<void> {
  const {files, settings, answers} = makeSample();
  const decisions = planDecisions(answers.discrepancies);
  await writeWorkspace(directory, {files: {...files, "mappings/decisions.csv": decisions.file}, settings});
  await writeFile(
    join(directory, "answer-key.json"),
    `${JSON.stringify({...answers, decisions: decisions.answers, history: tellHistory()}, null, 1)}\n`,
  );
}

/** Writes imports, mappings and settings. */
export async function writeWorkspace(
  directory: string,
  {files, settings}: Pick<Sample, "files" | "settings">,
): Promise<void> {
  for (const folder of ["imports", "mappings"]) await rm(join(directory, folder), {recursive: true, force: true});
  for (const [path, {columns, rows}] of Object.entries(files)) {
    const target = join(directory, path);
    await mkdir(dirname(target), {recursive: true});
    await writeFile(target, stringify([...rows], {header: true, columns: [...columns]}));
  }
  await writeFile(join(directory, "workspace.yaml"), settings);
}

const here = dirname(fileURLToPath(import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) await writeSample(process.argv[2] ?? here);
