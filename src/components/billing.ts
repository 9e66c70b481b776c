import {html} from "htl";
import {type BillingFilter, type BillingRow, filterBilling, totalsByCurrency} from "../lib/billing.js";
import {fromCents, toCents} from "../lib/cents.js";
import {type CsvColumn, download, toCsv} from "../lib/csv.js";
import {day, dayBefore, money, percent, signedMoney, words} from "../lib/format.js";
import type {Row, SiteData} from "../lib/rows.js";
import {readState, writeState} from "../lib/urlState.js";
import {dataTable, sortRows, type TableColumn} from "./dataTable.js";
import {choices, filterBar, numberField, searchField, selectField, toggle} from "./filters.js";
import {healthMark} from "./marks.js";
import {tabs} from "./tabs.js";

export interface BillingData {
  readonly site: SiteData;
  readonly clients: readonly Row[];
  readonly rows: readonly Row[];
  readonly seatCounts: readonly Row[];
  readonly flags: readonly Row[];
  readonly inactive: readonly Row[];
}

const types = ["calculated", "estimated", "unmapped", "unaccounted"];

/** Billing & Invoices: reconciled invoices, flagged services, inactive seats. */
export function billing(data: BillingData): HTMLElement {
  const open = readState().get("section") ?? "reconciled";
  return tabs(
    "Sections",
    [
      {
        id: "reconciled",
        label: "Reconciled invoices",
        content: () => reconciled(data),
      },
      {
        id: "flagged",
        label: `Flagged services (${data.flags.length})`,
        content: () => flagged(data),
      },
      {
        id: "inactive",
        label: `Inactive seats (${data.inactive.length})`,
        content: () => inactive(data),
      },
    ],
    open,
    (section) => writeState({section: section === "reconciled" ? "" : section}),
  );
}

function several(name: string): string[] {
  return (readState().get(name) ?? "").split(",").filter((value) => value !== "");
}

function readFilter(): BillingFilter {
  const state = readState();
  return {
    integrations: several("integration"),
    types: several("type"),
    direction: state.get("direction") ?? "",
    search: state.get("search") ?? "",
    minimumCents: toCents(/^\d+(\.\d+)?$/.test(state.get("minimum") ?? "") ? state.get("minimum") : null),
    onlyFlagged: state.get("flagged") === "1",
  };
}

const reconciledColumns = (
  slugs: (row: BillingRow) => string,
  rows: readonly BillingRow[],
): TableColumn<BillingRow>[] => {
  const totals = totalsByCurrency(rows);
  const foot = (pick: (total: (typeof totals)[number]) => string): HTMLElement =>
    html`<span>${totals.map((total) => html`<span class="line">${signedMoney(pick(total), total.currency)}</span>`)}</span>`;
  const sum = (pick: (row: BillingRow) => number): string => String(rows.reduce((total, row) => total + pick(row), 0));
  return [
    {
      key: "client",
      label: "Client",
      render: ({client, ...row}) => html`<a href=${slugs({client, ...row})}><bdi>${client.client_name}</bdi></a>`,
      sortValue: ({client}) => (client.client_name ?? "").toLowerCase(),
      foot: "Total",
    },
    {
      key: "seats",
      label: "Seats",
      isNumber: true,
      render: ({seats}) => String(seats),
      sortValue: ({seats}) => seats,
      foot: sum(({seats}) => seats),
    },
    {
      key: "services",
      label: "Services",
      isNumber: true,
      render: ({services}) => String(services),
      sortValue: ({services}) => services,
      foot: sum(({services}) => services),
    },
    {
      key: "discrepancies",
      label: "Discrepancies",
      isNumber: true,
      render: ({discrepancies, unpriced}) => `${discrepancies}${unpriced > 0 ? ` (${unpriced} no price)` : ""}`,
      sortValue: ({discrepancies}) => discrepancies,
      foot: sum(({discrepancies}) => discrepancies),
    },
    {
      key: "under",
      label: "Underbilled",
      isNumber: true,
      render: (row) => amount(row.underCents, row, "under"),
      sortValue: ({underCents}) => underCents,
      foot: foot(({under}) => under),
    },
    {
      key: "over",
      label: "Overbilled",
      isNumber: true,
      render: (row) => amount(-row.overCents, row, "over"),
      sortValue: ({overCents}) => overCents,
      foot: foot(({over}) => over),
    },
    {
      key: "absolute",
      label: "Absolute",
      isNumber: true,
      render: ({underCents, overCents, client}) => money(fromCents(underCents + overCents), client.currency ?? null),
      sortValue: ({underCents, overCents}) => underCents + overCents,
      foot: html`<span>${totals.map((total) => html`<span class="line">${money(total.absolute, total.currency)}</span>`)}</span>`,
    },
    {
      key: "cycle",
      label: "Cycle",
      render: ({client}) => words(client.billing_cycle ?? null),
    },
    {
      key: "period",
      label: "Current period",
      render: ({client}) =>
        client.period_start === null
          ? "—"
          : `${day(client.period_start ?? null)} – ${dayBefore(client.period_end ?? null)}`,
      sortValue: ({client}) => client.period_start ?? null,
    },
    {
      key: "health",
      label: "Sync health",
      render: ({client}) => healthMark(client.worst_health ?? ""),
      sortValue: ({client}) => client.worst_health ?? null,
    },
    {
      key: "coverage",
      label: "Coverage",
      isNumber: true,
      render: ({client}) => percent(client.coverage_amount ?? null),
      sortValue: ({client}) => (client.coverage_amount === null ? null : Number(client.coverage_amount)),
    },
  ];
};

