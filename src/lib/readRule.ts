import type {CsvRow} from "./csvText.js";
import {day, dayBefore, multiplied, quantity} from "./format.js";

/** Names for the ids of a rule; an id without a name is shown as it is. */
export interface RuleNames {
  readonly product: (connectionId: string, productId: string) => string;
  readonly client: (clientId: string) => string;
}

const kindWords: Readonly<Record<string, string>> = {
  user: "users",
  device: "devices",
  mailbox: "mailboxes",
  shared_mailbox: "shared mailboxes",
  server: "servers",
  workstation: "workstations",
  backup: "backups",
  other: "other seats",
};

/**
 * A rule of services.csv in plain words: `Counts active workstations and servers of every product in rmm, at least 5.`
 * Amounts that are no numbers yet are left out.
 */
export function readRule(rule: CsvRow, names: RuleNames): string {
  const connection = rule.connection_id || "an integration still to be chosen";
  const products = productNames(rule, names);
  const parts = [
    `${rule.status === "off" ? "Turned off. Would count" : "Counts"} ${counted(rule)} of ${products} in ${connection}`,
    isNumber(rule.multiplier) && Number(rule.multiplier) !== 1 ? multiplied(rule.multiplier) : null,
    isNumber(rule.minimum) ? `at least ${quantity(rule.minimum)}` : null,
    isNumber(rule.maximum) ? `at most ${quantity(rule.maximum)}` : null,
    rule.client_id ? `for ${names.client(rule.client_id)} only, in place of the rules for everybody` : null,
    isDay(rule.valid_from) ? `from ${day(rule.valid_from)}` : null,
    isDay(rule.valid_to) ? `until ${dayBefore(rule.valid_to)}` : null,
  ];
  return `${parts.filter((part) => part !== null).join(", ")}.`;
}

/** Whether a rule names a product, in force or not. */
export function covers(
  rule: {readonly connection_id?: string; readonly product_ids?: string},
  {connection_id, product_id}: {readonly connection_id: string; readonly product_id: string},
): boolean {
  const ids = itemsOf(rule.product_ids);
  return rule.connection_id === connection_id && (ids.includes("*") || ids.includes(product_id));
}

/** Items of a list in a cell: `"a; b"` → `["a", "b"]`. */
export function itemsOf(list: string | undefined): string[] {
  return (list ?? "")
    .split(";")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** `a, b and c`, and `a, b or c`. */
const allOf = new Intl.ListFormat("en-GB");
const oneOf = new Intl.ListFormat("en-GB", {type: "disjunction"});

const totals: Readonly<Record<string, string>> = {
  purchased: "the number purchased",
  assigned: "the number assigned",
  active: "the number in active use",
  reported: "the amount that the vendor reports",
};

function counted({count = "", kinds, statuses}: CsvRow): string {
  const total = totals[count];
  if (total !== undefined) return total;
  const seats = allOf.format(itemsOf(kinds).map((kind) => kindWords[kind.toLowerCase()] ?? kind)) || "seats";
  const states = oneOf.format(itemsOf(statuses).map((status) => status.toLowerCase())) || "active";
  return count === "identities" ? `each person once among the ${states} ${seats}` : `${states} ${seats}`;
}

function productNames({connection_id = "", product_ids}: CsvRow, names: RuleNames): string {
  const ids = itemsOf(product_ids);
  if (ids.length === 0) return "products still to be chosen";
  return ids[0] === "*" ? "every product" : allOf.format(ids.map((id) => names.product(connection_id, id)));
}

function isNumber(text: string | undefined): text is string {
  return /^\+?(\d+(\.\d*)?|\.\d+)$/.test(text ?? "");
}

function isDay(text: string | undefined): text is string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text ?? "");
}
