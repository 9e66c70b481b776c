import {z} from "zod";
import type {BillingCycle} from "../billing.js";
import type {ConnectorContext, Sink} from "../connector.js";
import type {HttpClient} from "../http/client.js";
import {readStream} from "../readStream.js";
import {dateOf, dayAfter, decimalOf, textOf} from "../values.js";
import {list} from "./client.js";
import {contractPrice} from "./prices.js";
import {contractSchema, contractServiceSchema, unitsSchema} from "./schemas.js";

const recurringService = 7;
const activeStatus = 1;

/** By company, where it is not Autotask's own. */
export type Currencies = ReadonlyMap<string, string>;

export interface Line {
  readonly id: string;
  readonly contract: string;
  readonly service: string;
  readonly cycle: BillingCycle;
  price(isForeign: boolean): string | null;
  readonly cost: number | null | undefined;
  readonly description: string | null;
  quantity: number;
  /** The first day of the units that the quantity is of. */
  since: string;
  start: string | null;
  end: string | null;
}

/** Services and bundles have numbers of their own, so a bundle's are marked. */
export const bundle = (id: string) => `bundle-${id}`;
export const agreementOf = (contract: string, cycle: BillingCycle) => `${contract}-${cycle}`;

/** Adds a value to the set of a key. */
export function collect<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): void {
  sets.set(key, (sets.get(key) ?? new Set<Value>()).add(value));
}

/** Reads the services and bundles of contracts with their units of the day, by their id. */
export async function readLines(
  context: ConnectorContext,
  sink: Sink,
  client: HttpClient,
  cycles: ReadonlyMap<string, BillingCycle>,
): Promise<Map<string, Line>> {
  const lines = new Map<string, Line>();
  const today = context.now.toISOString().slice(0, 10);
  for (const [entity, units, idOf] of [
    ["ContractServices", "ContractServiceUnits", String],
    ["ContractServiceBundles", "ContractServiceBundleUnits", bundle],
  ] as const) {
    await readStream(context, sink, {
      name: entity,
      table: "agreement_lines",
      pages: list(client, entity),
      schema: contractServiceSchema.transform((found, issues) => {
        const service = idOf(found.serviceID ?? found.serviceBundleID ?? "");
        const cycle = cycles.get(service);
        if (cycle !== undefined) return {...found, service, cycle};
        issues.addIssue({code: "custom", path: ["serviceID"], message: `expected a service whose period is known`});
        return z.NEVER;
      }),
      toRows: (found) => {
        const {id, contractID, service, cycle, unitCost, invoiceDescription} = found;
        lines.set(idOf(id), {
          id: idOf(id),
          contract: contractID,
          service,
          cycle,
          price: (isForeign) => contractPrice(found, isForeign),
          cost: unitCost,
          description: textOf(invoiceDescription),
          quantity: 0,
          since: "",
          start: null,
          end: null,
        });
        return {};
      },
    });
    await readStream(context, sink, {
      name: units,
      table: "agreement_lines",
      pages: list(client, units),
      schema: unitsSchema,
      toRows: (range) => {
        const line = lines.get(idOf(range.contractServiceID ?? range.contractServiceBundleID ?? ""));
        const start = dateOf(range.startDate);
        const end = dayAfter(range.endDate);
        // Of a line that was quarantined.
        if (line === undefined || start === null || end === null) return {};
        if (start <= today && today < end && start >= line.since) {
          line.quantity = range.units;
          line.since = start;
        }
        if (line.start === null || start < line.start) line.start = start;
        if (line.end === null || end > line.end) line.end = end;
        return {};
      },
    });
  }
  return lines;
}

export async function writeLines(
  sink: Sink,
  lines: ReadonlyMap<string, Line>,
  foreign: ReadonlySet<string>,
): Promise<void> {
  await sink.write(
    "agreement_lines",
    [...lines.values()]
      .filter(({start}) => start !== null)
      .map((line) => ({
        agreement_line_id: line.id,
        agreement_id: agreementOf(line.contract, line.cycle),
        service_id: line.service,
        description: line.description,
        quantity: decimalOf(line.quantity),
        unit_price: line.price(foreign.has(line.contract)),
        unit_cost: foreign.has(line.contract) ? null : decimalOf(line.cost),
        start_date: line.start,
        end_date: line.end,
      })),
    {place: "POST /ContractServices/query"},
  );
}

/** Reads contracts as agreements; returns which are in another currency than Autotask's own. */
export async function readContracts(
  context: ConnectorContext,
  sink: Sink,
  client: HttpClient,
  lines: ReadonlyMap<string, Line>,
  currencies: Currencies,
): Promise<Set<string>> {
  const foreign = new Set<string>();
  const cyclesOf = new Map<string, Set<BillingCycle>>();
  for (const {contract, cycle} of lines.values()) collect(cyclesOf, contract, cycle);
  await readStream(context, sink, {
    name: "Contracts",
    table: "agreements",
    pages: list(client, "Contracts", {op: "eq", field: "contractType", value: recurringService}),
    schema: contractSchema,
    toRows: ({id, companyID, contractName, status, startDate, endDate}) => {
      const currency = currencies.get(companyID) ?? null;
      if (currency !== null) foreign.add(id);
      return {
        agreements: [...(cyclesOf.get(id) ?? (["monthly"] as const))].map((cycle) => ({
          agreement_id: agreementOf(id, cycle),
          client_id: companyID,
          agreement_name: textOf(contractName),
          status: status === activeStatus ? "active" : "cancelled",
          billing_cycle: cycle,
          start_date: dateOf(startDate),
          end_date: dayAfter(endDate),
          currency,
        })),
      };
    },
  });
  return foreign;
}
