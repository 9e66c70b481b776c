import type {CheckedMappings, Decided, ServiceRule} from "./mappingSchemas.js";
import type {Problem} from "./problem.js";
import {findContradictingDecisions} from "./validateDecisions.js";

/** The ids that exist; null where nothing was synced yet, so that nobody can say. */
export interface KnownIds {
  readonly connections: ReadonlySet<string>;
  readonly clients: ReadonlySet<string> | null;
  readonly services: ReadonlySet<string> | null;
  /** Per connection. */
  readonly accounts: ReadonlyMap<string, ReadonlySet<string>>;
  readonly products: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Verdict {
  readonly errors: readonly Problem[];
  /** Worth a look, but no figure is wrong for it: accounts come and go. */
  readonly warnings: readonly Problem[];
}

/** Everything in the mappings that contradicts itself or names what does not exist, as of the given UTC date. */
export function validateMappings(mappings: CheckedMappings, known: KnownIds, asOfDate: string): Verdict {
  const errors = [
    ...findUnknownIds(mappings, known),
    ...findContradictingLinks(mappings),
    ...findContradictingRules(mappings.services),
    ...findQuarrellingIdentityRules(mappings.services, asOfDate),
    ...findContradictingPrices(mappings),
    ...findContradictingDecisions(mappings.decisions, asOfDate),
  ];
  return {errors, warnings: findUnknownAccounts(mappings, known)};
}

function findUnknownIds(
  {clients, services, exclusions, prices, decisions}: CheckedMappings,
  known: KnownIds,
): Problem[] {
  const problems: Problem[] = [];
  const look = (
    file: string,
    line: number,
    column: string,
    value: string | null,
    ids: ReadonlySet<string> | null | undefined,
    where: string,
  ): void => {
    if (value === null || ids === null || ids === undefined || ids.has(value)) return;
    problems.push({
      file,
      line,
      column,
      value,
      message: `${where} has no such id.`,
      remedy: "Correct it, or remove the row.",
    });
  };
  for (const row of clients) {
    look("mappings/clients.csv", row.line, "connection_id", row.connection_id, known.connections, "The workspace");
    look("mappings/clients.csv", row.line, "client_id", row.client_id, known.clients, "The PSA");
  }
  for (const row of services) {
    const file = "mappings/services.csv";
    look(file, row.line, "connection_id", row.connection_id, known.connections, "The workspace");
    look(file, row.line, "service_id", row.service_id, known.services, "The PSA");
    look(file, row.line, "client_id", row.client_id, known.clients, "The PSA");
    for (const id of row.product_ids.split(";").map((part) => part.trim())) {
      if (id !== "*") look(file, row.line, "product_ids", id, known.products.get(row.connection_id), row.connection_id);
    }
  }
  for (const row of exclusions) {
    const file = "mappings/exclusions.csv";
    look(file, row.line, "connection_id", row.connection_id, known.connections, "The workspace");
    look(file, row.line, "product_id", row.product_id, known.products.get(row.connection_id), row.connection_id);
  }
  for (const row of prices) {
    look("mappings/prices.csv", row.line, "service_id", row.service_id, known.services, "The PSA");
    look("mappings/prices.csv", row.line, "client_id", row.client_id, known.clients, "The PSA");
  }
  for (const row of decisions) {
    const file = "mappings/decisions.csv";
    look(file, row.line, "client_id", row.client_id, known.clients, "The PSA");
    look(file, row.line, "service_id", row.service_id, known.services, "The PSA");
    look(file, row.line, "connection_id", row.connection_id, known.connections, "The workspace");
    if (row.connection_id !== null) {
      look(file, row.line, "product_id", row.product_id, known.products.get(row.connection_id), row.connection_id);
    }
  }
  return problems;
}

function findUnknownAccounts({clients, exclusions}: CheckedMappings, known: KnownIds): Problem[] {
  const named = [
    ...clients.map((row) => ({...row, file: "mappings/clients.csv"})),
    ...exclusions.map((row) => ({...row, file: "mappings/exclusions.csv"})),
  ];
  return named.flatMap(({file, line, connection_id, account_id}) => {
    const ids = known.accounts.get(connection_id);
    if (account_id === null || ids === undefined || ids.has(account_id)) return [];
    return [
      {
        file,
        line,
        column: "account_id",
        value: account_id,
        message: `${connection_id} no longer has this account.`,
      },
    ];
  });
}

function findContradictingLinks({clients}: CheckedMappings): Problem[] {
  const problems: Problem[] = [];
  const file = "mappings/clients.csv";
  const seen = new Map<string, number>();
  for (const {connection_id, account_id, client_id, status, line} of clients) {
    const key = JSON.stringify([connection_id, account_id]);
    const first = seen.get(key);
    if (first !== undefined) {
      problems.push({
        file,
        line,
        column: "account_id",
        value: account_id,
        message: `line ${first} decides about this account already.`,
        remedy: "An account belongs to one client or to none: keep one of the rows.",
      });
    } else seen.set(key, line);
    if (status === "confirmed" && client_id === null) {
      problems.push({
        file,
        line,
        column: "client_id",
        message: "a confirmed account needs a client.",
      });
    }
  }
  return problems;
}

function findContradictingRules(services: CheckedMappings["services"]): Problem[] {
  const problems: Problem[] = [];
  const file = "mappings/services.csv";
  const seen = new Map<string, number>();
  for (const {rule_id, line, multiplier, minimum, maximum, valid_from, valid_to} of services) {
    const first = seen.get(rule_id);
    if (first !== undefined) {
      problems.push({
        file,
        line,
        column: "rule_id",
        value: rule_id,
        message: `line ${first} has the same rule id.`,
      });
    } else seen.set(rule_id, line);
    for (const [column, value] of Object.entries({
      multiplier,
      minimum,
      maximum,
    })) {
      if (value?.startsWith("-"))
        problems.push({
          file,
          line,
          column,
          value,
          message: "must not be negative.",
        });
    }
    if (minimum !== null && maximum !== null && Number(minimum) > Number(maximum)) {
      problems.push({
        file,
        line,
        column: "maximum",
        value: maximum,
        message: `is less than the minimum ${minimum}.`,
      });
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

/** Rules that count identities for one service and client make one group, so their arithmetic must agree. */
function findQuarrellingIdentityRules(services: CheckedMappings["services"], asOfDate: string): Problem[] {
  const rules = services.filter(
    ({count, status, valid_from, valid_to}) =>
      count === "identities" &&
      status !== "off" &&
      (valid_from === null || valid_from <= asOfDate) &&
      (valid_to === null || asOfDate < valid_to),
  );
  const problems: Problem[] = [];
  for (const [index, rule] of rules.entries()) {
    const other = rules
      .slice(0, index)
      .find((earlier) => share(earlier, rule) && arithmetic(earlier) !== arithmetic(rule));
    if (other === undefined) continue;
    problems.push({
      file: "mappings/services.csv",
      line: rule.line,
      column: "rule_id",
      value: rule.rule_id,
      message: `counts identities for ${rule.service_id} together with ${other.rule_id} (line ${other.line}), but multiplier, minimum or maximum differ.`,
      remedy: "Give both rules the same three values: they are applied to the people of both together.",
    });
  }
  return problems;
}

/** Whether two rules can hold for one client: a client's own replaces the global one of the same connection. */
function share(a: Decided<ServiceRule>, b: Decided<ServiceRule>): boolean {
  if (a.service_id !== b.service_id) return false;
  if (a.client_id !== null && b.client_id !== null) return a.client_id === b.client_id;
  if (a.client_id === null && b.client_id === null) return true;
  return a.connection_id !== b.connection_id;
}

function arithmetic({multiplier, minimum, maximum}: ServiceRule): string {
  return [multiplier ?? "1", minimum, maximum].map((value) => (value === null ? "" : String(Number(value)))).join("/");
}

function findContradictingPrices({prices}: CheckedMappings): Problem[] {
  const seen = new Map<string, number>();
  const problems: Problem[] = [];
  for (const {service_id, client_id, currency, valid_from, line} of prices) {
    const key = JSON.stringify([service_id, client_id, currency, valid_from]);
    const first = seen.get(key);
    if (first !== undefined) {
      problems.push({
        file: "mappings/prices.csv",
        line,
        column: "service_id",
        value: service_id,
        message: `line ${first} has a price for the same service, client, currency and day.`,
      });
    } else seen.set(key, line);
  }
  return problems;
}
