import {fromCents, toCents} from "../lib/cents.js";
import type {CsvColumn} from "../lib/csv.js";
import {currencyOrder} from "../lib/currencyOrder.js";
import {workspaceCurrency} from "../lib/data.js";
import {count, money, quantity} from "../lib/format.js";
import {groupBy} from "../lib/groupBy.js";
import {mentions} from "../lib/matches.js";
import type {UrlState} from "../lib/urlState.js";
import {clientChip} from "./clientChip.js";
import type {TableColumn} from "./dataTable.js";
import {inactiveColumn, inactiveFilters, passesFilters} from "./inactiveFilters.js";
import {listing} from "./listing.js";

/** How many unused seats a client has, by integration, activity and currency. */
export interface InactiveGroup {
  readonly client_id: string;
  readonly slug: string | null;
  readonly client_name: string | null;
  readonly connection_id: string;
  readonly activity_state: string;
  /** Null where the seats have no price. */
  readonly currency: string | null;
  readonly seat_count: string;
  readonly monthly_value: string | null;
  readonly days_inactive: string | null;
}

/** A row of the table: a client with what passes the filters. */
interface InactiveClient {
  readonly client_id: string;
  readonly slug: string | null;
  readonly client_name: string | null;
  readonly seats: number;
  readonly never: number;
  readonly unpriced: number;
  readonly days: number | null;
  /** Whole cents by currency. */
  readonly values: ReadonlyMap<string, number>;
}

/** Unused seats a row a client, where there are too many of them to be listed one by one. */
export function inactiveClients(groups: readonly InactiveGroup[], state: UrlState): HTMLElement {
  const currencies = [...new Set(groups.flatMap(({currency}) => currency ?? []))].sort(
    currencyOrder(workspaceCurrency()),
  );
  return listing<InactiveClient>({
    caption: "Inactive seats by client",
    noun: "client",
    filters: [
      clientChip(groups),
      {kind: "search", name: "search", label: "Search clients"},
      ...inactiveFilters(groups),
    ],
    select: () => {
      const passing = groups.filter(
        (group) => passesFilters(group, state) && mentions(state.get("search"), group.client_name, group.client_id),
      );
      return [...groupBy(passing, ({client_id}) => client_id)].map(([id, own]) => addUp(id, own));
    },
    total: new Set(groups.map(({client_id}) => client_id)).size,
    columns: (rows) => [
      inactiveColumn(),
      counted("seats", "Inactive seats", ({seats}) => seats, rows),
      counted("never", "Never used", ({never}) => never, rows),
      {
        key: "days",
        label: "Most days unused",
        isNumber: true,
        render: ({days}) => quantity(days === null ? null : String(days)),
        sortValue: ({days}) => days,
      },
      ...currencies.map((currency): TableColumn<InactiveClient> => {
        const cents = ({values}: InactiveClient): number => values.get(currency) ?? 0;
        return {
          key: `value-${currency}`,
          label: `Value per month, ${currency}`,
          isNumber: true,
          render: (row) => money(fromCents(cents(row)), currency),
          sortValue: cents,
          foot: money(fromCents(sum(rows, cents)), currency),
        };
      }),
      counted("unpriced", "Without a price", ({unpriced}) => unpriced, rows),
    ],
    csv: csvColumns(currencies),
    file: "inactive-seats-by-client",
    sort: "-seats",
    empty: "No seat is inactive.",
    state,
  });
}

function counted(
  key: string,
  label: string,
  of: (client: InactiveClient) => number,
  rows: readonly InactiveClient[],
): TableColumn<InactiveClient> {
  return {
    key,
    label,
    isNumber: true,
    sortValue: of,
    render: (client) => count(of(client)),
    foot: count(sum(rows, of)),
  };
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

function addUp(client_id: string, groups: readonly InactiveGroup[]): InactiveClient {
  const seatsOf = (some: readonly InactiveGroup[]): number => sum(some, ({seat_count}) => Number(seat_count));
  const values = new Map<string, number>();
  for (const {currency, monthly_value} of groups) {
    if (currency !== null) values.set(currency, (values.get(currency) ?? 0) + toCents(monthly_value));
  }
  const days = groups.flatMap(({days_inactive}) => (days_inactive === null ? [] : Number(days_inactive)));
  return {
    client_id,
    slug: groups[0]?.slug ?? null,
    client_name: groups[0]?.client_name ?? null,
    seats: seatsOf(groups),
    never: seatsOf(groups.filter(({activity_state}) => activity_state === "never_active")),
    unpriced: seatsOf(groups.filter(({currency}) => currency === null)),
    days: days.length === 0 ? null : Math.max(...days),
    values,
  };
}

function csvColumns(currencies: readonly string[]): CsvColumn<InactiveClient>[] {
  return [
    {label: "client_id", value: ({client_id}) => client_id},
    {label: "client_name", value: ({client_name}) => client_name},
    {label: "inactive_seats", value: ({seats}) => seats},
    {label: "never_active_seats", value: ({never}) => never},
    {label: "most_days_inactive", value: ({days}) => days},
    ...currencies.map((currency) => ({
      label: `monthly_value_${currency.toLowerCase()}`,
      value: ({values}: InactiveClient) => fromCents(values.get(currency) ?? 0),
    })),
    {label: "seats_without_price", value: ({unpriced}) => unpriced},
  ];
}