function amount(cents: number, {client}: BillingRow, tone: string): HTMLElement {
  return html`<span class=${cents === 0 ? "nothing" : tone}>${signedMoney(fromCents(cents), client.currency ?? null)}</span>`;
}

const reconciledCsv: readonly CsvColumn<BillingRow>[] = [
  {label: "client_id", value: ({client}) => client.client_id ?? null},
  {label: "client_name", value: ({client}) => client.client_name ?? null},
  {label: "currency", value: ({client}) => client.currency ?? null},
  {label: "seats", value: ({seats}) => seats},
  {label: "services", value: ({services}) => services},
  {label: "discrepancies", value: ({discrepancies}) => discrepancies},
  {
    label: "underbilled_monthly",
    value: ({underCents}) => fromCents(underCents),
  },
  {
    label: "overbilled_monthly",
    value: ({overCents}) => fromCents(overCents),
  },
  {
    label: "absolute_monthly",
    value: ({underCents, overCents}) => fromCents(underCents + overCents),
  },
  {
    label: "billing_cycle",
    value: ({client}) => client.billing_cycle ?? null,
  },
  {label: "period_start", value: ({client}) => client.period_start ?? null},
  {label: "period_end", value: ({client}) => client.period_end ?? null},
  {label: "worst_health", value: ({client}) => client.worst_health ?? null},
  {
    label: "coverage_amount",
    value: ({client}) => client.coverage_amount ?? null,
  },
];

