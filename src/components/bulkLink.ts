import {html} from "htl";
import {type Account, acceptable, type ClientMapping, linkAccount, type Suggestion} from "../lib/accounts.js";
import {percent, plural, quantity} from "../lib/format.js";
import type {MappingDraft} from "../lib/mappingDraft.js";
import {inPortions, linePortion} from "./inPortions.js";
import {openDialog} from "./openDialog.js";

const thresholds = ["1", "0.95", "0.88"];

/** Links many accounts to what they resemble most, once somebody has seen the list and taken out what is wrong. */
export function bulkLink(mapping: ClientMapping, draft: MappingDraft, onDone: () => void): HTMLElement {
  const threshold =
    html`<select>${thresholds.map((value) => html`<option value=${value}>${value === "1" ? "100%" : `${percent(value)} or more`}</option>`)}</select>` as HTMLSelectElement;
  const show = html`<button type="button" ${{onclick: () => open()}}>Show the list</button>` as HTMLButtonElement;
  const place = html`<div></div>` as HTMLElement;
  const open = (): void => {
    const found = acceptable(mapping, Number(threshold.value), draft);
    const listed: {account: Account; suggestion: Suggestion; box: HTMLInputElement}[] = [];
    const item = ({account, suggestion}: (typeof found)[number]): Node => {
      const box = html`<input type="checkbox" checked>` as HTMLInputElement;
      listed.push({account, suggestion, box});
      return html`<tr>
        <th scope="row" class="long"><label class="check">${box} <span><bdi>${account.account_name}</bdi><small>${account.connection_id}</small></span></label></th>
        <td class="long"><bdi>${suggestion.client_name}</bdi></td>
        <td class="long">${percent(suggestion.score)} ${suggestion.evidence}</td>
        <td class="number">${quantity(account.seats)}</td></tr>`;
    };
    const [rows, more] = inPortions(html`<tbody></tbody>` as HTMLElement, found, item, {size: linePortion});
    const accept = (): void => {
      const taken = listed.filter(({box}) => box.checked);
      draft.together(() => {
        for (const {account, suggestion} of taken) {
          const note = `${percent(suggestion.score)}: ${suggestion.evidence}`;
          linkAccount(account, suggestion.client_id, note, draft);
        }
      });
      dialog.close?.();
      onDone();
    };
    const dialog = html`<dialog class="save-dialog" aria-labelledby="bulk-title">
      <div class="save-head"><h2 id="bulk-title">${plural(found.length, "account")} to link</h2><button type="button" ${{onclick: () => dialog.close?.()}}>Close</button></div>
      ${
        found.length === 0
          ? html`<p class="empty">No unlinked account resembles one client alone so much.</p>`
          : html`<div>
            <p>Look through the list and take out what is wrong. Each becomes an edit with its evidence as the note.${found.length > linePortion ? " Those that are not shown yet are left for later." : ""}</p>
            <div class="table-scroll" role="region" aria-label="Accounts to link" tabindex="0"><table>
              <thead><tr><th scope="col">Account</th><th scope="col">Client</th><th scope="col">Evidence</th><th scope="col" class="number">Seats</th></tr></thead>
              ${rows}
            </table></div>${more}
            <div class="actions"><button type="button" class="primary" ${{onclick: accept}}>Link those that are ticked</button></div>
          </div>`
      }
    </dialog>` as HTMLDialogElement;
    openDialog(dialog, place, () => show.focus());
  };
  return html`<div class="bulk"><label class="field">Link all that resemble one client by ${threshold}</label>${show}${place}</div>`;
}
