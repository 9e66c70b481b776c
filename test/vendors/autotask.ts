import {billingRows, cents, dayBefore, totalOf} from "./billing.js";
import {slice} from "./emulator.js";
import {changed, iso, type Vendor, variable} from "./vendor.js";
import type {World} from "./world.js";

interface Body {
  items: Record<string, unknown>[];
  pageDetails: {count: number; requestCount: number; prevPageUrl: string | null; nextPageUrl: string | null};
}

interface Condition {
  readonly op: string;
  readonly field: string;
  readonly value: string | number;
}

function meets(row: Record<string, unknown>, {op, field, value}: Condition): boolean {
  const found = row[field] as typeof value;
  if (op === "eq") return found === value;
  return op === "gt" ? found > value : found >= value;
}

const endless = "2099-12-31";
/** A bundle, sold to one client: a service of its own. */
const bundle = {id: 3, name: "Security bundle", price: 15, cost: 6, contract: 501, line: 5, quantity: 9};

/** Autotask's services have a period each, so the same service billed yearly is another service. */
const yearly = (service: number) => service + 1000;
/** The period is a number, and what it is called stands in the field's picklist, where numbers are texts. */
const periods = ["One-Time", "Monthly", "Quarterly", "Semi-Annual", "Yearly"];
const periodType = (label: string) => periods.indexOf(label) + 1;
const serviceFields = [
  {name: "unitPrice", dataType: "decimal", isPickList: false, picklistValues: null},
  {
    name: "periodType",
    dataType: "integer",
    isPickList: true,
    picklistValues: periods.map((label) => ({value: String(periodType(label)), label, isActive: true, isSystem: true})),
  },
];

function entities(world: World): Record<string, readonly Record<string, unknown>[]> {
  const {clients, services, agreements, lines, invoices, sales, now} = world;
  const cycleOf = new Map(agreements.map(({id, cycle}) => [id, cycle]));
  const serviceOf = (agreement: number, service: number) =>
    cycleOf.get(agreement) === "annual" ? yearly(service) : service;
  const nameOf = new Map(services.map(({id, name}) => [id, name]));
  const hasAgreements = agreements.length > 0;
  const today = now.toISOString().slice(0, 10);
  return {
    Companies: clients.map(({id, name, isActive, parent, domain, updatedAt}) => ({
      id,
      companyName: name,
      isActive,
      parentCompanyID: parent,
      webAddress: domain,
      lastActivityDate: iso(updatedAt ?? new Date("2025-01-01T08:00:00Z")),
      currencyID: 1,
    })),
    Currencies: [
      {id: 1, name: "USD", isActive: true, isInternalCurrency: true, exchangeRate: 1},
      {id: 2, name: "EUR", isActive: true, isInternalCurrency: false, exchangeRate: 1.1},
    ],
    Services: services.flatMap(({id, name, price, cost}) => [
      {id, name, periodType: periodType("Monthly"), unitPrice: price, unitCost: cost, isActive: true},
      {
        id: yearly(id),
        name,
        periodType: periodType("Yearly"),
        unitPrice: price * 12,
        unitCost: cost * 12,
        isActive: true,
      },
    ]),
    ServiceBundles: hasAgreements
      ? [
          {
            id: bundle.id,
            name: bundle.name,
            periodType: periodType("Monthly"),
            unitPrice: bundle.price,
            unitCost: bundle.cost,
          },
        ]
      : [],
    Contracts: agreements.map(({id, client, name, status, start, lastDay}) => ({
      id,
      companyID: client,
      contractName: name,
      contractType: 7,
      status: status === "active" ? 1 : 0,
      startDate: `${start}T00:00:00Z`,
      endDate: `${lastDay ?? endless}T00:00:00Z`,
    })),
    // The unit price is the service's own; a query gives what the contract charges in the internal currency alone.
    ContractServices: lines.map(({id, agreement, service, price, cost}) => ({
      id,
      contractID: agreement,
      serviceID: serviceOf(agreement, service),
      unitPrice: price + 1,
      internalCurrencyUnitPrice: price + 1,
      internalCurrencyAdjustedPrice: price,
      unitCost: cost,
      invoiceDescription: nameOf.get(service),
    })),
    // The quantity changed once: the earlier units must not be taken for those of today.
    ContractServiceUnits: lines.flatMap(({id, agreement, quantity, price, start, lastDay}) => [
      {
        id: id * 10,
        contractID: agreement,
        contractServiceID: id,
        units: quantity + 50,
        price: 0,
        startDate: `${start}T00:00:00Z`,
        endDate: "2025-06-30T00:00:00Z",
      },
      {
        id: id * 10 + 1,
        contractID: agreement,
        contractServiceID: id,
        units: quantity,
        price: cents(quantity, price),
        startDate: "2025-07-01T00:00:00Z",
        endDate: `${lastDay ?? endless}T00:00:00Z`,
      },
    ]),
    ContractServiceBundles: hasAgreements
      ? [{id: bundle.line, contractID: bundle.contract, serviceBundleID: bundle.id, unitPrice: bundle.price}]
      : [],
    ContractServiceBundleUnits: hasAgreements
      ? [
          {
            id: 1,
            contractID: bundle.contract,
            contractServiceBundleID: bundle.line,
            units: bundle.quantity,
            startDate: "2025-01-01T00:00:00Z",
            endDate: `${today}T00:00:00Z`,
          },
        ]
      : [],
    BillingItems: [
      ...invoices.flatMap((invoice) =>
        invoice.lines.map(({id, line, service, quantity, price}) => ({
          id,
          contractServiceID: line,
          invoiceID: invoice.status === "draft" ? null : invoice.id,
          contractID: invoice.agreement,
          serviceID: serviceOf(invoice.agreement, service),
          description: nameOf.get(service),
          quantity,
          rate: price,
          totalAmount: cents(quantity, price),
          itemDate: `${invoice.periodStart}T00:00:00Z`,
          contractServicePeriodID: id + 1,
          postedDate: `${invoice.date}T00:00:00Z`,
        })),
      ),
      ...sales.map(({id, invoice, service, quantity, price}) => ({
        id,
        invoiceID: invoice,
        contractID: null,
        serviceID: service,
        description: nameOf.get(service),
        quantity,
        rate: price,
        totalAmount: cents(quantity, price),
        postedDate: "2026-10-01T00:00:00Z",
      })),
    ],
    Invoices: invoices
      .filter(({status}) => status !== "draft")
      .map((invoice) => ({
        id: invoice.id,
        invoiceNumber: invoice.number,
        companyID: invoice.client,
        invoiceDateTime: `${invoice.date}T00:00:00Z`,
        fromDate: `${invoice.periodStart}T00:00:00Z`,
        toDate: `${dayBefore(invoice.periodEnd)}T00:00:00Z`,
        isVoided: invoice.status === "void",
        invoiceTotal: totalOf(world, invoice.id),
        totalTaxValue: 0,
      })),
  };
}

