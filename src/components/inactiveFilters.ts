import {words} from "../lib/format.js";
import {matches, optionsOf} from "../lib/matches.js";
import type {UrlState} from "../lib/urlState.js";
import {clientColumn, type OfClient} from "./clientColumn.js";
import type {TableColumn} from "./dataTable.js";
import type {Filter} from "./filters.js";

/** What an unused seat and a group of them have in common. */
interface Inactive {
  readonly client_id: string;
  readonly connection_id: string;
  readonly activity_state: string;
}

const states = ["inactive", "never_active"];

export function inactiveFilters(rows: readonly Inactive[]): Filter[] {
  return [
    {kind: "several", name: "integration", label: "Integration", options: optionsOf(rows, "connection_id")},
    {kind: "several", name: "state", label: "Activity", options: states.map((value) => ({value, label: words(value)}))},
  ];
}

/** Whether a row passes those filters, and is of the client in the address if there is one. */
export function passesFilters(row: Inactive, state: UrlState): boolean {
  return (
    (state.get("client") === "" || row.client_id === state.get("client")) &&
    matches(row, state, {integration: "connection_id", state: "activity_state"})
  );
}

/** The column of clients, each with a link to its unused seats. */
export function inactiveColumn<Row extends OfClient>(): TableColumn<Row> {
  return clientColumn({query: `tab=seats&state=${states.join()}`, foot: "Total"});
}
