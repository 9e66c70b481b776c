import {html} from "htl";
import {browserStorage, keepText} from "../lib/browserStorage.js";
import type {Draft, Edit, FileChange} from "../lib/drafts.js";
import {count, plural} from "../lib/format.js";
import {diffLines, type Folder, patchOf, writeFiles} from "../lib/saveFiles.js";
import {type WrittenFiles, writtenFiles} from "../lib/writtenFiles.js";
import {download} from "./download.js";
import {inPortions, linePortion} from "./inPortions.js";
import {openDialog} from "./openDialog.js";
import {say} from "./say.js";

export interface SaveBarOptions {
  readonly draft: Draft;
  /** What one edit decides, in words. */
  readonly describe: (edit: Edit) => string;
  /** What `trueup check` would refuse, in words. */
  readonly problems?: () => readonly string[];
  /** After an edit was taken back here rather than where it was made. */
  readonly onTakeBack?: () => void;
  readonly storage?: Pick<Storage, "getItem" | "setItem">;
  /** Asks for a folder, where the browser can. */
  readonly pickFolder?: () => Promise<Folder>;
}

const namePlace = "trueup decided_by";

/** Says how many decisions are not saved, and saves them: nothing leaves the page before its difference was shown. */
export function saveBar(options: SaveBarOptions): HTMLElement {
  const {draft, storage = browserStorage()} = options;
  const bar = html`<div class="save-bar"></div>` as HTMLElement;
  const said = html`<p class="save-count" role="status"></p>` as HTMLElement;
  const written = writtenFiles(storage);
  const open = (): void => openDialog(saveDialog({...options, storage}, written), bar, () => review.focus());
  const review =
    html`<button type="button" class="primary" ${{onclick: open}}>Review and save</button>` as HTMLButtonElement;
  const draw = (): void => {
    const edited = draft.edits().length;
    const conflicts = draft.conflicts().length;
    bar.toggleAttribute("data-edited", edited > 0);
    review.hidden = edited === 0;
    const inConflict = conflicts === 0 ? "" : `, ${count(conflicts)} in conflict with a newer build`;
    const atRisk = draft.isKept() ? "" : ", which this browser does not keep: save before you leave the page";
    say(said, edited === 0 ? "No unsaved edits" : `${plural(edited, "unsaved edit")}${inConflict}${atRisk}`);
  };
  draft.onChange(draw);
  draw();
  bar.append(said, review);
  return bar;
}

function saveDialog(
  {
    draft,
    describe,
    problems,
    onTakeBack,
    storage,
    pickFolder = folderPicker(),
  }: SaveBarOptions & Required<Pick<SaveBarOptions, "storage">>,
  written: WrittenFiles,
) {
  const name =
    html`<input autocomplete="name" value=${storage.getItem(namePlace) ?? ""} ${{oninput: () => draw()}}>` as HTMLInputElement;
  const body = html`<div></div>` as HTMLElement;
  const shown = new Map<string, number>();
  const outcome = html`<p class="outcome" role="status"></p>` as HTMLElement;
  const who = (): string => name.value.trim();

  /** Runs an action on the files as they would be saved, once it is known who decides. */
  const save = (action: (changes: readonly FileChange[]) => Promise<string> | string) => async (): Promise<void> => {
    outcome.className = "outcome";
    if (who() === "") {
      outcome.textContent = "Say who decides: the name goes into decided_by.";
      name.focus();
      return;
    }
    keepText(storage, namePlace, who());
    try {
      outcome.textContent = await action(draft.changes(who()));
    } catch (error) {
      if ((error as Error).name === "AbortError") return;
      outcome.className = "outcome error";
      outcome.textContent = (error as Error).message;
    }
  };
  const write = async (changes: readonly FileChange[]): Promise<string> => {
    await writeFiles(await (pickFolder as () => Promise<Folder>)(), changes, written);
    return `${changes.map(({fileName}) => fileName).join(" and ")} written. ${next}`;
  };
  const draw = (): void => {
    const edits = draft.edits();
    const changes = draft.changes(who());
    body.replaceChildren(
      conflictList(draft, describe),
      problemList(problems?.() ?? []),
      edits.length === 0
        ? html`<p class="empty">Nothing is left to save.</p>`
        : html`<div>${inPortions(
            html`<ul class="edits plain"></ul>` as HTMLElement,
            edits,
            (edit) =>
              html`<li><bdi>${describe(edit)}</bdi> <button type="button" class="link" ${{
                onclick: () => {
                  draft.undo([edit]);
                  onTakeBack?.();
                  draw();
                  name.focus();
                },
              }}>Take back<span class="visually-hidden">: ${describe(edit)}</span></button></li>`,
            {name: "edits", shown, size: linePortion},
          )}</div>`,
      html`<div>${changes.map((change) => diff(change, shown))}</div>`,
      edits.length === 0
        ? ""
        : html`<div class="actions">
            ${pickFolder === undefined ? "" : html`<button type="button" class="primary" ${{onclick: save(write)}}>Write into the workspace folder</button>`}
            ${changes.map(
              ({fileName}) =>
                html`<button type="button" ${{
                  onclick: save((all) => {
                    download(lastPart(fileName), all.find((one) => one.fileName === fileName)?.after ?? "");
                    return `Put ${lastPart(fileName)} in the place of ${fileName}, unless somebody has changed that since this site was built: a patch keeps both. ${next}`;
                  }),
                }}>Download ${lastPart(fileName)}</button>`,
            )}
            ${
              navigator.clipboard === undefined
                ? ""
                : html`<button type="button" ${{
                    onclick: save(async (all) => {
                      await navigator.clipboard.writeText(patchOf(all));
                      return "Copied. `git apply` it in the workspace’s folder.";
                    }),
                  }}>Copy as a patch</button>`
            }
            <button type="button" ${{
              onclick: save((all) => {
                download("decisions.patch", patchOf(all));
                return "Run `git apply decisions.patch` in the workspace’s folder.";
              }),
            }}>Download as a patch</button>
          </div>`,
    );
  };
  draw();
  const dialog = html`<dialog class="save-dialog" aria-labelledby="save-title">
    <div class="save-head"><h2 id="save-title">Review and save</h2><button type="button" ${{onclick: () => dialog.close?.()}}>Close</button></div>
    <label class="field">Who decides ${name}</label>
    ${body}
    ${outcome}
    <p class="quiet">Saved or not, edits stay in this browser until a build has read them.</p>
  </dialog>` as HTMLDialogElement;
  return dialog;
}

