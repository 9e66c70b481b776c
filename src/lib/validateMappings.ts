import Big from "big.js";
import type {CheckedMappings, ServiceRule} from "./mappingSchemas.js";
import {mappingFile} from "./mappingTables.js";
import type {Problem} from "./problem.js";
import {itemsOf} from "./readRule.js";
import {findContradictingDecisions} from "./validateDecisions.js";

/** The ids that exist; null where nothing was synced yet, so that nobody can say. */
export interface KnownIds {
  /** The connections that mappings may name: what the PSA bills is mapped to nothing. */
  readonly integrations: ReadonlySet<string>;
  readonly clients: ReadonlySet<string> | null;
  readonly services: ReadonlySet<string> | null;
  /** Per connection. */
  readonly accounts: ReadonlyMap<string, ReadonlySet<string>>;
  readonly products: ReadonlyMap<string, ReadonlySet<string>>;
  /** Those that existed once: a product that a vendor gives up must not stop the night's run, as a mistyped one must. */
  readonly former?: FormerIds;
}

export type FormerIds = Pick<KnownIds, "clients" | "services" | "products">;

export interface Verdict {
  readonly errors: readonly Problem[];
  /** Worth a look, but no figure is wrong for it: accounts, products, services and clients come and go. */
  readonly warnings: readonly Problem[];
}

/** Everything in the mappings that contradicts itself or names what does not exist, as of the given UTC date. */
export function validateMappings(mappings: CheckedMappings, known: KnownIds, asOfDate: string): Verdict {
  const unknown = findUnknownIds(mappings, known, asOfDate);
  const errors = [
    ...unknown.errors,
    ...findContradictingLinks(mappings),
    ...findContradictingRules(mappings.services),
    ...findQuarrellingIdentityRules(mappings.services, asOfDate),
    ...findContradictingPrices(mappings),
    ...findContradictingDecisions(mappings.decisions, asOfDate),
  ];
  return {errors, warnings: [...unknown.warnings, ...findUnknownAccounts(mappings, known)]};
}

/** A row of a mapping file by the ids that it names. */
interface NamingRow {
  readonly file: string;
  readonly line: number;
  readonly connection_id?: string | null;
  readonly client_id?: string | null;
  readonly service_id?: string | null;
  readonly products?: readonly (string | null)[];
  /** Where the products stand. */
  readonly column?: string;
  /** Nothing follows from the row if what it names is not there. */
  readonly isIdle?: boolean;
}

interface NamedId {
  readonly kind: "connection" | "client" | "service" | "product";
  readonly value: string;
  /** Of a product. */
  readonly connectionId?: string;
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly isIdle: boolean;
}

/** Every id that the mappings name, besides those of accounts and seats. From rows that are off or over nothing follows. */
function namedIds({clients, services, exclusions, prices, decisions}: CheckedMappings, asOfDate: string): NamedId[] {
  const rows: NamingRow[] = [
    ...clients.map(({line, connection_id, client_id}) => ({file: "clients", line, connection_id, client_id})),
    ...services.map(({line, connection_id, service_id, client_id, product_ids, status, valid_to}) => {
      const covered = {column: "product_ids", products: itemsOf(product_ids).filter((id) => id !== "*")};
      const isIdle = isOver({status, valid_to}, asOfDate);
      return {file: "services", line, connection_id, service_id, client_id, ...covered, isIdle};
    }),
    ...exclusions.map(({line, connection_id, product_id, expires_on}) => {
      const isIdle = expires_on !== null && expires_on < asOfDate;
      return {file: "exclusions", line, connection_id, products: [product_id], isIdle};
    }),
    ...prices.map(({line, service_id, client_id}) => ({file: "prices", line, service_id, client_id})),
    ...decisions.map(({line, client_id, service_id, connection_id, product_id}) => {
      return {file: "decisions", line, client_id, service_id, connection_id, products: [product_id], isIdle: true};
    }),
  ];
  return rows.flatMap(idsOfRow);
}

