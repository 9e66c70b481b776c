import {describeProblem, type Problem} from "../src/lib/problem.js";

export {describeProblem, type Problem};

/** Each problem as a line of text; those that differ in nothing but their line of the file are told once. */
export function describeProblems(problems: readonly Problem[]): string[] {
  const equal = new Map<string, Problem[]>();
  for (const problem of problems) {
    const text = describeProblem({...problem, line: undefined});
    const others = equal.get(text);
    if (others === undefined) equal.set(text, [problem]);
    else others.push(problem);
  }
  return [...equal.values()].map(([first, ...others]) => {
    const lines = others.flatMap(({line}) => line ?? []);
    const again = lines.length === 0 ? "" : ` The same in line${lines.length === 1 ? "" : "s"} ${lines.join(", ")}.`;
    return `${describeProblem(first as Problem)}${again}`;
  });
}

/** The workspace or the command is not set up right; all problems at once. The command line ends with code 2. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(describeProblems(problems).join("\n"));
  }
}
