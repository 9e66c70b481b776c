import type {Change} from "./compareFigures.js";
import type {Figures} from "./figures.js";
import type {Mappings} from "./mappingTables.js";
import type {Problem} from "./problem.js";

/** What mappings would lead to. Where they are wrong there are problems and no figures. */
export type PreviewResult =
  | {
      readonly figures: Figures;
      readonly change: Change;
      readonly problems: readonly [];
      /** Worth a look, but no figure is wrong for it. */
      readonly warnings: readonly Problem[];
    }
  | {
      readonly figures: null;
      readonly change: null;
      readonly problems: readonly Problem[];
      readonly warnings: readonly Problem[];
    };

export interface Preview {
  /** The figures under the mappings that the site was built with. */
  readonly baseline: Figures;
  /**
   * The figures under other mappings, all four tables, and what differs from the baseline. Only what follows from changed
   * tables is worked out again. Calls run one after another; of several that wait only the last does, the others give its result.
   */
  run(mappings: Mappings): Promise<PreviewResult>;
  close(): Promise<void>;
}

/**
 * Opens DuckDB and the workspace's mappings, accounts and counts. Rejects with a message for the reader where the
 * workspace is larger than a browser can hold: the command line does it then.
 */
export async function openPreview(): Promise<Preview> {
  throw new Error("The preview is not in this build.");
}
