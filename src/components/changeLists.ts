import {html} from "htl";
import {toCents} from "../lib/cents.js";
import {type CsvColumn, directionOf, fields} from "../lib/csv.js";
import {count, isZero, money, month} from "../lib/format.js";
import {type Change, ordinal} from "../lib/history.js";
import type {UrlState} from "../lib/urlState.js";
import {amount} from "./amount.js";
import {clientColumn} from "./clientColumn.js";
import type {TableColumn} from "./dataTable.js";
import {listing} from "./listing.js";
import {tabs} from "./tabs.js";

interface Months {
  readonly from: string;
  readonly to: string;
  /** As 2026-10. */
  readonly period: string;
}

const lists = [
  {id: "resolved", label: "Resolved", kinds: ["resolved"], empty: "Nothing that was found the month before is gone."},
  {id: "new", label: "New", kinds: ["new"], empty: "Nothing new was found."},
  {id: "changed", label: "Changed", kinds: ["changed", "turned"], empty: "Nothing changed in quantity or price."},
  {id: "repeated", label: "Repeated", kinds: ["repeated"], empty: "Nothing stayed exactly as it was."},
  {
    id: "not-compared",
    label: "Not compared now",
    kinds: ["not_compared"],
    empty: "Everything that was found the month before could be compared again.",
  },
] as const;

/** What became of each discrepancy, a list for each kind. */
export function changeLists(changes: readonly Change[], months: Months, state: UrlState): HTMLElement {
  return tabs(
    `Discrepancies from ${months.from} to ${months.to}`,
    lists.map(({id, label, kinds, empty}) => {
      const rows = changes.filter(({change_kind}) => (kinds as readonly string[]).includes(change_kind));
      return {
        id,
        label: `${label} (${count(rows.length)})`,
        content: () =>
          listing<Change>({
            caption: `${label}, from ${months.from} to ${months.to}`,
            noun: rows.length === 1 ? "discrepancy" : "discrepancies",
            filters: [],
            select: () => rows,
            total: rows.length,
            columns: () => columnsOf(id, months),
            csv: csvColumns,
            file: `history-${months.period}-${id}`,
            sort: "-size",
            empty,
            state,
          }),
      };
    }),
    state.get("list"),
    (id) => state.push({list: id === "resolved" ? "" : id, sort: "", page: ""}),
  );
}

const csvColumns: readonly CsvColumn<Change>[] = [
  ...fields<Change>("client_id", "client_name", "service", "label", "currency", "discrepancy_type", "change_kind"),
  ...fields<Change>("reason", "evidence", "months_open", "first_period", "earliest_period"),
  {
    label: "direction",
    value: ({impact_monthly, previous_impact_monthly}) => directionOf(impact_monthly ?? previous_impact_monthly),
  },
  ...fields<Change>("previous_impact_monthly", "impact_monthly"),
  {label: "recovered_monthly", value: (change) => settledIf(change, "underbilled")},
  {label: "taken_off_monthly", value: (change) => settledIf(change, "overbilled")},
  {label: "credited_once", value: ({credited_amount}) => credited_amount},
];

/** What billing settled of one direction, as the page adds it up: each has a total of its own. */
function settledIf({previous_impact_monthly, settled_monthly}: Change, direction: string): string | null {
  return directionOf(previous_impact_monthly) === direction ? settled_monthly : null;
}

const sizeOf = (change: Change): number => Math.abs(toCents(change.impact_monthly ?? change.previous_impact_monthly));

function columnsOf(id: string, {from, to}: Months): TableColumn<Change>[] {
  const impact = (key: string, label: string, pick: (change: Change) => string | null): TableColumn<Change> => ({
    key,
    label,
    isNumber: true,
    render: (change) => amount(pick(change), change.currency),
    sortValue: (change) => (pick(change) === null ? null : Math.abs(toCents(pick(change)))),
  });
  const before = impact("before", from, ({previous_impact_monthly}) => previous_impact_monthly);
  const now = {...impact("size", to, ({impact_monthly}) => impact_monthly), sortValue: sizeOf};
  return [
    clientColumn(),
    {key: "service", label: "Service", isLong: true, render: ({label}) => label, sortValue: ({label}) => label},
    {
      key: "what",
      label: "What happened",
      isLong: true,
      render: ({evidence}) => evidence,
      sortValue: ({reason}) => reason,
    },
    {key: "age", label: "Found", render: ageOf, sortValue: ({months_open}) => Number(months_open), isNumber: false},
    ...(id === "new" ? [now] : id === "resolved" || id === "not-compared" ? [{...before, key: "size"}] : [before, now]),
    ...(id === "resolved"
      ? [
          {
            key: "settled",
            label: "Settled by billing",
            isNumber: true,
            render: settledIn,
            sortValue: ({settled_monthly}: Change) => toCents(settled_monthly),
          },
        ]
      : []),
  ];
}

/** A credit is given once, what is settled counts every month. */
function settledIn({settled_monthly, credited_amount, currency}: Change): Node {
  return html`<span>${money(settled_monthly, currency)}${
    isZero(credited_amount) ? "" : html`<small>${money(credited_amount, currency)} credited once</small>`
  }</span>`;
}

function ageOf({change_kind, months_open, first_period, earliest_period}: Change): Node {
  const isGone = change_kind === "resolved" || change_kind === "not_compared";
  const returned = earliest_period === first_period ? "" : `; before that in ${month(earliest_period)}`;
  const text = isGone
    ? `for ${months_open === "1" ? "1 month" : `${months_open} months`}`
    : `${ordinal(months_open)} month`;
  return html`<span>${text}<small>since ${month(first_period)}${returned}</small></span>`;
}
