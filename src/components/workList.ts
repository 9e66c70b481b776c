import {html} from "htl";
import type {WorkRow} from "../lib/clientData.js";
import {type CsvColumn, fields} from "../lib/csv.js";
import {inCurrencyOrder} from "../lib/currencyOrder.js";
import {describeEdit, findProblems, openDecisionDraft} from "../lib/decisions.js";
import {count, negated, plural, words} from "../lib/format.js";
import {isOverbilled} from "../lib/isOverbilled.js";
import {knownSum} from "../lib/knownSum.js";
import type {MappingFiles} from "../lib/mappingTables.js";
import {matches, mentions, optionsOf} from "../lib/matches.js";
import {rowsOf, type Table} from "../lib/rows.js";
import {sidesByCurrency} from "../lib/sidesByCurrency.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {amount, amounts} from "./amount.js";
import {clientColumn} from "./clientColumn.js";
import {type Figure, figures} from "./figures.js";
import {currencyFilter, type Option} from "./filters.js";
import {followAddress} from "./followAddress.js";
import {type GoneDecision, goneDecisions} from "./goneDecisions.js";
import {listing} from "./listing.js";
import {nothingCompared} from "./nothingCompared.js";
import {saveBar} from "./saveBar.js";
import {tabs} from "./tabs.js";
import {decideButton, dueColumn, isBilled, openDecision, workColumns} from "./workTable.js";

export interface WorkData {
  readonly totals: Table;
  readonly rows: Table;
  readonly gone: Table;
}

interface Total {
  readonly currency: string;
  readonly as_of_date: string;
  readonly open_count: string;
  readonly open_underbilled_monthly: string;
  readonly open_overbilled_monthly: string;
  readonly decided_count: string;
  readonly decided_underbilled_monthly: string;
  readonly decided_overbilled_monthly: string;
  /** Whether anything of a client was. */
  readonly is_compared: string;
}

type Row = WorkRow & {readonly slug: string};

/** Every discrepancy until it is decided about, and again when its decision is over. */
export function workList(
  data: WorkData,
  {files, workspace}: {files: MappingFiles; workspace: string},
  state: UrlState = urlState(),
): HTMLElement {
  const totals = inCurrencyOrder(rowsOf<Total>(data.totals));
  const rows = rowsOf<Row>(data.rows);
  const gone = rowsOf<GoneDecision>(data.gone);
  const today = totals[0]?.as_of_date ?? "";
  const draft = openDecisionDraft(files, {workspace});
  const dialogs = html`<div></div>` as HTMLElement;
  const lists = {
    open: rows.filter(({decision_state}) => decision_state !== "decided"),
    decided: rows.filter(({decision_state}) => decision_state === "decided"),
  };
  const isCompared = totals.some(({is_compared}) => is_compared === "true");
  const currencies = optionsOf(rows, "currency");
  let shown: (() => void) | undefined;
  draft.onChange(() => shown?.());

  const list = (id: keyof typeof lists): HTMLElement => {
    const place = html`<div></div>` as HTMLElement;
    const all = lists[id];
    const deciding = {draft, today, place: dialogs};
    const decideOne = (row: WorkRow): void =>
      openDecision([row], {...deciding, focus: () => decideButton(place, row)?.focus()});
    const decideAll = (): void =>
      openDecision(select(all, id, state), {
        ...deciding,
        focus: () => place.querySelector<HTMLElement>("[data-decide-all]")?.focus(),
      });
    const decideAllButton =
      html`<button type="button" data-decide-all="" ${{onclick: decideAll}}>Decide about all shown</button>` as HTMLButtonElement;
    shown = () => {
      if (id === "open" && all.length === 0 && !isCompared) {
        place.replaceChildren(nothingCompared("under- or overbilled"));
        return;
      }
      place.replaceChildren(
        listing<Row>({
          caption: id === "open" ? "Open discrepancies" : "Decided discrepancies",
          noun: "discrepancy",
          filters: filtersOf(all, id, currencies, state),
          select: () => {
            const found = select(all, id, state);
            decideAllButton.disabled = found.length === 0;
            return found;
          },
          total: all.length,
          columns: (found) => [
            clientColumn({foot: "Under- and overbilled apart"}),
            ...withTotals(workColumns(draft, decideOne), found, {isDecided: id === "decided", today}),
          ],
          csv: exported,
          file: id === "open" ? "work-list" : "decided-discrepancies",
          sort: "-money",
          empty: id === "open" ? "Of what could be compared, nothing is open." : "Nothing is decided.",
          state,
          ...(all.length === 0 ? {} : {action: decideAllButton}),
        }),
      );
    };
    shown();
    return place;
  };

  const sections = (): HTMLElement =>
    tabs(
      "Discrepancies",
      [
        {id: "open", label: `Open (${count(lists.open.length)})`, content: () => list("open")},
        {id: "decided", label: `Decided (${count(lists.decided.length)})`, content: () => list("decided")},
        ...(gone.length === 0
          ? []
          : [
              {id: "gone", label: `No longer found (${count(gone.length)})`, content: () => goneDecisions(gone, state)},
            ]),
      ],
      state.get("list"),
      (id) => state.push({list: id === "open" ? "" : id, page: "", sort: "", state: "", decision: ""}),
    );
  const shownList = html`<div></div>` as HTMLElement;
  followAddress(state, shownList, () => shownList.replaceChildren(sections()));
  return html`<div class="work">
    ${headline(totals, lists)}
    ${shownList}
    ${saveBar({draft, describe: describeEdit(rows), problems: () => findProblems(draft, today)})}
    ${dialogs}
  </div>`;
}

