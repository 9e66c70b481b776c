import {html} from "htl";
import type {ClientData, WorkRow} from "../lib/clientData.js";
import {siteRoot, workspaceName} from "../lib/data.js";
import {describeEdit, draftName, findProblems, openDecisionDraft} from "../lib/decisions.js";
import {type Draft, keepsEdits} from "../lib/drafts.js";
import type {MappingFiles} from "../lib/mappingTables.js";
import {dataTable, focusPager, focusSort} from "./dataTable.js";
import {saveBar} from "./saveBar.js";
import {decideButton, openDecision, workColumns} from "./workTable.js";

/** What was decided about a client's discrepancies, and a way to decide. The file of decisions is read when it is needed. */
export function clientDecisions(
  {work, as_of_date, slug}: ClientData,
  loadMappings: () => Promise<MappingFiles>,
): HTMLElement {
  const table = html`<div class="listing"></div>` as HTMLElement;
  const bar = html`<div></div>` as HTMLElement;
  const dialogs = html`<div></div>` as HTMLElement;
  let draft: Draft | null = null;
  let sort = "-money";
  let page = 0;

  const open = async (): Promise<Draft> => {
    if (draft !== null) return draft;
    const opened = openDecisionDraft(await loadMappings(), {workspace: workspaceName()});
    draft = opened;
    opened.onChange(draw);
    bar.replaceChildren(
      saveBar({draft: opened, describe: describeEdit(work), problems: () => findProblems(opened, as_of_date)}),
    );
    draw();
    return opened;
  };
  const fail = (error: unknown): void =>
    dialogs.replaceChildren(html`<p class="problem" role="alert">${(error as Error).message}</p>`);
  const decide = async (row: WorkRow): Promise<void> => {
    const opened = await open();
    dialogs.replaceChildren();
    openDecision([row], {
      draft: opened,
      today: as_of_date,
      place: dialogs,
      focus: () => decideButton(table, row)?.focus(),
    });
  };
  const draw = (): void =>
    table.replaceChildren(
      dataTable({
        caption: "What is decided about this client",
        columns: workColumns(draft, (row) => void decide(row).catch(fail)),
        rows: work,
        sort,
        onSort: (next) => {
          sort = next;
          page = 0;
          draw();
          focusSort(table, next);
        },
        page,
        onPage: (next) => {
          const isForward = next > page;
          page = next;
          draw();
          table.scrollIntoView?.({block: "nearest"});
          focusPager(table, isForward);
        },
        empty: "",
      }),
    );
  draw();
  if (keepsEdits(draftName, workspaceName())) open().catch(fail);
  return html`<section class="client-decisions" aria-labelledby="decisions">
    <div class="section-head"><h2 id="decisions">Decisions</h2><a href=${`${siteRoot()}/memo?client=${slug}`}>Credit and bill memo</a></div>
    ${table}${bar}${dialogs}
  </section>`;
}