function idsOfRow(row: NamingRow): NamedId[] {
  const {file, line, connection_id, client_id, service_id, products = [], column = "product_id", isIdle = false} = row;
  const place = {file: `mappings/${file}.csv`, line, isIdle};
  const ids = [
    {kind: "connection", column: "connection_id", value: connection_id},
    {kind: "service", column: "service_id", value: service_id},
    {kind: "client", column: "client_id", value: client_id},
    ...(connection_id == null
      ? []
      : products.map((value) => ({kind: "product", column, value, connectionId: connection_id}))),
  ] as const;
  return ids.flatMap(({value, ...id}) => (value == null ? [] : [{...place, ...id, value} as NamedId]));
}

/** The ids that valid mappings name, and so once existed; of rows from which nothing follows they may never have been. */
export function formerIds(mappings: CheckedMappings, asOfDate: string): FormerIds {
  const named = namedIds(mappings, asOfDate).filter(({isIdle}) => !isIdle);
  const valuesOf = (kind: NamedId["kind"]) => new Set(named.filter((id) => id.kind === kind).map(({value}) => value));
  const products = new Map<string, Set<string>>();
  for (const {connectionId, value} of named) {
    if (connectionId === undefined) continue;
    products.set(connectionId, (products.get(connectionId) ?? new Set()).add(value));
  }
  return {clients: valuesOf("client"), services: valuesOf("service"), products};
}

function findUnknownIds(mappings: CheckedMappings, known: KnownIds, asOfDate: string): Verdict {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  for (const id of namedIds(mappings, asOfDate)) {
    const {kind, value, connectionId, isIdle, file, line, column} = id;
    const ids = idsOf(known, id);
    if (ids == null || ids.has(value)) continue;
    const where = kind === "connection" ? "The workspace" : (connectionId ?? "The PSA");
    const isFormer = known.former !== undefined && idsOf(known.former, id)?.has(value) === true;
    if (isFormer) {
      // Decisions and rules that are over stay as they are when what they were about goes away.
      if (!isIdle) warnings.push({file, line, column, value, message: `${where} no longer has this ${kind}.`});
    } else {
      const message = `${where} has no such ${kind === "connection" ? "integration" : "id"}.`;
      (isIdle ? warnings : errors).push({
        file,
        line,
        column,
        value,
        message,
        remedy: "Correct it, or remove the row.",
      });
    }
  }
  return {errors, warnings};
}

/** The ids of a kind; undefined where nobody can say. A workspace has no former integrations. */
function idsOf(ids: FormerIds & Partial<Pick<KnownIds, "integrations">>, {kind, connectionId}: NamedId) {
  if (connectionId !== undefined) return ids.products.get(connectionId);
  if (kind === "connection") return ids.integrations;
  return kind === "client" ? ids.clients : ids.services;
}

function findUnknownAccounts({clients, exclusions}: CheckedMappings, known: KnownIds): Problem[] {
  const named = [
    ...clients.map((row) => ({...row, file: mappingFile("clients")})),
    ...exclusions.map((row) => ({...row, file: mappingFile("exclusions")})),
  ];
  return named.flatMap(({file, line, connection_id, account_id}) => {
    const ids = known.accounts.get(connection_id);
    if (account_id === null || ids === undefined || ids.has(account_id)) return [];
    const message = `${connection_id} lists no such account: it is gone, or mistyped.`;
    return [{file, line, column: "account_id", value: account_id, message}];
  });
}

/** A problem for each row whose key an earlier one has, made of both. */
function findRepeated<T extends {readonly line: number}>(
  rows: readonly T[],
  keyOf: (row: T) => unknown,
  describe: (row: T, firstLine: number) => Problem,
): Problem[] {
  const lines = new Map<string, number>();
  return rows.flatMap((row) => {
    const key = JSON.stringify(keyOf(row));
    const first = lines.get(key);
    if (first !== undefined) return [describe(row, first)];
    lines.set(key, row.line);
    return [];
  });
}

function findContradictingLinks({clients}: CheckedMappings): Problem[] {
  const file = mappingFile("clients");
  return [
    ...findRepeated(
      clients,
      ({connection_id, account_id}) => [connection_id, account_id],
      ({line, account_id}, first) => ({
        file,
        line,
        column: "account_id",
        value: account_id,
        message: `line ${first} decides about this account already.`,
        remedy: "An account belongs to one client or to none: keep one of the rows.",
      }),
    ),
    ...clients
      .filter(({status, client_id}) => status === "confirmed" && client_id === null)
      .map(({line}) => ({file, line, column: "client_id", message: "a confirmed account needs a client."})),
  ];
}

