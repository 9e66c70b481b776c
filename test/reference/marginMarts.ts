import type {Row} from "./calculate.js";
import {groupBy} from "./given.js";
import {type Licence, sumOfKnown} from "./licences.js";
import {figuresOf, type LicenceFigures, type Margin, type MarginRow, marginOf, stateOf, totalMargin} from "./margin.js";
import {divide, format, isZero, type Rational, round, subtract, zero} from "./rational.js";
import type {Given, Product} from "./rows.js";

/** The marts that speak of cost and margin, ids of rows left out. */
export function marginMarts(given: Given, margin: Margin): Record<string, Row[]> {
  const licences = margin.licences.map((licence) => ({licence, figures: figuresOf(margin, licence)}));
  const clients = [...given.clients.keys()].flatMap((clientId) => clientTotals(given, margin, clientId, licences));
  return {
    margin: margin.rows.map((row) => marginRow(given, row)),
    margin_clients: clients.map((client) => ({
      client_id: client.clientId,
      client_name: given.clients.get(client.clientId)?.name ?? null,
      currency: client.currency,
      ...totalsRow([client]),
    })),
    margin_summary: [...groupBy(clients, ({currency}) => currency)].map(([currency, own]) => ({
      currency,
      clients_total: String(own.length),
      ...totalsRow(own),
    })),
    licences: licences.map(({licence, figures}) => licenceRow(given, licence, figures)),
    products: given.products.map((product) => ({
      connection_id: product.connectionId,
      product_id: product.id,
      unit: product.unit,
      unit_cost: price(product.unitCost),
    })),
    services: [...given.services.values()].map(({id, unit, unitCost}) => ({
      service_id: id,
      unit,
      unit_cost: price(unitCost),
    })),
  };
}

interface ClientTotals {
  readonly clientId: string;
  readonly currency: string;
  readonly rows: readonly MarginRow[];
  readonly unassigned: Rational | null;
  readonly unbilled: Rational | null;
}

type Described = {readonly licence: Licence; readonly figures: LicenceFigures};

/** One per currency of its rows, and one for what of its licences is unused. */
function clientTotals(given: Given, margin: Margin, clientId: string, licences: readonly Described[]): ClientTotals[] {
  const own = margin.rows.filter((row) => row.clientId === clientId);
  const figures = licences.filter(({licence}) => licence.clientId === clientId).map((one) => one.figures);
  const unassigned = sumOfKnown(figures.map(({unassignedCost}) => unassignedCost));
  const unbilled = sumOfKnown(figures.map(({unbilledCost}) => unbilledCost));
  const currencies = new Set(own.map(({currency}) => currency));
  if (!isZero(unassigned ?? zero) || !isZero(unbilled ?? zero)) currencies.add(given.currency);
  return [...currencies].map((currency) => ({
    clientId,
    currency,
    rows: own.filter((row) => row.currency === currency),
    unassigned: currency === given.currency ? unassigned : null,
    unbilled: currency === given.currency ? unbilled : null,
  }));
}

function marginRow(given: Given, row: MarginRow): Row {
  const {product, serviceId} = row;
  const margin = marginOf(row);
  return {
    client_id: row.clientId,
    client_name: given.clients.get(row.clientId)?.name ?? null,
    service_id: serviceId,
    service_name: given.services.get(serviceId ?? "")?.name ?? null,
    connection_id: product?.connectionId ?? null,
    product_id: product?.id ?? null,
    product_name: product?.name ?? null,
    currency: row.currency,
    is_billed: row.isBilled,
    invoiced_quantity: format(row.invoiced, 4),
    used_quantity: quantity(row.used),
    revenue_monthly: amount(row.revenue),
    cost_monthly: amount(row.cost),
    cost_basis: row.basis,
    margin_monthly: amount(margin),
    margin_share: share(margin, row.revenue),
    margin_state: stateOf(row),
    costed_products: names(row.costed),
    uncosted_products: names(row.uncosted),
  };
}

function names(products: readonly Product[]): string | null {
  return [...new Set(products.map(({name}) => name))].sort().join("; ") || null;
}

function totalsRow(clients: readonly ClientTotals[]): Row {
  const totals = totalMargin(clients.flatMap(({rows}) => rows));
  const {costedRevenue, cost} = totals;
  const margin = costedRevenue === null || cost === null ? null : subtract(costedRevenue, cost);
  return {
    revenue_monthly: amount(totals.revenue),
    costed_revenue_monthly: amount(costedRevenue),
    cost_monthly: amount(cost),
    margin_monthly: amount(margin),
    margin_share: share(margin, costedRevenue),
    uncosted_revenue_monthly: amount(totals.uncostedRevenue),
    uncosted_share: share(totals.uncostedRevenue, totals.revenue),
    not_billed_monthly: amount(totals.notBilled),
    below_cost_count: String(totals.belowCost),
    below_cost_monthly: amount(totals.belowCostAmount),
    unassigned_monthly: amount(sumOfKnown(clients.map(({unassigned}) => unassigned))),
    unbilled_monthly: amount(sumOfKnown(clients.map(({unbilled}) => unbilled))),
  };
}

function licenceRow(given: Given, licence: Licence, figures: LicenceFigures): Row {
  const {clientId, product, commitmentEnd} = licence;
  const services = licence.feeds.map(({serviceId}) => serviceId);
  return {
    client_id: clientId,
    client_name: given.clients.get(clientId)?.name ?? null,
    connection_id: product.connectionId,
    product_id: product.id,
    product_name: product.name,
    supplier_ids: licence.supplierIds.join(";") || null,
    service_ids: services.join(";") || null,
    service_names:
      services
        .map((id) => given.services.get(id)?.name ?? id)
        .sort()
        .join("; ") || null,
    currency: given.currency,
    purchased_quantity: quantity(licence.purchased),
    used_quantity: quantity(licence.used),
    billed_quantity: quantity(figures.billed),
    unassigned_quantity: quantity(licence.unassigned),
    unbilled_quantity: quantity(figures.unbilled),
    charged_quantity: quantity(figures.charged.units),
    charged_by: figures.charged.by,
    unit_cost: price(figures.unitCost),
    cost_basis: figures.basis,
    cost_monthly: amount(figures.cost),
    unassigned_monthly: amount(figures.unassignedCost),
    unbilled_monthly: amount(figures.unbilledCost),
    revenue_monthly: amount(figures.revenue),
    margin_monthly: amount(marginOf(figures)),
    commitment_end: commitmentEnd,
    is_committed: commitmentEnd !== null && given.day < commitmentEnd,
  };
}

function share(part: Rational | null, whole: Rational | null): string | null {
  return part === null || whole === null || isZero(whole) ? null : format(round(divide(part, whole), 6), 6);
}

function amount(value: Rational | null): string | null {
  return value === null ? null : format(value, 2);
}

function quantity(value: Rational | null): string | null {
  return value === null ? null : format(value, 4);
}

function price(value: Rational | null): string | null {
  return value === null ? null : format(value, 6);
}