export const autotask: Vendor = {
  name: "autotask",
  env: {
    AUTOTASK_USER: "api-user-planted@northwind.example",
    AUTOTASK_SECRET: "autotask-planted-secret#1",
    AUTOTASK_CODE: "AUTOTASKPLANTEDCODE0001",
  },
  settings: (url) => ({
    username: variable("AUTOTASK_USER"),
    secret: variable("AUTOTASK_SECRET"),
    integration_code: variable("AUTOTASK_CODE"),
    lookup_url: `${url}/atservicesrest`,
  }),

  emulate(world, {most} = {}) {
    const found = Object.fromEntries(
      Object.entries(entities(world)).map(([entity, rows]) => [
        entity,
        rows.toSorted((one, other) => Number(one.id) - Number(other.id)),
      ]),
    );
    return {
      limits: {concurrency: 3, requests: 10_000, perMilliseconds: 3_600_000},
      authorize: ({path, headers}) => {
        const {AUTOTASK_USER, AUTOTASK_SECRET, AUTOTASK_CODE} = autotask.env;
        const isKnown =
          headers.apiintegrationcode === AUTOTASK_CODE &&
          headers.username === AUTOTASK_USER &&
          headers.secret === AUTOTASK_SECRET;
        return isKnown || path.endsWith("/zoneInformation") ? null : {status: 401, body: ""};
      },
      answer({method, path, query, json, origin}) {
        if (path === "/atservicesrest/v1.0/zoneInformation") {
          return query.get("user") === autotask.env.AUTOTASK_USER
            ? {body: {zoneName: "America East", url: `${origin}/zone5/atservicesrest/`, webUrl: `${origin}/`, ci: 1}}
            : {status: 500, body: {errors: ["Zone information could not be determined"]}};
        }
        const [, described] = /^\/zone5\/atservicesrest\/v1\.0\/(\w+)\/entityInformation\/fields$/.exec(path) ?? [];
        if (described !== undefined) return method === "GET" ? {body: {fields: serviceFields}} : undefined;
        const [, entity = "", action] = /^\/zone5\/atservicesrest\/v1\.0\/(\w+)\/query(\/\w+)?$/.exec(path) ?? [];
        const rows = found[entity];
        // The next page is asked for as the first was: by POST, with the same filter.
        if (method !== "POST" || rows === undefined) return undefined;
        // Of a longer address the server knows nothing.
        if (`${query}`.length > 2048) return {status: 404, body: "<html>404 - File or directory not found.</html>"};
        const {MaxRecords, filter} = json as {MaxRecords: number; filter: Condition[]};
        const unknown = filter.find(({field}) => rows[0] !== undefined && !(field in rows[0]));
        if (unknown !== undefined || filter.length === 0 || MaxRecords > 500) {
          return {status: 500, body: {errors: [`Unable to find ${unknown?.field} in the ${entity} Entity.`]}};
        }
        const matching = rows.filter((row) => filter.every((condition) => meets(row, condition)));
        if (action === "/count") return {body: {queryCount: matching.length}};
        const {previousIds, nextIds}: {previousIds: number[]; nextIds: [number]} = JSON.parse(
          query.get("paging") ?? '{"previousIds": [], "nextIds": [-1]}',
        );
        const size = Math.min(MaxRecords, 500, most ?? 500);
        const page = slice(
          matching.filter(({id}) => Number(id) > nextIds[0]),
          0,
          size,
        );
        // It has all pages before, so that they can be gone back to, and grows with each.
        const paging = {pageSize: size, previousIds: [...previousIds, ...nextIds], nextIds: [page.rows.at(-1)?.id]};
        const next = `${origin}/zone5/atservicesrest/v1.0/${entity}/query/next?${new URLSearchParams({paging: JSON.stringify(paging)})}`;
        return {
          body: {
            items: page.rows,
            pageDetails: {
              count: page.rows.length,
              requestCount: MaxRecords,
              prevPageUrl: null,
              nextPageUrl: page.isLast ? null : next,
            },
          },
        };
      },
    };
  },

  expected(world) {
    const rows = billingRows(world);
    const cycleOf = new Map(world.agreements.map(({id, cycle}) => [String(id), cycle]));
    const agreementOf = (id: unknown) => `${id}-${cycleOf.get(String(id))}`;
    const serviceOf = (agreement: unknown, service: unknown) =>
      cycleOf.get(String(agreement)) === "annual" ? String(yearly(Number(service))) : service;
    const drafts = new Set(world.invoices.filter(({status}) => status === "draft").map(({id}) => String(id)));
    const today = world.now.toISOString().slice(0, 10);
    const hasAgreements = world.agreements.length > 0;
    const quantityToday = (line: Record<string, unknown>) =>
      line.end_date !== null && String(line.end_date) <= today ? "0" : line.quantity;
    return {
      clients: rows.clients ?? [],
      services: [
        ...(rows.services ?? []).flatMap((service) => [
          {...service, category: null},
          {...service, category: null, service_id: String(yearly(Number(service.service_id)))},
        ]),
        ...(hasAgreements
          ? [{service_id: "bundle-3", service_name: bundle.name, list_price: "15", unit_cost: "6"}]
          : []),
      ],
      agreements: rows.agreements?.map((agreement) => ({
        ...agreement,
        agreement_id: agreementOf(agreement.agreement_id),
        end_date: agreement.end_date ?? "2100-01-01",
        currency: null,
      })),
      agreement_lines: [
        ...(rows.agreement_lines ?? []).map((line) => ({
          ...line,
          agreement_id: agreementOf(line.agreement_id),
          service_id: serviceOf(line.agreement_id, line.service_id),
          quantity: quantityToday(line),
          end_date: line.end_date ?? "2100-01-01",
        })),
        ...(hasAgreements
          ? [
              {
                agreement_line_id: "bundle-5",
                agreement_id: agreementOf(bundle.contract),
                service_id: "bundle-3",
                quantity: String(bundle.quantity),
                unit_price: "15",
                start_date: "2025-01-01",
                end_date: new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10),
              },
            ]
          : []),
      ],
      invoices: rows.invoices
        ?.filter(({invoice_id}) => !drafts.has(String(invoice_id)))
        .map((invoice) => ({...invoice, agreement_id: agreementOf(invoice.agreement_id), currency: null})),
      invoice_lines: rows.invoice_lines
        ?.filter(({invoice_id}) => !drafts.has(String(invoice_id)))
        .map((line) => ({...line, parent_line_id: null})),
    };
  },

  stream: {
    matches: ({path}) => path.endsWith("/ContractServiceUnits/query"),
    rows: (body) => (body as Body).items ?? [],
    spoil: (record) => {
      record.units = "several";
    },
    table: "agreement_lines",
    end: (reply) =>
      changed<Body>(reply, ({pageDetails}) => {
        pageDetails.nextPageUrl = null;
      }),
  },
  isCounted: true,
  refusal: /answered 500: Zone information could not be determined/,
  changes: ({path}) => path.endsWith("/Companies/query"),
  large: {clients: 450, peoplePerClient: 2, devicesPerClient: 2, linesPerService: 5},
};
