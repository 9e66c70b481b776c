import {fromCents, toCents} from "../../src/lib/cents.js";
import type {Change, ClientChange, MoneyChange, Pair} from "../../src/lib/compareFigures.js";
import type {ReconciliationRow} from "../../src/lib/figures.js";
import {percent, withoutTrailingZeros} from "../../src/lib/format.js";
import {inColumns} from "../inColumns.js";

const shownAtMost = 20;

/** A change in money for a terminal: totals of each currency, the clients, and the discrepancies that come, go and move. */
export function describeChange(change: Change): string[] {
  const {money, unlinkedAccounts, unaccountedSeats, clients, appeared, vanished, changed} = change;
  const totals = [
    ["", "before", "after", "change"],
    ...money.flatMap(describeMoney),
    ["unlinked accounts", ...counts(unlinkedAccounts)],
    ["unaccounted seats", ...counts(unaccountedSeats)],
  ];
  return [
    ...inColumns(totals),
    ...section("Clients", clients, describeClient),
    ...section("Discrepancies that appear", appeared, ({after}) => describeRow(after)),
    ...section("Discrepancies that vanish", vanished, ({before, after}) => [
      ...describeRow(before),
      ...(after === null ? [] : [`→ ${after.status.replaceAll("_", " ")}`]),
    ]),
    ...section("Discrepancies that change", changed, ({before, after}) => [
      ...describeRow(before),
      "→",
      ...describeRow(after).slice(2),
    ]),
  ];
}

function describeMoney({currency, underbilled, overbilled, discrepancies, ...others}: MoneyChange): string[][] {
  return [
    [`${currency} underbilled a month`, ...amounts(underbilled)],
    [`${currency} overbilled a month`, ...amounts(overbilled)],
    [`${currency} discrepancies`, ...counts(discrepancies)],
    [`${currency} of them without a price`, ...counts(others.unpriced)],
    [`${currency} lines compared`, ...shares(others.coverageLines)],
    [`${currency} amount compared`, ...shares(others.coverageAmount)],
  ];
}

function amounts({before, after}: Pair): string[] {
  const cents = before === null || after === null ? 0 : toCents(after) - toCents(before);
  return [
    before ?? "unknown",
    after ?? "unknown",
    cents > 0 ? `+${fromCents(cents)}` : cents < 0 ? fromCents(cents) : "",
  ];
}

function counts({before, after}: Pair<number>): string[] {
  return [
    String(before),
    String(after),
    after > before ? `+${after - before}` : after < before ? `${after - before}` : "",
  ];
}

function shares({before, after}: Pair): string[] {
  return [percent(before), percent(after), ""];
}

function describeClient({
  clientName,
  clientId,
  currency,
  underbilled,
  overbilled,
  discrepancies,
}: ClientChange): string[] {
  const moved = <T>({before, after}: Pair<T>): string =>
    before === after ? `${after ?? "unknown"}` : `${before ?? "unknown"} → ${after ?? "unknown"}`;
  return [
    `${clientName} (${clientId})`,
    currency,
    `under ${moved(underbilled)}`,
    `over ${moved(overbilled)}`,
    `discrepancies ${moved(discrepancies)}`,
  ];
}

function describeRow(row: ReconciliationRow): string[] {
  return [
    row.client_name,
    row.service_name ?? row.product_name ?? "(no service)",
    `billed ${plain(row.invoiced_quantity)}, expected ${plain(row.expected_quantity)}`,
    row.impact_monthly === null ? "no price" : `${row.currency} ${row.impact_monthly}`,
    (row.likely_cause ?? "").replaceAll("_", " "),
  ];
}

function plain(quantity: string | null): string {
  return quantity === null ? "unknown" : withoutTrailingZeros(quantity);
}

function section<T>(title: string, items: readonly T[], describe: (item: T) => string[]): string[] {
  if (items.length === 0) return [];
  const lines = inColumns(items.slice(0, shownAtMost).map(describe)).map((line) => `  ${line}`);
  const more = items.length - shownAtMost;
  return ["", `${title}: ${items.length}`, ...lines, ...(more > 0 ? [`  and ${more} more (--json has all)`] : [])];
}