function reconciled(data: BillingData): HTMLElement {
  const place = html`<div></div>`;
  const announce = html`<p class="count" role="status" aria-live="polite"></p>`;
  const service = (): string => readState().get("service") ?? "";
  let page = 0;
  const draw = (): void => {
    const rows =
      service() === ""
        ? data.rows
        : data.rows.filter((row) => (row.service_name ?? `${row.product_name} (no service)`) === service());
    const names = new Set(rows.map((row) => row.client_id));
    const clients =
      service() === "" ? data.clients : data.clients.filter((client) => names.has(client.client_id ?? null));
    const shown = filterBilling(clients, rows, data.seatCounts, readFilter());
    const columns = reconciledColumns(({client}) => `./clients/${client.slug}`, shown);
    const sort = readState().get("sort") ?? "-absolute";
    announce.textContent = `${shown.length} of ${data.clients.length} clients`;
    place.replaceChildren(
      dataTable({
        caption: "Reconciled invoices, a row a client",
        columns,
        rows: shown,
        sort,
        page,
        onSort: (next) => {
          writeState({sort: next});
          page = 0;
          draw();
          (place.querySelector(`[data-sort="${next.replace("-", "")}"]`) as HTMLElement | null)?.focus();
        },
        onPage: (next) => {
          page = next;
          draw();
        },
        empty: "No client passes these filters.",
      }),
    );
    exporter.onclick = () => download("reconciled-invoices.csv", toCsv(reconciledCsv, sortRows(shown, columns, sort)));
  };
  const exporter = html`<button type="button">Export CSV</button>` as HTMLButtonElement;
  const change = (values: Record<string, string>): void => {
    writeState(values);
    page = 0;
    draw();
  };
  const bar = filterBar([
    searchField("Search clients", readState().get("search") ?? "", (search) => change({search})),
    choices(
      "Integration",
      data.site.integrations.filter((one) => one.kind === "usage").map((one) => one.connection_id ?? ""),
      several("integration"),
      (chosen) => change({integration: chosen.join(",")}),
    ),
    choices("Discrepancy type", types, several("type"), (chosen) => change({type: chosen.join(",")})),
    selectField(
      "Direction",
      [
        ["", "Both"],
        ["under", "Underbilled"],
        ["over", "Overbilled"],
      ],
      readState().get("direction") ?? "",
      (direction) => change({direction}),
    ),
    numberField("Minimum amount", readState().get("minimum") ?? "", (minimum) => change({minimum})),
    toggle("Only flagged", readState().get("flagged") === "1", (isOn) => change({flagged: isOn ? "1" : ""})),
  ]);
  draw();
  const chosenService = service();
  return html`<div>${bar}${chosenService === "" ? "" : html`<p class="chip">Service: ${chosenService} <a href="./billing">show all</a></p>`}<div class="table-head">${announce}${exporter}</div>${place}</div>`;
}

function listing(options: {
  caption: string;
  rows: readonly Row[];
  columns: readonly TableColumn<Row>[];
  csv: readonly string[];
  file: string;
  noun: string;
  sort: string;
  fields: readonly {
    name: string;
    label: string;
    column: string;
    values: readonly string[];
  }[];
}): HTMLElement {
  const place = html`<div></div>`;
  const announce = html`<p class="count" role="status" aria-live="polite"></p>`;
  const exporter = html`<button type="button">Export CSV</button>` as HTMLButtonElement;
  let page = 0;
  let sort = options.sort;
  let search = "";
  const draw = (): void => {
    const shown = options.rows.filter(
      (row) =>
        options.fields.every(({name, column}) => {
          const chosen = several(name);
          return chosen.length === 0 || chosen.includes(row[column] ?? "");
        }) &&
        (search === "" || (row.client_name ?? "").toLowerCase().includes(search.toLowerCase())),
    );
    announce.textContent = `${shown.length} of ${options.rows.length} ${options.noun}`;
    place.replaceChildren(
      dataTable({
        caption: options.caption,
        columns: options.columns,
        rows: shown,
        sort,
        page,
        onSort: (next) => {
          sort = next;
          page = 0;
          draw();
          (place.querySelector(`[data-sort="${next.replace("-", "")}"]`) as HTMLElement | null)?.focus();
        },
        onPage: (next) => {
          page = next;
          draw();
        },
        empty: `No ${options.noun} pass these filters.`,
      }),
    );
    exporter.onclick = () =>
      download(
        options.file,
        toCsv(
          options.csv.map((label) => ({
            label,
            value: (row: Row) => row[label] ?? null,
          })),
          sortRows(shown, options.columns, sort),
        ),
      );
  };
  const bar = filterBar([
    searchField("Search clients", "", (text) => {
      search = text;
      page = 0;
      draw();
    }),
    ...options.fields.map(({name, label, values}) =>
      choices(label, values, several(name), (chosen) => {
        writeState({[name]: chosen.join(",")});
        page = 0;
        draw();
      }),
    ),
  ]);
  draw();
  return html`<div>${bar}<div class="table-head">${announce}${exporter}</div>${place}</div>`;
}

function distinct(rows: readonly Row[], column: string): string[] {
  return [...new Set(rows.map((row) => row[column] ?? ""))].filter((value) => value !== "").sort();
}

function clientLink(data: BillingData): TableColumn<Row> {
  const slugs = new Map(data.clients.map((client) => [client.client_id, client.slug]));
  return {
    key: "client_name",
    label: "Client",
    render: (row) =>
      html`<a href=${`./clients/${slugs.get(row.client_id ?? "") ?? ""}`}><bdi>${row.client_name}</bdi></a>`,
    sortValue: (row) => (row.client_name ?? "").toLowerCase(),
  };
}