const next = "Then run `trueup reconcile` and `trueup build`.";

function conflictList(draft: Draft, describe: (edit: Edit) => string): Node | string {
  const conflicts = draft.conflicts();
  if (conflicts.length === 0) return "";
  return html`<div class="error" role="alert">
    <p>These rows were changed by somebody else after they were edited here. Saving would overrule that; take back what is no longer right.</p>
    <ul>${conflicts.map((edit) => html`<li><bdi>${describe(edit)}</bdi></li>`)}</ul>
  </div>`;
}

function problemList(problems: readonly string[]): Node | string {
  if (problems.length === 0) return "";
  return html`<div class="error" role="alert">
    <p>Reconciling will refuse this:</p>
    <ul>${problems.map((problem) => html`<li><bdi>${problem}</bdi></li>`)}</ul>
  </div>`;
}

const signs: Readonly<Record<string, string>> = {added: "+", removed: "−", same: " ", gap: "⋯"};
const meanings: Readonly<Record<string, string>> = {added: "added: ", removed: "removed: "};

function diff(change: FileChange, shown: Map<string, number>): HTMLElement {
  const lines = diffLines(change);
  const linesOf = (kind: string): number => lines.filter((line) => line.kind === kind).length;
  return html`<section class="diff">
    <h3><code>${change.fileName}</code> <small>${plural(linesOf("added"), "line")} added, ${count(linesOf("removed"))} removed</small></h3>
    ${change.addedColumns.length === 0 ? "" : html`<p class="quiet">The file gets the columns ${change.addedColumns.join(" and ")}: this once every line of it is touched, from then on one a decision.</p>`}
    ${inPortions(
      html`<div class="diff-lines" role="region" aria-label=${`What changes in ${change.fileName}`} tabindex="0"></div>` as HTMLElement,
      lines,
      ({kind, text}) =>
        html`<div class=${`diff-${kind}`}><span aria-hidden="true">${signs[kind]}</span><span class="visually-hidden">${meanings[kind] ?? ""}</span><code><bdi>${text}</bdi></code></div>`,
      {name: change.fileName, shown, size: linePortion},
    )}
  </section>`;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Chromium can write into a folder that somebody chose; other browsers cannot. */
function folderPicker(): (() => Promise<Folder>) | undefined {
  const {showDirectoryPicker} = window as unknown as {
    showDirectoryPicker?: (options: {id: string; mode: "readwrite"}) => Promise<Folder>;
  };
  return showDirectoryPicker && (() => showDirectoryPicker.call(window, {id: "trueup", mode: "readwrite"}));
}
