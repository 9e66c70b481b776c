import {describeProblem, type Problem} from "../src/lib/problem.js";

export {describeProblem, type Problem};

/** The workspace or the command is not set up right; all problems at once. The command line ends with code 2. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(describeProblem).join("\n"));
  }
}
