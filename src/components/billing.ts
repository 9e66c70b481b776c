import {html} from "htl";
import {count} from "../lib/format.js";
import {rowsOf, type Table} from "../lib/rows.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {type FlagData, flaggedServices} from "./flaggedServices.js";
import {followAddress} from "./followAddress.js";
import {guard} from "./guard.js";
import {type InactiveData, inactiveSeats} from "./inactiveSeats.js";
import {type BillingData, reconciledInvoices} from "./reconciledInvoices.js";
import {tabs} from "./tabs.js";

export interface BillingLoaders {
  readonly flagged: () => Promise<FlagData>;
  readonly inactive: () => Promise<InactiveData>;
}

/** Billing & Invoices: reconciled invoices, flagged services, inactive seats. The last two are fetched when opened. */
export function billing(
  data: BillingData & {readonly totals: Table},
  load: BillingLoaders,
  state: UrlState = urlState(),
): HTMLElement {
  const [totals] = rowsOf<{flags: string; inactive_seats: string}>(data.totals);
  const place = html`<div></div>` as HTMLElement;
  const sections = (): HTMLElement =>
    tabs(
      "Sections",
      [
        {id: "reconciled", label: "Reconciled invoices", content: () => reconciledInvoices(data, state)},
        {
          id: "flagged",
          label: `Flagged services (${count(totals?.flags ?? 0)})`,
          content: () => guard(async () => flaggedServices(await load.flagged(), state)),
        },
        {
          id: "inactive",
          label: `Inactive seats (${count(totals?.inactive_seats ?? 0)})`,
          content: () => guard(async () => inactiveSeats(await load.inactive(), state)),
        },
      ],
      state.get("section"),
      (section) => state.push({section: section === "reconciled" ? "" : section, sort: "", page: ""}),
    );
  followAddress(state, place, () => place.replaceChildren(sections()));
  return place;
}