function headline(
  totals: readonly Total[],
  {open, decided}: Readonly<Record<"open" | "decided", readonly Row[]>>,
): HTMLElement | string {
  const sides = (
    rows: readonly Row[],
    label: string,
    under: string,
    over: string,
    count: string,
    currency: string,
  ): Figure[] => {
    if (count === "0") return [];
    const unpriced = rows.filter((row) => row.currency === currency && row.impact_monthly === null);
    const isUnpriced = (isOver: boolean): boolean => unpriced.some((row) => isOverbilled(row) === isOver);
    return [
      {
        label: `${label}, ${currency} per month`,
        value: html`<span>${amount(knownSum(under, isUnpriced(false)), currency)} ${amount(knownSum(negated(over), isUnpriced(true)), currency)}</span>`,
        note: `underbilled and overbilled, ${plural(count, "discrepancy")}`,
      },
    ];
  };
  const found = totals.flatMap(({currency, ...of}) => [
    ...sides(open, "Open", of.open_underbilled_monthly, of.open_overbilled_monthly, of.open_count, currency),
    ...sides(
      decided,
      "Decided",
      of.decided_underbilled_monthly,
      of.decided_overbilled_monthly,
      of.decided_count,
      currency,
    ),
  ]);
  return found.length === 0 ? "" : figures(found);
}

/** Impacts with what they come to; beside those of decisions stands what of them is due, and their own day in the place of an age. */
function withTotals(
  columns: ReturnType<typeof workColumns>,
  rows: readonly Row[],
  {isDecided, today}: {isDecided: boolean; today: string},
): ReturnType<typeof workColumns> {
  const due = rows.filter(isBilled).map(({due_amount, currency}) => ({impact_monthly: due_amount, currency}));
  return columns.flatMap((column) => {
    if (column.key === "age" && isDecided) return [];
    if (column.key !== "money") return [column];
    const money = {...column, foot: total(rows)};
    return isDecided ? [money, {...dueColumn(today), foot: total(due)}] : [money];
  });
}

/** Both sides of each currency. Where no row has a price the sum says so, as its rows do. */
function total(rows: readonly {readonly impact_monthly: string | null; readonly currency: string}[]): HTMLElement {
  const isUnpriced = rows.length > 0 && rows.every(({impact_monthly}) => impact_monthly === null);
  return isUnpriced ? amount(null, null) : amounts(sidesByCurrency(rows));
}

function filtersOf(rows: readonly Row[], id: "open" | "decided", currencies: readonly Option[], state: UrlState) {
  const several = (name: string, label: string, column: keyof Row & string) => ({
    kind: "several" as const,
    name,
    label,
    options: optionsOf(rows, column, words),
  });
  return [
    {kind: "search" as const, name: "search", label: "Search client or service"},
    several("type", "Discrepancy type", "discrepancy_type"),
    several("cause", "Likely cause", "likely_cause"),
    id === "open" ? several("state", "State", "decision_state") : several("decision", "Decision", "decision"),
    {kind: "several" as const, name: "owner", label: "Owner", options: optionsOf(rows, "owner")},
    {
      kind: "one" as const,
      name: "direction",
      label: "Direction",
      options: [
        {value: "under", label: "Underbilled"},
        {value: "over", label: "Overbilled"},
      ],
    },
    ...currencyFilter(currencies, state),
  ];
}

function select(rows: readonly Row[], id: "open" | "decided", state: UrlState): Row[] {
  const columns = {
    type: "discrepancy_type",
    cause: "likely_cause",
    owner: "owner",
    currency: "currency",
    ...(id === "open" ? {state: "decision_state" as const} : {decision: "decision" as const}),
  } as const;
  const direction = state.get("direction");
  return rows.filter(
    (row) =>
      matches(row, state, columns) &&
      (direction === "" || direction === (isOverbilled(row) ? "over" : "under")) &&
      mentions(state.get("search"), row.client_name, row.client_id, row.service_name, row.product_name),
  );
}

const exported: readonly CsvColumn<Row>[] = [
  ...fields<Row>("client_id", "client_name", "service_id", "service_name", "product_id", "product_name", "currency"),
  {label: "direction", value: (row) => (isOverbilled(row) ? "overbilled" : "underbilled")},
  ...fields<Row>("invoiced_quantity", "expected_quantity", "delta_quantity", "impact_monthly", "discrepancy_type"),
  ...fields<Row>("likely_cause", "decision_state", "decision", "decision_reason", "agreed_quantity", "agreed_amount"),
  {label: "due_now_once", value: (row) => (row.decision_state === "decided" && isBilled(row) ? row.due_amount : null)},
  ...fields<Row>("period", "until_date", "owner", "decided_by", "decided_at", "known_since", "age_days"),
];
