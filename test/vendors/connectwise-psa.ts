import {at as valueAt} from "../../loaders/at.js";
import {billingRows, dayAfter, totalOf} from "./billing.js";
import {basicOf, pageSize, slice} from "./emulator.js";
import {type Vendor, variable} from "./vendor.js";
import type {World} from "./world.js";

const root = "/v4_6_release/apis/3.0";
const at = (day: string) => `${day}T00:00:00Z`;
const cycleNames = {monthly: "Monthly", quarterly: "Every three months", annual: "Annual"} as const;
const currency = {id: 7, symbol: "$", currencyCode: "USD", name: "US Dollars"};

/** Products of the catalogue that stand on an agreement and are not billed, or billed for nothing. */
const notBilled = {id: 90_001, agreement: 501, service: 9, quantity: 3};
const free = {id: 90_002, agreement: 501, service: 10, quantity: 1};
/** What an agreement was cancelled for, later than today and so still billed. */
const cancelledLater = {agreement: 502, from: "2027-06-01"};
/** Behind the ids of all other products. */
const madeOfAdditions = 100_000;
/** A credit to an agreement's client. */
const memo = {id: 90_003, number: "CM-1", total: -10};

function collections(world: World): Record<string, readonly Record<string, unknown>[]> {
  const {clients, services, agreements, lines, invoices, sales} = world;
  const nameOf = new Map(services.map(({id, name}) => [id, name]));
  const company = (id: number) => ({id, identifier: `C${id}`, name: `Company ${id}`});
  const extra =
    agreements.length === 0
      ? []
      : [
          {...notBilled, bill: "DoNotBill"},
          {...free, bill: "NoCharge"},
        ];
  const additions = [
    ...lines.map((line) => ({...line, bill: "Billable"})),
    ...extra.map((line) => ({...line, price: 12, cost: 5, start: "2025-01-01", lastDay: null})),
  ];
  const byAgreement: Record<string, Record<string, unknown>[]> = Object.fromEntries(
    agreements.map(({id}) => [`/finance/agreements/${id}/additions`, []]),
  );
  for (const {id, agreement, service, quantity, price, cost, bill, start, lastDay} of additions) {
    byAgreement[`/finance/agreements/${agreement}/additions`]?.push({
      id,
      product: {id: service, identifier: `P${service}`},
      quantity,
      lessIncluded: 0,
      billedQuantity: quantity,
      unitPrice: price,
      unitCost: cost,
      billCustomer: bill,
      effectiveDate: at(start),
      ...(lastDay === null ? {} : {cancelledDate: at(dayAfter(lastDay))}),
      description: nameOf.get(service),
      agreementId: agreement,
    });
  }
  return {
    ...byAgreement,
    "/company/companies": clients.map(({id, name, isActive, parent, domain}) => ({
      id,
      identifier: `C${id}`,
      name,
      website: domain,
      deletedFlag: !isActive,
      ...(parent === null ? {} : {parentCompany: company(parent)}),
      status: {id: 1, name: "Renamed"},
    })),
    "/procurement/catalog": services.map(({id, name, category, price, cost}) => ({
      id,
      identifier: `P${id}`,
      description: name,
      category: {id: 1, name: category},
      inactiveFlag: false,
      price,
      cost,
    })),
    "/finance/agreements": agreements.map(({id, client, name, status, cycle, start, lastDay}) => ({
      id,
      name,
      company: company(client),
      agreementStatus: status === "active" ? "Active" : "Cancelled",
      ...(id === cancelledLater.agreement
        ? {cancelledFlag: true, dateCancelled: at(cancelledLater.from)}
        : {cancelledFlag: status === "cancelled"}),
      // Of the hours that it covers: they do not come anew.
      oneTimeFlag: true,
      billingCycle: {id: 1, name: cycleNames[cycle]},
      billOneTimeFlag: false,
      periodType: "Current",
      startDate: at(start),
      ...(lastDay === null ? {noEndingDateFlag: true} : {endDate: at(lastDay), noEndingDateFlag: false}),
      currency,
    })),
    "/finance/invoices": [
      ...invoices.map((invoice) => ({
        id: invoice.id,
        invoiceNumber: invoice.number,
        applyToType: "Agreement",
        type: "Agreement",
        company: company(invoice.client),
        agreement: {id: invoice.agreement, name: "Any"},
        status: {id: 1, name: {posted: "Sent", draft: "Being checked", void: "Withdrawn"}[invoice.status]},
        date: at(invoice.date),
        subtotal: totalOf(world, invoice.id),
        total: totalOf(world, invoice.id),
        currency,
      })),
      ...invoices.slice(0, 1).map(({agreement, client, date}) => ({
        id: memo.id,
        invoiceNumber: memo.number,
        applyToType: "Agreement",
        type: "CreditMemo",
        company: company(client),
        agreement: {id: agreement, name: "Any"},
        status: {id: 1, name: "Sent"},
        date: at(date),
        subtotal: memo.total,
        total: memo.total,
        currency,
      })),
    ],
    "/procurement/products": [
      ...sales.map(({id, invoice, service, quantity, price}) => ({
        id,
        catalogItem: {id: service, identifier: `P${service}`},
        description: nameOf.get(service),
        quantity: quantity + 1,
        quantityCancelled: 1,
        price,
        billableOption: "Billable",
        cancelledFlag: false,
        salesOrder: {id: id + 500, identifier: `Sales Order #${id + 500}`},
        invoice: {id: invoice, identifier: String(invoice)},
        _info: {lastUpdated: at("2026-10-01")},
      })),
      // Ordered, on no invoice yet.
      ...sales.map(({id}) => ({id: id + 1000, quantity: 1, _info: {lastUpdated: at("2026-11-01")}})),
      // What ConnectWise makes of the additions when it invoices their agreement.
      ...invoices.flatMap((invoice) =>
        invoice.lines.map(({id, service, quantity, price}) => ({
          id: id + madeOfAdditions,
          catalogItem: {id: service, identifier: `P${service}`},
          description: nameOf.get(service),
          quantity,
          quantityCancelled: 0,
          price,
          agreementAmount: 0,
          billableOption: "Billable",
          agreement: {id: invoice.agreement, name: "Any", type: "Managed services"},
          cancelledFlag: false,
          invoice: {id: invoice.id, identifier: invoice.number},
          productClass: "Agreement",
          _info: {lastUpdated: at(invoice.date)},
        })),
      ),
    ],
  };
}

