import {html} from "htl";
import type {ClientData, ClientFlag, ServiceRow} from "../lib/clientData.js";
import {money, plural, words} from "../lib/format.js";
import {whyUnknown} from "../lib/whyUnknown.js";

/**
 * Says in words whether there are discrepancies, always what was not compared and why, and what is wrong with the bills
 * themselves: quantities that agree are not enough for what is billed to be right.
 */
export function verdict(data: ClientData): HTMLElement {
  const {rows} = data;
  const faults = data.flags.filter(
    ({flag_code, severity, is_current}) =>
      is_current === "true" && (severity === "error" || flag_code === "not_invoiced"),
  );
  const found = rows.filter(({status}) => status === "discrepancy").length;
  const reconciled = rows.filter(({status}) => status === "reconciled").length;
  const open = data.work.filter(({decision_state}) => decision_state !== "decided").length;
  const agreeingBy = (state: string): string[] =>
    rows.filter(({status, count_state}) => status === "reconciled" && count_state === state).map(nameOf);
  const uncompared = rows.filter(({status}) => status === "no_data" || status === "not_reconciled");
  const isBilled = rows.some(({billed_basis}) => billed_basis !== null);
  const compared =
    found + reconciled === 0
      ? "Nothing of this client could be compared."
      : found === 0
        ? `No discrepancies: ${plural(reconciled, "service")} compared, each as many as expected.`
        : `${plural(found, "discrepancy")}, ${plural(reconciled, "service")} reconciled.`;
  if (rows.length === 0) {
    return html`<div class="verdict"><p><strong>Nothing is billed to this client now, and nothing is known to be used: nothing was compared.</strong></p>${wrongBills(faults)}</div>`;
  }
  return html`<div class="verdict">
    <p><strong>${compared}</strong>${open === 0 ? "" : html` <button type="button" class="link more" ${{onclick: goToDecisions}}>Decide about ${open === 1 ? "it" : "them"}</button>`}</p>
    <p>${uncompared.length > 0 ? "Not compared:" : isBilled ? "Everything that is billed was compared." : "Nothing is billed to this client now."}</p>
    ${
      uncompared.length === 0
        ? ""
        : html`<ul>${uncompared.map((row) => html`<li><bdi>${nameOf(row)}</bdi>: ${reason(row, data)}</li>`)}</ul>`
    }
    ${["stale", "partial"].map((state) => {
      const names = agreeingBy(state);
      return names.length === 0
        ? ""
        : html`<p>Reconciled by ${state} data only: ${names.map((name, index) => html`${index === 0 ? "" : ", "}<bdi>${name}</bdi>`)}.</p>`;
    })}
    ${wrongBills(faults)}
  </div>`;
}

function wrongBills(faults: readonly ClientFlag[]): Node | string {
  if (faults.length === 0) return "";
  return html`<div><p><strong>Wrong with the bills:</strong></p>
    <ul>${faults.map(
      ({flag_code, message, amount_at_stake, currency}) =>
        html`<li>${words(flag_code)}${amount_at_stake === null ? "" : `, ${money(amount_at_stake, currency)} at stake`}: ${message}</li>`,
    )}</ul></div>`;
}

/** They stand below every service. */
function goToDecisions(): void {
  const decide = document.querySelector<HTMLElement>(".client-decisions [data-decide]");
  decide?.focus({preventScroll: true});
  decide?.scrollIntoView({block: "center"});
}

function nameOf({service_name}: ServiceRow): string {
  return service_name ?? "lines without a service";
}

function reason(row: ServiceRow, data: ClientData): string {
  if (row.status === "no_data") return whyUnknown(row, data).join(" ");
  if (row.service_id === null) return "they bill no service that could be counted.";
  return data.rules.some(({service_id}) => service_id === row.service_id)
    ? "its use is compared in another currency."
    : "no rule counts it.";
}
