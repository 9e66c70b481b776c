import {group} from "d3";
import {billingRows, dayBefore, totalOf} from "./billing.js";
import {createTokens, pageSize, slice} from "./emulator.js";
import {changed, type Vendor, variable} from "./vendor.js";
import type {World} from "./world.js";

interface Body {
  record_count: number;
  invoices: Record<string, unknown>[];
}

const at = (day: string | null) => (day === null ? "1900-01-01T00:00:00" : `${day}T00:00:00`);
const never = "0001-01-01T00:00:00";
const periods = {monthly: 2, quarterly: 4, annual: 3} as const;
const currencies = [
  {id: 1, name: "US Dollar", symbol: "$", code: "USD"},
  {id: 2, name: "Canadian Dollar", symbol: "$", code: "CAD"},
];
const tax = 1.25;
/** A credit note of its own, for a unit of the first line of the first invoice. */
const note = {id: 90_001, line: 90_002};

/** A day without a time is its midnight. */
function isWithin(date: unknown, start: string | null, end: string | null): boolean {
  if (typeof date !== "string" || start === null || end === null) return true;
  return date >= `${start}T00:00:00` && date <= `${end}T00:00:00`;
}

function collections(world: World): Record<string, {rows: string; all: readonly Record<string, unknown>[]}> {
  const {clients, services, agreements, lines, invoices, sales} = world;
  const nameOf = new Map(services.map(({id, name}) => [id, name]));
  const linesOf = group(lines, ({agreement}) => agreement);
  const item = (service: number, quantity: number, price: number) => ({
    _itemid: service,
    item_shortdescription: nameOf.get(service),
    qty_order: quantity,
    unit_price: price,
    net_amount: quantity * price,
  });
  const heading = (id: number) => ({
    id,
    _itemid: 0,
    isgroupdesc: true,
    item_shortdescription: "Your services",
    qty_order: 0,
  });
  return {
    Client: {
      rows: "clients",
      all: clients.map(({id, name, isActive, domain}) => ({id, name, inactive: !isActive, website: domain})),
    },
    Item: {
      rows: "items",
      all: services.map(({id, name, category, price, cost}) => ({
        id,
        name,
        assetgroup_name: category,
        isrecurringitem: id !== 10,
        ...(id === 10
          ? {baseprice: price, costprice: cost}
          : {recurringprice: price, recurringcost: cost, baseprice: 0}),
      })),
    },
    RecurringInvoice: {
      rows: "invoices",
      all: agreements.map(({id, client, name, status, cycle, start, lastDay}) => ({
        id,
        client_id: client,
        reference: name,
        disabled: status !== "active",
        is_recurring_invoice: true,
        period: periods[cycle],
        period_start_date: at(start),
        currency: "$",
        currency_code: 1,
        nextcreationdate: at("2026-12-01"),
        schedule: {period: periods[cycle], startdate: "2026-02-15T12:00:00", end_date: at(lastDay ?? "2099-12-31")},
        lines: [
          heading(id * 100),
          {id: id * 100 + 1, ...item(9, 1, 500), onetimecharge: true},
          {id: id * 100 + 2, ...item(9, 4, 10), isinactive: true},
          ...(linesOf.get(id) ?? []).map((line) => ({
            id: line.id,
            ...item(line.service, line.quantity, line.price),
            unit_cost: line.cost,
            startdate: at(line.start),
            enddate: at(line.lastDay),
            isinactive: false,
            recurring_invoice_quantity_type: line.service === 7 ? 1 : 0,
            creditlinkedidid: 0,
          })),
        ],
      })),
    },
    Invoice: {
      rows: "invoices",
      all: [
        ...creditNotes(world),
        ...invoices.map((invoice) => ({
          id: invoice.id,
          client_id: invoice.client,
          invoicenumber: invoice.number,
          recurring_invoice_id: invoice.agreement,
          invoice_date: `${invoice.date}T09:30:12`,
          period_start_date: at(invoice.periodStart),
          period_end_date: at(dayBefore(invoice.periodEnd)),
          posted: invoice.status !== "draft",
          voided: invoice.status === "void",
          datepaid: never,
          currency: "US Dollar",
          currency_code_name: "USD",
          total: Math.round((totalOf(world, invoice.id) + tax) * 100) / 100,
          // Halo counts the tax of lines twice here.
          tax_total: 2 * tax,
          revenue: totalOf(world, invoice.id),
          lines: [
            heading(invoice.id * 100),
            ...invoice.lines.map(({id, line, service, quantity, price, credits}) => ({
              id,
              ihid: invoice.id,
              ...item(service, quantity, price),
              recurring_invoice_id: invoice.agreement,
              recurring_invoice_line_id: line,
              creditlinkedidid: credits ?? 0,
            })),
            ...sales
              .filter((sale) => sale.invoice === invoice.id)
              .map(({id, service, quantity, price}) => ({
                id,
                ihid: invoice.id,
                ...item(service, quantity, price),
                recurring_invoice_line_id: 0,
                creditlinkedidid: null,
              })),
          ],
        })),
      ],
    },
  };
}

function creditNotes({invoices, services}: World): Record<string, unknown>[] {
  const credited = invoices[0]?.lines[0];
  if (invoices[0] === undefined || credited === undefined) return [];
  const {id, client, date} = invoices[0];
  const line = {
    id: note.line,
    ihid: note.id,
    _itemid: credited.service,
    item_shortdescription: services.find((one) => one.id === credited.service)?.name,
    qty_order: -1,
    unit_price: credited.price,
    net_amount: -credited.price,
    creditlinkedidid: credited.id,
  };
  return [
    {
      id: note.id,
      client_id: client,
      invoicenumber: "CN-1",
      recurring_invoice_id: 0,
      creditlinkedtoinvoiceid: id,
      invoice_date: at(date),
      period_start_date: never,
      period_end_date: never,
      posted: true,
      voided: false,
      datepaid: never,
      currency_code_name: "USD",
      total: -credited.price,
      tax_total: 0,
      lines: [line],
    },
  ];
}

