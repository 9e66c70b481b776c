import {html} from "htl";
import type {Edit} from "../lib/drafts.js";
import type {PreviewResult} from "../lib/mappedFigures.js";
import {type MappingDraft, openMappingDraft} from "../lib/mappingDraft.js";
import type {MappingFiles} from "../lib/mappingTables.js";
import type {Preview} from "../lib/preview.js";
import {describeProblem} from "../lib/problem.js";
import {previewPanel} from "./previewPanel.js";
import {saveBar} from "./saveBar.js";

export interface WorkbenchOptions {
  readonly files: MappingFiles;
  readonly workspace: string;
  readonly openPreview: () => Promise<Preview>;
  readonly delay?: number;
}

/** A page of decisions beside what they would change and a way to save them. */
export function workbench(
  {files, workspace, openPreview, delay}: WorkbenchOptions,
  describe: (edit: Edit) => string,
  content: (draft: MappingDraft) => Node,
): HTMLElement {
  const draft = openMappingDraft(files, {workspace});
  let result: PreviewResult | undefined;
  const panel = previewPanel({
    draft,
    open: openPreview,
    delay,
    onResult: (latest) => {
      result = latest;
    },
  });
  const decisions = html`<div class="decisions">${content(draft)}</div>` as HTMLElement;
  const bar = saveBar({
    draft,
    describe,
    onTakeBack: () => decisions.replaceChildren(content(draft)),
    problems: () => (draft.edits().length === 0 ? [] : (result?.problems ?? []).map(describeProblem)),
  });
  return html`<div class="workbench">
    ${decisions}
    <aside class="consequences" aria-label="Preview and saving">${panel}${bar}</aside>
  </div>`;
}