/** Whether a row meets conditions such as `date >= [2026-01-01T00:00:00Z] and invoice/id > 0`; null where they cannot be read. */
function meets(row: Record<string, unknown>, conditions: string | null): boolean | null {
  const met = (conditions?.split(" and ") ?? []).map((condition) => {
    const [, field = "", operator, date, number] = /^([\w/]+) (>=|>) (?:\[([^\]]+)\]|(\d+))$/.exec(condition) ?? [];
    if (operator === undefined) return null;
    const path = field === "lastUpdated" ? ["_info", "lastUpdated"] : field.split("/");
    const value = valueAt(row, ...path);
    if (date !== undefined) return String(value) >= new Date(date).toISOString().replace(".000", "");
    return operator === ">" ? Number(value) > Number(number) : Number(value) >= Number(number);
  });
  return met.includes(null) ? null : !met.includes(false);
}

export const connectWisePsa: Vendor = {
  name: "connectwise-psa",
  env: {
    CW_PUBLIC_KEY: "cwPlantedPublic01planted",
    CW_PRIVATE_KEY: "cwPlantedPrivate1planted",
    CW_CLIENT_ID: "c0ffee00-planted-0000-4000-000000000001",
  },
  settings: (url) => ({
    base_url: url,
    company_id: "northwind",
    public_key: variable("CW_PUBLIC_KEY"),
    private_key: variable("CW_PRIVATE_KEY"),
    client_id: variable("CW_CLIENT_ID"),
    billing_cycles: {"Every three months": "quarterly"},
    invoice_statuses: {"Being checked": "draft", Withdrawn: "void"},
  }),

  emulate(world, {most} = {}) {
    const found = collections(world);
    const meeting = new Map<string, readonly Record<string, unknown>[]>();
    return {
      authorize: (request) => {
        const {CW_PUBLIC_KEY, CW_PRIVATE_KEY, CW_CLIENT_ID} = connectWisePsa.env;
        const isKnown =
          basicOf(request) === `northwind+${CW_PUBLIC_KEY}:${CW_PRIVATE_KEY}` &&
          request.headers.clientid === CW_CLIENT_ID;
        return isKnown ? null : {status: 401, body: {code: "Unauthorized", message: "Invalid credentials or clientId"}};
      },
      answer({method, path, query, headers, origin}) {
        const isCount = path.endsWith("/count");
        const all = found[path.replace(root, "").replace(/\/count$/, "")];
        if (method !== "GET" || all === undefined) return undefined;
        const conditions = query.get("conditions");
        if (meets({}, conditions) === null) {
          return {status: 400, body: {code: "ConditionsInvalid", message: `conditions is invalid: ${conditions}`}};
        }
        const asked = `${path.replace(/\/count$/, "")}?${conditions}`;
        const rows = meeting.get(asked) ?? all.filter((row) => meets(row, conditions));
        meeting.set(asked, rows);
        if (isCount) return {body: {count: rows.length}};
        // Only with this header does a link name the next page by the last id.
        if (headers["pagination-type"] !== "forward-only") return {body: rows.slice(0, 25)};
        const size = pageSize(
          query.get("pageSize"),
          1000,
          path.endsWith("/additions") && most !== undefined && most < 10 ? 3 : most,
        );
        const after = Number(query.get("pageId") ?? 0);
        const start = after === 0 ? 0 : rows.findIndex(({id}) => id === after) + 1;
        const page = slice(rows, start, size);
        const fields = query.get("fields")?.split(",");
        const narrowed = page.rows.map((row) =>
          Object.fromEntries(Object.entries(row).filter(([name]) => fields?.includes(name) ?? true)),
        );
        const next = new URLSearchParams(query);
        next.set("pageId", String(page.rows.at(-1)?.id));
        return {
          body: narrowed,
          ...(page.isLast ? {} : {headers: {link: `<${origin}${path}?${next}>; rel="next"`}}),
        };
      },
    };
  },

  expected(world) {
    const rows = billingRows(world);
    const extra =
      world.agreements.length === 0
        ? []
        : [
            {
              agreement_line_id: String(free.id),
              agreement_id: String(free.agreement),
              service_id: String(free.service),
              description: "Docking station",
              quantity: "1",
              included_quantity: "0",
              unit_price: "0",
              unit_cost: "5",
              start_date: "2025-01-01",
            },
          ];
    return {
      ...rows,
      agreements: rows.agreements?.map((agreement) =>
        agreement.agreement_id === String(cancelledLater.agreement)
          ? {...agreement, end_date: cancelledLater.from}
          : agreement,
      ),
      agreement_lines: [...(rows.agreement_lines ?? []).map((line) => ({...line, included_quantity: "0"})), ...extra],
      invoices: [
        ...(rows.invoices ?? []).map((invoice) => ({...invoice, period_start: null, period_end: null})),
        ...world.invoices.slice(0, 1).map(({client, date}) => ({
          invoice_id: String(memo.id),
          invoice_number: memo.number,
          client_id: String(client),
          agreement_id: null,
          invoice_date: date,
          status: "posted",
          currency: "USD",
          total: String(memo.total),
        })),
      ],
      invoice_lines: rows.invoice_lines
        ?.filter((line) => line.agreement_line_id === undefined)
        .map((line) => ({...line, amount: null})),
    };
  },

  stream: {
    matches: ({path}) => path.endsWith("/additions"),
    rows: (body) => body as Record<string, unknown>[],
    spoil: (record) => {
      record.product = null;
    },
    table: "agreement_lines",
    end: (reply) => ({...reply, headers: {}}),
  },
  large: {clients: 450, peoplePerClient: 2, devicesPerClient: 2, linesPerService: 14},
  document: {
    file: "connectwise-objects.json",
    describe({path}) {
      const objects: Record<string, string> = {
        "/company/companies": "Company",
        "/procurement/catalog": "CatalogItem",
        "/finance/agreements": "Agreement",
        "/finance/invoices": "Invoice",
        "/procurement/products": "ProductItem",
      };
      const name = path.endsWith("/additions") ? "Addition" : objects[path.replace(root, "")];
      return name === undefined ? null : {fields: [name], rows: (body) => body as unknown[]};
    },
  },
};
