import {html} from "htl";
import {fromCents, toCents} from "../lib/cents.js";
import {creditLines} from "../lib/creditLines.js";
import {type CsvColumn, directionOf, fields} from "../lib/csv.js";
import {count, isZero, money, month, signedMoney} from "../lib/format.js";
import {type Change, isFiltered, ordinal} from "../lib/history.js";
import {figuresOf, type HistoryFigure, rowsOfFigure} from "../lib/historyFigures.js";
import {exploreUrl} from "../lib/queryAddress.js";
import type {UrlState} from "../lib/urlState.js";
import {amount} from "./amount.js";
import {clientColumn} from "./clientColumn.js";
import type {TableColumn} from "./dataTable.js";
import {listing} from "./listing.js";
import {type Tab, tabs} from "./tabs.js";

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

/** What became of each discrepancy, a list for each kind; before them the rows of a figure where one is asked for. */
export function changeLists(changes: readonly Change[], months: Months, state: UrlState): HTMLElement {
  const tab = (
    id: string,
    label: string,
    rows: readonly Change[],
    columns: TableColumn<Change>[],
    empty: string,
  ): Tab => ({
    id,
    label: `${label} (${count(rows.length)})`,
    content: () =>
      listing<Change>({
        caption: `${label}, from ${months.from} to ${months.to}`,
        noun: "discrepancy",
        filters: [],
        select: () => rows,
        total: rows.length,
        columns: () => columns,
        csv: csvColumns,
        file: `history-${months.period}-${id}`,
        sort: "-size",
        empty: isFiltered(state)
          ? `Of what passes the filters, ${empty.charAt(0).toLowerCase()}${empty.slice(1)}`
          : empty,
        state,
      }),
  });
  const figure = figuresOf(months).get(state.get("list"));
  const traced = figure === undefined ? [] : rowsOfFigure(figure, changes);
  return tabs(
    `Discrepancies from ${months.from} to ${months.to}`,
    [
      ...(figure === undefined
        ? []
        : [
            tab(
              figure.id,
              figure.label,
              traced,
              tracedColumns(figure, traced, months),
              "Nothing is part of this figure.",
            ),
          ]),
      ...lists.map(({id, label, kinds, empty}) => {
        const rows = changes.filter(({change_kind}) => (kinds as readonly string[]).includes(change_kind));
        return tab(id, label, rows, columnsOf(id, months), empty);
      }),
    ],
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

const subjectColumns: readonly TableColumn<Change>[] = [
  clientColumn(),
  {key: "service", label: "Service", isLong: true, render: ({label}) => label, sortValue: ({label}) => label},
  {
    key: "what",
    label: "What happened",
    isLong: true,
    render: ({evidence}) => evidence,
    sortValue: ({reason}) => reason,
  },
  {key: "age", label: "Found", render: ageOf, sortValue: ({months_open}) => Number(months_open)},
];

function impactColumn(
  key: string,
  label: string,
  pick: (change: Change) => string | null,
  isAbsent?: (change: Change) => boolean,
): TableColumn<Change> {
  return {
    key,
    label,
    isNumber: true,
    render: (change) => (isAbsent?.(change) ? "—" : amount(pick(change), change.currency)),
    sortValue: (change) => (pick(change) === null ? null : Math.abs(toCents(pick(change)))),
  };
}

const impactBefore = ({previous_impact_monthly}: Change): string | null => previous_impact_monthly;
const isNew = ({change_kind}: Change): boolean => change_kind === "new";
const isGone = ({change_kind}: Change): boolean => change_kind === "resolved" || change_kind === "not_compared";
const impactNow = ({impact_monthly}: Change): string | null => impact_monthly;

/** What each row has in a figure, and their sum, which is the figure. */
function tracedColumns(figure: HistoryFigure, rows: readonly Change[], {from, to}: Months): TableColumn<Change>[] {
  const {id, isTotal, label, share} = figure;
  const write = (cents: number, currency: string): Node | string => {
    const text = fromCents(cents);
    // What is overbilled is shown as negative, as everywhere.
    if (isTotal) return amount(fromCents(id.startsWith("over") ? -cents : cents), currency);
    return /^(under|over)-/.test(id) ? signedMoney(text, currency) : money(text, currency);
  };
  const part: TableColumn<Change> = {
    key: "size",
    label,
    isNumber: true,
    comesFirst: true,
    render: (change) => write(share(change), change.currency),
    sortValue: (change) => Math.abs(share(change)),
    foot: write(
      rows.reduce((sum, row) => sum + share(row), 0),
      rows[0]?.currency ?? "",
    ),
  };
  const [before, now] = [impactColumn("before", from, impactBefore, isNew), impactColumn("now", to, impactNow, isGone)];
  const [client, ...others] = subjectColumns;
  const amounts = !isTotal ? [before, now, part] : id.endsWith("-before") ? [part, now] : [before, part];
  return [{...(client as TableColumn<Change>), foot: "Total"}, ...others, ...amounts];
}

function columnsOf(id: string, {from, to}: Months): TableColumn<Change>[] {
  const before = impactColumn("before", from, impactBefore);
  const now = {...impactColumn("size", to, impactNow), sortValue: sizeOf};
  return [
    ...subjectColumns,
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
function settledIn(change: Change): Node {
  const {settled_monthly, credited_amount, currency} = change;
  return html`<span>${money(settled_monthly, currency)}${
    isZero(credited_amount)
      ? ""
      : html`<small><a href=${exploreUrl(creditLines(change))}>${money(credited_amount, currency)} credited once</a></small>`
  }</span>`;
}

function ageOf(change: Change): Node {
  const {months_open, first_period, earliest_period} = change;
  const returned = earliest_period === first_period ? "" : `; before that in ${month(earliest_period)}`;
  const text = isGone(change)
    ? `for ${months_open === "1" ? "1 month" : `${months_open} months`}`
    : `${ordinal(months_open)} month`;
  return html`<span>${text}<small>since ${month(first_period)}${returned}</small></span>`;
}
