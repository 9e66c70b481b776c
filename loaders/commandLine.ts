import type {Progress} from "./progress.js";
import type {Workspace} from "./workspace/workspace.js";

/** What a command has of the command line that it runs on. */
export interface CommandLine {
  /** The workspace that is meant, as of a day where one is given. */
  readonly open: (asOf?: string) => Promise<Workspace>;
  /** Says what is no result; nothing with --quiet. */
  readonly log: (...lines: string[]) => void;
  /** Ends the command with code 1. */
  readonly fail: () => void;
  /** A bar for the terminal. */
  readonly progress: (label: string) => Progress;
  /** Aborted when the command is to end. */
  readonly signal: () => AbortSignal;
  readonly now: () => Date;
  /** Who runs the command, as far as the machine knows. */
  readonly user: string;
}