function findContradictingRules(services: CheckedMappings["services"]): Problem[] {
  const file = mappingFile("services");
  const problems = findRepeated(
    services,
    ({rule_id}) => rule_id,
    ({line, rule_id}, first) => ({
      file,
      line,
      column: "rule_id",
      value: rule_id,
      message: `line ${first} has the same rule id.`,
    }),
  );
  for (const {line, multiplier, minimum, maximum, valid_from, valid_to} of services) {
    for (const [column, value] of Object.entries({multiplier, minimum, maximum})) {
      if (value?.startsWith("-")) problems.push({file, line, column, value, message: "must not be negative."});
    }
    if (minimum !== null && maximum !== null && exact(minimum).gt(exact(maximum))) {
      const message = `is less than the minimum ${minimum}.`;
      problems.push({file, line, column: "maximum", value: maximum, message});
    }
    if (valid_from !== null && valid_to !== null && valid_from >= valid_to) {
      problems.push({
        file,
        line,
        column: "valid_to",
        value: valid_to,
        message: `is not after valid_from ${valid_from}.`,
        remedy: "valid_to is the first day on which the rule no longer holds.",
      });
    }
  }
  return problems;
}

/** Whether a rule holds no more. */
function isOver({status, valid_to}: Pick<ServiceRule, "status" | "valid_to">, asOfDate: string): boolean {
  return status === "off" || (valid_to !== null && valid_to <= asOfDate);
}

/** Rules that count identities for one service and client make one group, so their arithmetic must agree. */
function findQuarrellingIdentityRules(services: CheckedMappings["services"], asOfDate: string): Problem[] {
  const inForce = services.filter(
    (rule) => !isOver(rule, asOfDate) && (rule.valid_from === null || rule.valid_from <= asOfDate),
  );
  const rules = inForce.filter(({count}) => count === "identities");
  const problems: Problem[] = [];
  for (const [index, rule] of rules.entries()) {
    const other = rules
      .slice(0, index)
      .find((earlier) => arithmetic(earlier) !== arithmetic(rule) && share(earlier, rule, inForce));
    if (other === undefined) continue;
    problems.push({
      file: mappingFile("services"),
      line: rule.line,
      column: "rule_id",
      value: rule.rule_id,
      message: `counts identities for ${rule.service_id} together with ${other.rule_id} (line ${other.line}), but multiplier, minimum or maximum differ.`,
      remedy: "Give both rules the same three values: they are applied to the people of both together.",
    });
  }
  return problems;
}

/** Whether two rules can hold for one client: rules of its own replace the global ones of the same connection. */
function share(a: ServiceRule, b: ServiceRule, inForce: readonly ServiceRule[]): boolean {
  if (a.service_id !== b.service_id) return false;
  if (a.client_id !== null && b.client_id !== null) return a.client_id === b.client_id;
  if (a.client_id === null && b.client_id === null) return true;
  const [global, own] = a.client_id === null ? [a, b] : [b, a];
  return !inForce.some(
    ({service_id, client_id, connection_id}) =>
      service_id === own.service_id && client_id === own.client_id && connection_id === global.connection_id,
  );
}

function arithmetic({multiplier, minimum, maximum}: ServiceRule): string {
  return [multiplier ?? "1", minimum, maximum]
    .map((value) => (value === null ? "" : exact(value).toString()))
    .join("/");
}

function exact(decimal: string): Big {
  return new Big(decimal.replace("+", ""));
}

function findContradictingPrices({prices}: CheckedMappings): Problem[] {
  return findRepeated(
    prices,
    ({service_id, client_id, currency, valid_from}) => [service_id, client_id, currency, valid_from],
    ({line, service_id}, first) => ({
      file: mappingFile("prices"),
      line,
      column: "service_id",
      value: service_id,
      message: `line ${first} has a price for the same service, client, currency and day.`,
    }),
  );
}
