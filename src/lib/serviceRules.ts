import type {CsvRow} from "./csvText.js";
import {day} from "./format.js";
import type {MappingDraft} from "./mappingDraft.js";
import {mappingFile} from "./mappingTables.js";
import {covers, itemsOf, type RuleNames} from "./readRule.js";
import {rowsOf, type Table} from "./rows.js";

type Text = string | null;

/** Data of the service mapping page, as the build writes it. */
export interface ServiceMappingData {
  readonly connections: Table;
  readonly products: Table;
  readonly kinds: Table;
  readonly services: Table;
  readonly counts: Table;
  readonly rules: Table;
  readonly clients: Table;
  readonly presets: readonly Preset[];
}

/** A way in which services over an integration's products are usually billed: fields of a rule, and when to offer them. */
export interface Preset {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly connectors: readonly string[];
  readonly when: {
    readonly product_units: readonly string[];
    readonly service_units: readonly string[];
    readonly kinds?: readonly string[];
  };
  readonly rule: Readonly<Record<string, Text>>;
}

export interface Connection {
  readonly connection_id: string;
  readonly connector: string;
  /** Null if it was never read. */
  readonly last_success_at: Text;
}

export interface Product {
  readonly connection_id: string;
  readonly product_id: string;
  readonly product_name: Text;
  readonly unit: Text;
  readonly is_trial: string;
  /** Deleted ones left out. */
  readonly seats: string;
  /** Seats of accounts that belong to no client. */
  readonly unlinked: string;
  /** Units that no rule covers; null for none. */
  readonly unaccounted: Text;
  readonly unaccounted_clients: Text;
  readonly suggested_service_id: Text;
  readonly score: Text;
  readonly evidence: Text;
}

export interface SeatKind {
  readonly connection_id: string;
  readonly product_id: string;
  readonly kind: Text;
  readonly status: string;
  readonly seats: string;
}

export interface Service {
  readonly service_id: string;
  readonly service_name: string;
  readonly unit: Text;
  /** Units billed now. */
  readonly billed: string;
  readonly clients: string;
}

export interface RuleCount {
  readonly rule_id: string;
  readonly product_id: string;
  readonly counted: string;
  readonly clients: string;
}

export interface RuleState {
  readonly rule_id: string;
  readonly is_in_force: string;
  /** Clients that it counts anything for. */
  readonly clients: string;
}

export interface ServiceMapping {
  readonly connections: readonly Connection[];
  readonly products: readonly Product[];
  readonly kinds: readonly SeatKind[];
  readonly services: readonly Service[];
  readonly counts: readonly RuleCount[];
  readonly states: ReadonlyMap<string, RuleState>;
  readonly clients: readonly {readonly client_id: string; readonly client_name: string; readonly status: string}[];
  readonly presets: readonly Preset[];
  readonly names: RuleNames;
}

export const servicesFile = mappingFile("services");

/** Why a product is left out as a whole, whoever uses it: a sentence for each exclusion. A rule for it would count nothing. */
export function whyLeftOut(draft: MappingDraft, {connection_id, product_id}: Product): string[] {
  return draft
    .rows(mappingFile("exclusions"))
    .filter((row) => row.connection_id === connection_id && !row.account_id && !row.seat_id)
    .filter((row) => !row.product_id || row.product_id === product_id)
    .map(({expires_on, reason}) => `left out${expires_on ? ` until ${day(expires_on)}` : ""}: ${reason}`);
}

export function readServiceMapping(data: ServiceMappingData): ServiceMapping {
  const products = rowsOf<Product>(data.products);
  const clients = rowsOf<ServiceMapping["clients"][number]>(data.clients);
  const productNames = new Map(products.map((row) => [`${row.connection_id} ${row.product_id}`, row.product_name]));
  const clientNames = new Map(clients.map((row) => [row.client_id, row.client_name]));
  return {
    connections: rowsOf<Connection>(data.connections),
    products,
    kinds: rowsOf<SeatKind>(data.kinds),
    services: rowsOf<Service>(data.services),
    counts: rowsOf<RuleCount>(data.counts),
    states: new Map(rowsOf<RuleState>(data.rules).map((row) => [row.rule_id, row])),
    clients,
    presets: data.presets,
    names: {
      product: (connectionId, productId) => productNames.get(`${connectionId} ${productId}`) ?? productId,
      client: (clientId) => clientNames.get(clientId) ?? clientId,
    },
  };
}

/** `["R01", "R37"]` → `R38`; the first is `R01`. */
export function nextRuleId(rules: readonly CsvRow[]): string {
  const numbers = rules.map(({rule_id}) => Number(/^R(\d+)$/.exec(rule_id ?? "")?.[1] ?? 0));
  return `R${String(Math.max(0, ...numbers) + 1).padStart(2, "0")}`;
}

/** How services over these products are usually billed, for a service of this unit. Without a service, all that fit. */
export function presetsFor(
  mapping: ServiceMapping,
  products: readonly Product[],
  service: Service | undefined,
): Preset[] {
  const [first] = products;
  if (first === undefined) return [];
  const connector =
    mapping.connections.find(({connection_id}) => connection_id === first.connection_id)?.connector ?? "";
  const isAmong = (list: readonly string[], value: Text): boolean => value === null || list.includes(value);
  const kinds = new Set(seatKindsOf(mapping, products).map(({kind}) => kind));
  return mapping.presets.filter(
    ({connectors, when}) =>
      connectors.includes(connector) &&
      products.every(({unit}) => isAmong(when.product_units, unit)) &&
      (service === undefined || isAmong(when.service_units, service.unit)) &&
      (when.kinds ?? []).every((kind) => kinds.has(kind)),
  );
}

/** The fields of a rule that a preset decides, as cells: those that it leaves open are emptied. */
export function presetFields({rule}: Preset): CsvRow {
  const columns = ["kinds", "statuses", "count", "multiplier", "minimum", "maximum"];
  return Object.fromEntries(columns.map((column) => [column, rule[column] ?? ""]));
}

/** Products that a rule names, `*` spelled out. */
export function productsOf(mapping: ServiceMapping, rule: CsvRow): Product[] {
  return mapping.products.filter((product) => covers(rule, product));
}

function seatKindsOf({kinds}: ServiceMapping, products: readonly Product[]): SeatKind[] {
  const wanted = new Set(products.map(({connection_id, product_id}) => `${connection_id} ${product_id}`));
  return kinds.filter(({connection_id, product_id}) => wanted.has(`${connection_id} ${product_id}`));
}

/** Seats of a rule's products, and those of them that its kinds and statuses let through. */
export function seatsPassing(mapping: ServiceMapping, rule: CsvRow): {seats: number; passing: number} {
  const kinds = itemsOf(rule.kinds).map((kind) => kind.toLowerCase());
  const statuses = itemsOf(rule.statuses || "active").map((status) => status.toLowerCase());
  let seats = 0;
  let passing = 0;
  for (const group of seatKindsOf(mapping, productsOf(mapping, rule))) {
    seats += Number(group.seats);
    const isKind = kinds.length === 0 || (group.kind !== null && kinds.includes(group.kind));
    if (isKind && statuses.includes(group.status)) passing += Number(group.seats);
  }
  return {seats, passing};
}

/** Whether a rule says enough to be kept. */
export function isComplete(rule: CsvRow): boolean {
  return ["rule_id", "service_id", "connection_id", "product_ids"].every((column) => (rule[column] ?? "") !== "");
}

/** Whether a rule is new or changed in the draft. */
export function ruleEdit(rule: CsvRow, draft: MappingDraft) {
  return draft.editOf(servicesFile, rule);
}
