import type {Draft, Row} from "./draft.js";
import {cents, money, sum} from "./money.js";
import {unaccounted} from "./plants.js";

/** Adds up what was planted, by client and by currency. */
export function addTotals(draft: Draft): void {
  const {answers, month} = draft;
  answers.clients.push(...clientTotals(billedCurrencies(draft), answers.discrepancies));
  answers.summary.push(...currencyTotals(answers.clients, month));
}

/** Each client with the currencies that its active agreements were last invoiced in, or are in where they never were. */
function billedCurrencies({rows}: Draft): Row[] {
  const newest = (rows["imports/psa/invoices"] ?? []).filter(({status}) => status === "sent");
  return (rows["imports/psa/agreements"] ?? [])
    .filter(({status}) => status === "active")
    .map(({agreement_id, client_id = null, currency = null}) => ({
      client_id,
      currency: newest.find((invoice) => invoice.agreement_id === agreement_id)?.currency ?? currency,
    }));
}

/** What is found for each client in each currency that it is billed in; nothing found is a row as well. */
function clientTotals(agreements: readonly Row[], discrepancies: readonly Row[]): Row[] {
  const billed = new Map(
    agreements.map(({client_id, currency}) => [JSON.stringify([client_id, currency]), {client_id, currency}]),
  );
  return [...billed.values()].map(({client_id = null, currency = null}) => {
    const own = discrepancies.filter((one) => one.client_id === client_id && one.currency === currency);
    const impacts = own.map(({impact_monthly}) => cents(impact_monthly));
    const under = sum(impacts.filter((impact) => impact > 0));
    const over = -sum(impacts.filter((impact) => impact < 0));
    return {
      client_id,
      currency,
      discrepancy_count: own.length,
      unpriced_count: own.filter(({impact_monthly}) => impact_monthly === null).length,
      underbilled_monthly: money(under),
      overbilled_monthly: money(over),
      net_monthly: money(under - over),
      absolute_monthly: money(under + over),
    };
  });
}

function currencyTotals(clients: readonly Row[], month: number): Row[] {
  return [...new Set(clients.map(({currency}) => String(currency)))].map((currency) => {
    const own = clients.filter((client) => client.currency === currency);
    const total = (column: string): number => sum(own.map((client) => cents(client[column])));
    return {
      currency,
      clients_discrepant: own.filter(({discrepancy_count}) => discrepancy_count !== 0).length,
      discrepancy_count: sum(own.map(({discrepancy_count}) => Number(discrepancy_count))),
      unpriced_count: sum(own.map(({unpriced_count}) => Number(unpriced_count))),
      underbilled_monthly: money(total("underbilled_monthly")),
      overbilled_monthly: money(total("overbilled_monthly")),
      net_monthly: money(total("net_monthly")),
      unlinked_accounts: 2,
      unaccounted_seats: sum(unaccounted.filter(({since}) => since <= month).map(({seats}) => seats)),
    };
  });
}
