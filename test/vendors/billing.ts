import {group} from "d3";
import type {CanonicalRows} from "../../loaders/connectors/readStream.js";
import type {World} from "./world.js";

/** The day after a last day. `2026-12-31` → `2027-01-01` */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** The day before a first day no longer covered. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** An amount in cents exactly, as a number with two decimals. */
export function cents(quantity: number, price: number): number {
  return Math.round(quantity * Math.round(price * 1e6)) / 1e6;
}

/** What a PSA's export of this world says, with the world's own ids: what every PSA's connector must come to. */
export function billingRows(world: World): CanonicalRows {
  const {clients, services, agreements, lines, invoices, sales} = world;
  return {
    clients: clients.map(({id, name, isActive, parent}) => ({
      client_id: String(id),
      client_name: name,
      status: isActive ? "active" : "inactive",
      parent_client_id: parent === null ? null : String(parent),
    })),
    services: services.map(({id, name, category, price, cost}) => ({
      service_id: String(id),
      service_name: name,
      category,
      list_price: String(price),
      unit_cost: String(cost),
    })),
    agreements: agreements.map(({id, client, name, status, cycle, start, lastDay}) => ({
      agreement_id: String(id),
      client_id: String(client),
      agreement_name: name,
      status,
      billing_cycle: cycle,
      start_date: start,
      end_date: lastDay === null ? null : dayAfter(lastDay),
      currency: "USD",
    })),
    agreement_lines: lines.map(({id, agreement, service, quantity, price, cost, start, lastDay}) => ({
      agreement_line_id: String(id),
      agreement_id: String(agreement),
      service_id: String(service),
      description: services.find((one) => one.id === service)?.name,
      quantity: String(quantity),
      unit_price: String(price),
      unit_cost: String(cost),
      start_date: start,
      end_date: lastDay === null ? null : dayAfter(lastDay),
    })),
    invoices: invoices.map((invoice) => ({
      invoice_id: String(invoice.id),
      invoice_number: invoice.number,
      client_id: String(invoice.client),
      agreement_id: String(invoice.agreement),
      invoice_date: invoice.date,
      period_start: invoice.periodStart,
      period_end: invoice.periodEnd,
      status: invoice.status,
      currency: "USD",
      total: String(totalOf(world, invoice.id)),
    })),
    invoice_lines: [
      ...invoices.flatMap((invoice) =>
        invoice.lines.map(({id, line, service, quantity, price, credits}) => ({
          invoice_line_id: String(id),
          invoice_id: String(invoice.id),
          agreement_line_id: String(line),
          service_id: String(service),
          description: services.find((one) => one.id === service)?.name,
          quantity: String(quantity),
          unit_price: String(price),
          amount: String(cents(quantity, price)),
          parent_line_id: credits === null ? null : String(credits),
        })),
      ),
      ...sales.map(({id, invoice, service, quantity, price}) => ({
        invoice_line_id: String(id),
        invoice_id: String(invoice),
        service_id: String(service),
        description: services.find((one) => one.id === service)?.name,
        quantity: String(quantity),
        unit_price: String(price),
        amount: String(cents(quantity, price)),
      })),
    ],
  };
}

const totals = new WeakMap<World, Map<number, number>>();

/** An invoice's total without tax. */
export function totalOf(world: World, id: number): number {
  let known = totals.get(world);
  if (known === undefined) {
    const salesOf = group(world.sales, ({invoice}) => invoice);
    known = new Map(
      world.invoices.map((invoice) => {
        const lines = [...invoice.lines, ...(salesOf.get(invoice.id) ?? [])];
        const sum = lines.reduce((total, {quantity, price}) => total + cents(quantity, price), 0);
        return [invoice.id, Math.round(sum * 100) / 100];
      }),
    );
    totals.set(world, known);
  }
  return known.get(id) ?? 0;
}
