import {spawn} from "node:child_process";
import {readFile} from "node:fs/promises";

export interface Measured {
  readonly milliseconds: number;
  readonly peakBytes: number;
}

const bin = new URL("../../loaders/bin.js", import.meta.url).pathname;

/** Runs a command of Trueup in a process of its own. The peak is the resident memory of that process (Linux only, else 0). */
export async function measureCommand(args: readonly string[]): Promise<Measured> {
  const begin = performance.now();
  const child = spawn(process.execPath, [bin, ...args, "--quiet"], {stdio: ["ignore", "ignore", "inherit"]});
  let peakBytes = 0;
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    peakBytes = Math.max(peakBytes, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
  }, 50);
  const code = await new Promise((done) => child.once("exit", done));
  clearInterval(watch);
  if (code !== 0) throw new Error(`trueup ${args.join(" ")} ended with ${code}.`);
  return {milliseconds: performance.now() - begin, peakBytes};
}