const text = (key: string, label: string): TableColumn<Row> => ({
  key,
  label,
  render: (row) => row[key] ?? "—",
  sortValue: (row) => row[key] ?? null,
});
const amountColumn = (key: string, label: string): TableColumn<Row> => ({
  key,
  label,
  isNumber: true,
  render: (row) => money(row[key] ?? null, row.currency ?? null),
  sortValue: (row) => (row[key] === null ? null : toCents(row[key] ?? null)),
});

function flagged(data: BillingData): HTMLElement {
  return listing({
    caption: "Flagged services",
    rows: data.flags,
    noun: "flags",
    file: "flagged-services.csv",
    sort: "-amount_at_stake",
    csv: [
      "client_id",
      "client_name",
      "flag_code",
      "severity",
      "service_name",
      "invoice_number",
      "line_id",
      "message",
      "evidence",
      "amount_at_stake",
      "currency",
      "is_current",
    ],
    fields: [
      {
        name: "flag",
        label: "Flag",
        column: "flag_code",
        values: distinct(data.flags, "flag_code"),
      },
      {
        name: "severity",
        label: "Severity",
        column: "severity",
        values: ["error", "warning", "info"],
      },
    ],
    columns: [
      clientLink(data),
      {
        key: "severity",
        label: "Severity",
        render: (row) => html`<span class=${`severity severity-${row.severity}`}>${words(row.severity ?? "")}</span>`,
        sortValue: (row) => ["error", "warning", "info"].indexOf(row.severity ?? ""),
      },
      {
        key: "flag_code",
        label: "Flag",
        render: (row) => words(row.flag_code ?? null),
        sortValue: (row) => row.flag_code ?? null,
      },
      text("service_name", "Service"),
      text("invoice_number", "Invoice"),
      {
        key: "message",
        label: "What it means",
        render: (row) => html`<span>${row.message} <small>${row.evidence}</small></span>`,
        sortValue: (row) => row.message ?? null,
      },
      amountColumn("amount_at_stake", "At stake"),
    ],
  });
}

function inactive(data: BillingData): HTMLElement {
  return html`<div><p>Seats unused for more than ${data.site.inactive_after_days} days, or never used although they are older than that. Nothing can be saved before a commitment ends.</p>${listing(
    {
      caption: "Inactive seats",
      rows: data.inactive,
      noun: "inactive seats",
      file: "inactive-seats.csv",
      sort: "-days_inactive",
      csv: [
        "client_id",
        "client_name",
        "connection_id",
        "product_name",
        "seat_id",
        "display_name",
        "identifier",
        "activity_state",
        "last_activity_at",
        "days_inactive",
        "service_name",
        "monthly_value",
        "currency",
        "commitment_end",
      ],
      fields: [
        {
          name: "connection",
          label: "Integration",
          column: "connection_id",
          values: distinct(data.inactive, "connection_id"),
        },
        {
          name: "state",
          label: "Activity",
          column: "activity_state",
          values: ["inactive", "never_active"],
        },
      ],
      columns: [
        clientLink(data),
        text("display_name", "Seat"),
        text("identifier", "Identifier"),
        text("connection_id", "Integration"),
        text("product_name", "Product"),
        {
          key: "activity_state",
          label: "Activity",
          render: (row) => words(row.activity_state ?? null),
          sortValue: (row) => row.activity_state ?? null,
        },
        {
          key: "days_inactive",
          label: "Days",
          isNumber: true,
          render: (row) => row.days_inactive ?? "—",
          sortValue: (row) => (row.days_inactive === null ? null : Number(row.days_inactive)),
        },
        text("service_name", "Billed as"),
        amountColumn("monthly_value", "Monthly value"),
        {
          key: "commitment_end",
          label: "Committed until",
          render: (row) => (row.commitment_end === null ? "—" : dayBefore(row.commitment_end ?? null)),
          sortValue: (row) => row.commitment_end ?? null,
        },
      ],
    },
  )}</div>`;
}