export const haloPsa: Vendor = {
  name: "halopsa",
  env: {HALO_CLIENT_ID: "halo-client-1", HALO_CLIENT_SECRET: "halo-planted-secret"},
  settings: (url) => ({
    base_url: url,
    client_id: variable("HALO_CLIENT_ID"),
    client_secret: variable("HALO_CLIENT_SECRET"),
    tenant: "northwind",
  }),

  emulate(world, {most} = {}) {
    const tokens = createTokens("halo");
    const found = collections(world);
    return {
      limits: {requests: 700, perMilliseconds: 300_000},
      authorize: (request) =>
        request.path === "/auth/token" || tokens.isValid(request)
          ? null
          : {status: 401, body: {error: "Unauthorized", error_description: "The token is missing or expired"}},
      answer({method, path, query, form}) {
        if (path === "/auth/token") {
          const isKnown =
            query.get("tenant") === "northwind" &&
            form.get("grant_type") === "client_credentials" &&
            form.get("client_id") === haloPsa.env.HALO_CLIENT_ID &&
            form.get("client_secret") === haloPsa.env.HALO_CLIENT_SECRET;
          return isKnown ? {body: {...tokens.issue(), scope: "all"}} : {status: 400, body: {error: "invalid_client"}};
        }
        if (path === "/api/Currency") return {body: currencies};
        const [, kind = "", id] = /^\/api\/(\w+)\/(\d+)$/.exec(path) ?? [];
        const one = found[kind]?.all.find((row) => String(row.id) === id);
        if (one !== undefined) return {body: one};
        const collection = found[path.replace("/api/", "")];
        if (method !== "GET" || collection === undefined) return undefined;
        const showsInactive = query.get("includeinactive") === "true" || !path.endsWith("/Client");
        const shows = (type: string) => path !== "/api/Invoice" || query.get(type) === "true";
        const all = collection.all
          .filter(({inactive}) => showsInactive || inactive !== true)
          .filter(({invoice_date}) =>
            isWithin(invoice_date, query.get("invoicedatestart"), query.get("invoicedateend")),
          )
          .filter((row) => shows(row.creditlinkedtoinvoiceid === undefined ? "includeinvoices" : "includecredits"));
        if (query.get("order") === "id") all.sort((one, other) => Number(one.id) - Number(other.id));
        if (query.get("pageinate") !== "true") return {body: {record_count: all.length, [collection.rows]: all}};
        const size = pageSize(
          query.get("page_size"),
          100,
          path.endsWith("nvoice") && most !== undefined && most < 10 ? 3 : most,
        );
        const start = (Number(query.get("page_no")) - 1) * size;
        // A list has no schedules, and lines where it is asked for them.
        const rows = slice(all, start, size).rows.map(({schedule, lines, ...row}) =>
          query.get("includelines") === "true" ? {...row, lines} : row,
        );
        return {body: {record_count: all.length, [collection.rows]: rows}};
      },
      revokeTokens: () => tokens.revoke(),
    };
  },

  expected(world) {
    const rows = billingRows(world);
    const [invoice] = world.invoices;
    const credited = invoice?.lines[0];
    const credits =
      invoice === undefined || credited === undefined
        ? {invoices: [], lines: []}
        : {
            invoices: [
              {
                invoice_id: String(note.id),
                invoice_number: "CN-1",
                client_id: String(invoice.client),
                invoice_date: invoice.date,
                status: "posted",
                currency: "USD",
                total: String(-credited.price),
              },
            ],
            lines: [
              {
                invoice_line_id: String(note.line),
                invoice_id: String(note.id),
                service_id: String(credited.service),
                description: world.services.find((one) => one.id === credited.service)?.name,
                quantity: "-1",
                unit_price: String(credited.price),
                amount: String(-credited.price),
                parent_line_id: String(credited.id),
              },
            ],
          };
    return {
      ...rows,
      clients: rows.clients?.map((client) => ({...client, parent_client_id: null})),
      invoices: [...(rows.invoices ?? []), ...credits.invoices],
      invoice_lines: [...(rows.invoice_lines ?? []), ...credits.lines],
    };
  },

  stream: {
    matches: ({path}) => path === "/api/Invoice",
    rows: (body) => (body as Body).invoices ?? [],
    spoil: (record) => {
      record.posted = "yes";
    },
    table: "invoices",
    end: (reply) =>
      changed<Body>(reply, (body) => {
        body.invoices = [];
      }),
    claim: (body, total) => {
      (body as Body).record_count = total;
    },
  },
  large: {clients: 450, peoplePerClient: 2, devicesPerClient: 2, linesPerService: 5},
  isToken: ({path}) => path === "/auth/token",
  document: {
    file: "halopsa.json",
    describe({path}) {
      const objects: Record<string, {name: string; rows: string}> = {
        "/api/Client": {name: "Area", rows: "clients"},
        "/api/Item": {name: "Item", rows: "items"},
        "/api/RecurringInvoice": {name: "InvoiceHeader", rows: "invoices"},
        "/api/Invoice": {name: "InvoiceHeader", rows: "invoices"},
      };
      const object = objects[path];
      if (object === undefined) return null;
      return {
        fields: ["x-response-objects", object.name],
        rows: (body) => (body as Record<string, unknown[]>)[object.rows] ?? [],
      };
    },
  },
};
