import {execFile} from "node:child_process";
import {fileURLToPath} from "node:url";

/** The command's file. */
export const bin = fileURLToPath(new URL("../../loaders/bin.js", import.meta.url));

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in a process of its own, as who installed it does: its exit code and what it printed. */
export function runTrueup(
  args: readonly string[],
  {cwd, env, command = bin}: {cwd?: string; env?: Readonly<Record<string, string>>; command?: string} = {},
): Promise<Ran> {
  const options = {cwd, env: {...process.env, CI: "true", ...env}, maxBuffer: 2 ** 26};
  return new Promise((done) => {
    execFile(process.execPath, [command, ...args], options, (error, out, err) =>
      done({code: error === null ? 0 : Number(error.code), out, err}),
    );
  });
}
