import {html} from "htl";
import {download, toCsv} from "../lib/csv.js";
import {
  day,
  dayBefore,
  moment,
  money,
  percent,
  quantity,
  rate,
  signedMoney,
  signedQuantity,
  words,
} from "../lib/format.js";
import type {ClientData, Row} from "../lib/rows.js";
import {readState, writeState} from "../lib/urlState.js";
import {dataTable, type TableColumn} from "./dataTable.js";
import {figures} from "./figures.js";
import {choices, filterBar, searchField} from "./filters.js";
import {guard} from "./guard.js";
import {healthMark, rateMark, typeMark} from "./marks.js";
import {tabs} from "./tabs.js";

/** One client: figures, the breakdown by billing service, and tabs for integrations, seats and services. */
export function client(data: ClientData, loadSeats: () => Promise<readonly Row[]>): HTMLElement {
  const first = data.clients[0] as Row;
  const services = data.reconciliation.filter(
    (row) => row.discrepancy_type !== "unaccounted" && row.discrepancy_type !== "unmapped",
  );
  const unbilled = data.reconciliation.filter(
    (row) => row.discrepancy_type === "unaccounted" || row.discrepancy_type === "unmapped",
  );
  return html`<article class="client">
    <h1><bdi>${first.client_name}</bdi></h1>
    <p class="lead">${first.client_id} · ${words(first.billing_cycle ?? null)}${first.billing_timing === null ? "" : `, in ${first.billing_timing}`}${
      first.next_invoice_date === null ? "" : ` · next invoice ${day(first.next_invoice_date ?? null)}`
    } · ${healthMark(first.worst_health ?? "")}</p>
    ${neighbours(data)}
    ${data.clients.map((row) => clientFigures(row))}
    ${verdict(data)}
    <h2>Billing services</h2>
    ${services.length === 0 ? html`<p class="empty">Nothing is billed to this client now.</p>` : breakdown("Billing services", services, data)}
    <h2>Used but not billed</h2>
    ${unbilled.length === 0 ? html`<p class="empty">Everything this client uses belongs to a billed service.</p>` : breakdown("Used but not billed", unbilled, data)}
    ${tabs(
      "Details",
      [
        {
          id: "integrations",
          label: "Integrations",
          content: () => integrations(data),
        },
        {
          id: "seats",
          label: "Seats",
          content: () => guard(loadSeats().then((rows) => seats(rows, data))),
        },
        {id: "services", label: "Services", content: () => billed(data)},
      ],
      readState().get("tab") ?? "integrations",
      (tab) => writeState({tab: tab === "integrations" ? "" : tab}),
    )}
  </article>`;
}

function neighbours({previous, next}: ClientData): HTMLElement {
  return html`<nav class="neighbours" aria-label="Clients by impact">
    ${previous === null ? "" : html`<a href=${`./${previous.slug}`} rel="prev">← <bdi>${previous.name}</bdi></a>`}
    ${next === null ? "" : html`<a href=${`./${next.slug}`} rel="next"><bdi>${next.name}</bdi> →</a>`}
  </nav>`;
}

function clientFigures(row: Row): HTMLElement {
  const currency = row.currency ?? "";
  return figures([
    {
      label: "Underbilled per month",
      value: signedMoney(row.underbilled_monthly ?? null, currency),
      tone: "under",
    },
    {
      label: "Overbilled per month",
      value: signedMoney(Number(row.overbilled_monthly) === 0 ? "0.00" : `-${row.overbilled_monthly}`, currency),
      tone: "over",
    },
    {label: "Net", value: signedMoney(row.net_monthly ?? null, currency)},
    {
      label: "Discrepancies",
      value: row.discrepancy_count ?? "",
      note: row.unpriced_count === "0" ? undefined : `${row.unpriced_count} without a price`,
    },
    {
      label: "Seats",
      value: row.seat_count ?? "",
      note: `${row.inactive_count} inactive`,
    },
    {
      label: "Coverage",
      value: percent(row.coverage_amount ?? null),
      note: `${row.service_count} services billed`,
    },
  ]);
}

function verdict({reconciliation}: ClientData): HTMLElement {
  const discrepancies = reconciliation.filter((row) => row.status === "discrepancy").length;
  const uncompared = reconciliation.filter((row) => row.status === "no_data" || row.status === "not_reconciled");
  const names = uncompared.map((row) => row.service_name ?? "lines without a service").join(", ");
  return html`<p class="verdict">${discrepancies === 0 ? "No discrepancy in what was compared. " : ""}${
    uncompared.length === 0 ? "Everything billed was compared." : `Not compared: ${names}.`
  }</p>`;
}

function breakdown(label: string, rows: readonly Row[], data: ClientData): HTMLElement {
  return html`<div class="table-scroll" role="region" aria-label=${label} tabindex="0"><table class="breakdown">
    <thead><tr>
      <th scope="col">Service</th><th scope="col">Integrations</th><th scope="col" class="number">System count</th><th scope="col" class="number">Expected</th>
      <th scope="col" class="number">Invoiced</th><th scope="col" class="number">Difference</th><th scope="col" class="number">Unit rate</th>
      <th scope="col" class="number">Impact per cycle</th><th scope="col" class="number">Per month</th><th scope="col">Type and cause</th>
    </tr></thead>
    <tbody>${rows.map((row) => breakdownRow(row, data))}</tbody>
  </table></div>`;
}

function breakdownRow(row: Row, data: ClientData): HTMLElement {
  const currency = row.currency ?? "";
  const isCompared = row.status === "reconciled" || row.status === "discrepancy";
  const tone =
    row.impact_monthly === null
      ? ""
      : (row.impact_monthly ?? "").startsWith("-")
        ? "over"
        : Number(row.impact_monthly) > 0
          ? "under"
          : "nothing";
  return html`<tr>
    <th scope="row">${row.service_name ?? row.product_name ?? "Lines without a service"}${row.connection_ids === null ? "" : derivation(row, data)}</th>
    <td>${(row.connection_ids ?? "—").replaceAll(";", ", ")}</td>
    <td class="number">${row.system_count === null ? (row.status === "not_reconciled" ? "not counted" : "unknown") : quantity(row.system_count ?? null)}${
      row.count_state === "stale" || row.count_state === "partial" ? html`<small>${row.count_state}</small>` : ""
    }</td>
    <td class="number">${row.expected_quantity === null ? "unknown" : quantity(row.expected_quantity ?? null)}</td>
    <td class="number">${quantity(row.invoiced_quantity ?? null)}<small>${row.billed_basis === null ? "not billed" : `by ${row.billed_basis}`}</small></td>
    <td class="number">${isCompared ? signedQuantity(row.delta_quantity ?? null) : "—"}</td>
    <td class="number">${rate(row.unit_rate ?? null, currency)} ${rateMark(row.rate_basis ?? "none")}</td>
    <td class=${`number ${tone}`}>${isCompared ? signedMoney(row.impact_amount ?? null, currency) : "—"}<small>${words(row.billing_cycle ?? null)}</small></td>
    <td class=${`number ${tone}`}>${isCompared ? signedMoney(row.impact_monthly ?? null, currency) : "—"}</td>
    <td>${typeMark(row.status ?? "", row.discrepancy_type ?? null)}${row.likely_cause === null ? "" : html`<small><strong>${words(row.likely_cause ?? null)}.</strong> ${row.cause_evidence}</small>`}</td>
  </tr>`;
}

function derivation(row: Row, data: ClientData): HTMLElement {
  const sources = data.sources.filter((source) => source.reconciliation_id === row.reconciliation_id);
  const left = data.groups.filter(
    (group) =>
      (group.disposition === "excluded" || group.disposition === "filtered") &&
      sources.some((source) => source.connection_id === group.connection_id && source.product_id === group.product_id),
  );
  const product = (connection: string | null | undefined, id: string | null | undefined): string =>
    data.products.find((one) => one.connection_id === connection && one.product_id === id)?.product_name ?? id ?? "";
  const account = (connection: string | null | undefined, id: string | null | undefined): string =>
    data.accounts.find((one) => one.connection_id === connection && one.account_id === id)?.account_name ?? id ?? "";
  return html`<details class="derivation"><summary>How it was counted</summary>
    ${sources.length === 0 ? html`<p>No seat of this client passed its rules.</p>` : ""}
    <ul>${sources.map(
      (source) =>
        html`<li><strong>${quantity(source.counted_quantity ?? null)}</strong> ${source.count_method} of ${product(source.connection_id, source.product_id)} in ${source.connection_id}, account <bdi>${account(source.connection_id, source.account_id)}</bdi>${
          source.rule_id === ""
            ? ""
            : `, by rule ${source.rule_id}${describeRule(data.rules.find((one) => one.rule_id === source.rule_id))}`
        }; as of ${moment(source.last_synced_at ?? null)}</li>`,
    )}</ul>
    ${Number(row.included_quantity) > 0 ? html`<p>Less ${quantity(row.included_quantity ?? null)} included in the agreement.</p>` : ""}
    ${left.length === 0 ? "" : html`<p>Left out: ${left.map((group) => `${group.seat_count} ${group.disposition} (${group.disposition_reason})`).join("; ")}.</p>`}
  </details>`;
}

function describeRule(rule: Row | undefined): string {
  if (rule === undefined) return "";
  const parts = [
    rule.kinds === null ? null : `kinds ${(rule.kinds ?? "").replaceAll(";", ", ")}`,
    rule.statuses === "active" ? null : `statuses ${(rule.statuses ?? "").replaceAll(";", ", ")}`,
    Number(rule.multiplier) === 1 ? null : `times ${quantity(rule.multiplier ?? null)}`,
    rule.minimum === null ? null : `at least ${quantity(rule.minimum ?? null)}`,
    rule.maximum === null ? null : `at most ${quantity(rule.maximum ?? null)}`,
    rule.client_id === null ? null : "for this client only",
  ].filter((part) => part !== null);
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}

const plain = (key: string, label: string, isNumber = false): TableColumn<Row> => ({
  key,
  label,
  isNumber,
  render: (row) => row[key] ?? "—",
  sortValue: (row) => (row[key] === null ? null : isNumber ? Number(row[key]) : (row[key] ?? null)),
});

function sortable(
  caption: string,
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  sort: string,
  empty: string,
): HTMLElement {
  const place = html`<div></div>`;
  let page = 0;
  let order = sort;
  const draw = (): void => {
    place.replaceChildren(
      dataTable({
        caption,
        rows,
        columns,
        sort: order,
        page,
        empty,
        onSort: (next) => {
          order = next;
          draw();
          (place.querySelector(`[data-sort="${next.replace("-", "")}"]`) as HTMLElement | null)?.focus();
        },
        onPage: (next) => {
          page = next;
          draw();
        },
      }),
    );
  };
  draw();
  return place;
}

function integrations({integrations: rows}: ClientData): HTMLElement {
  return sortable(
    "Integrations of this client",
    rows,
    [
      plain("connection_id", "Integration"),
      {
        key: "account_names",
        label: "Accounts",
        render: (row) => html`<bdi>${row.account_names}</bdi>`,
        sortValue: (row) => row.account_names ?? null,
      },
      plain("seats_total", "Seats", true),
      plain("seats_counted", "Counted", true),
      plain("seats_filtered", "Filtered", true),
      plain("seats_excluded", "Excluded", true),
      plain("seats_unaccounted", "Unaccounted", true),
      {
        key: "last_success_at",
        label: "Data as of",
        render: (row) => moment(row.last_success_at ?? null),
        sortValue: (row) => row.last_success_at ?? null,
      },
      {
        key: "health",
        label: "Health",
        render: (row) => healthMark(row.health ?? ""),
        sortValue: (row) => row.health ?? null,
      },
    ],
    "connection_id",
    "No account of any integration is linked to this client.",
  );
}

function seats(rows: readonly Row[], data: ClientData): HTMLElement {
  const place = html`<div></div>`;
  const announce = html`<p class="count" role="status" aria-live="polite"></p>`;
  const exporter = html`<button type="button">Export CSV</button>` as HTMLButtonElement;
  const names = new Map(data.products.map((one) => [`${one.connection_id}/${one.product_id}`, one.product_name]));
  const columns: TableColumn<Row>[] = [
    {
      key: "display_name",
      label: "Seat",
      render: (row) => html`<bdi>${row.display_name ?? row.seat_id}</bdi>`,
      sortValue: (row) => (row.display_name ?? row.seat_id ?? "").toLowerCase(),
    },
    plain("identifier", "Identifier"),
    plain("connection_id", "Integration"),
    {
      key: "product_id",
      label: "Product",
      render: (row) => names.get(`${row.connection_id}/${row.product_id}`) ?? row.product_id ?? "",
      sortValue: (row) => names.get(`${row.connection_id}/${row.product_id}`) ?? null,
    },
    plain("kind", "Kind"),
    plain("status", "Status"),
    {
      key: "disposition",
      label: "Disposition",
      render: (row) => html`<span>${words(row.disposition ?? null)} <small>${row.disposition_reason}</small></span>`,
      sortValue: (row) => row.disposition ?? null,
    },
    {
      key: "activity_state",
      label: "Activity",
      render: (row) => words(row.activity_state ?? null),
      sortValue: (row) => row.activity_state ?? null,
    },
    {
      key: "last_activity_at",
      label: "Last used",
      render: (row) => day(row.last_activity_at ?? null),
      sortValue: (row) => row.last_activity_at ?? null,
    },
  ];
  let search = "";
  const chosen: Record<string, string[]> = {
    connection_id: [],
    disposition: [],
    activity_state: [],
  };
  const draw = (): void => {
    const shown = rows.filter(
      (row) =>
        Object.entries(chosen).every(([column, values]) => values.length === 0 || values.includes(row[column] ?? "")) &&
        (search === "" || `${row.display_name} ${row.identifier}`.toLowerCase().includes(search.toLowerCase())),
    );
    announce.textContent = `${shown.length} of ${rows.length} seats`;
    place.replaceChildren(
      sortable("Seats of this client", shown, columns, "display_name", "No seat passes these filters."),
    );
    const labels = [
      "connection_id",
      "account_id",
      "product_id",
      "seat_id",
      "kind",
      "display_name",
      "identifier",
      "status",
      "created_at",
      "last_activity_at",
      "disposition",
      "disposition_reason",
      "rule_id",
      "activity_state",
      "days_inactive",
      "commitment_end",
    ];
    exporter.onclick = () =>
      download(
        "seats.csv",
        toCsv(
          labels.map((label) => ({
            label,
            value: (row: Row) => row[label] ?? null,
          })),
          shown,
        ),
      );
  };
  const several = (column: string, label: string): HTMLElement =>
    choices(label, [...new Set(rows.map((row) => row[column] ?? ""))].sort(), [], (values) => {
      chosen[column] = values;
      draw();
    });
  draw();
  return html`<div>${filterBar([
    searchField("Search seats", "", (text) => {
      search = text;
      draw();
    }),
    several("connection_id", "Integration"),
    several("disposition", "Disposition"),
    several("activity_state", "Activity"),
  ])}<div class="table-head">${announce}${exporter}</div>${place}</div>`;
}

function billed({services, flags}: ClientData): HTMLElement {
  return html`<div>${sortable(
    "Lines billed now",
    services,
    [
      {
        key: "service_name",
        label: "Service",
        render: (row) => row.service_name ?? "no service",
        sortValue: (row) => row.service_name ?? null,
      },
      plain("description", "Text"),
      {
        key: "invoice_number",
        label: "Invoice",
        render: (row) => row.invoice_number ?? (row.basis === "agreement" ? "by agreement" : "—"),
        sortValue: (row) => row.invoice_number ?? null,
      },
      {
        key: "period_start",
        label: "Period",
        render: (row) => `${day(row.period_start ?? null)} – ${dayBefore(row.period_end ?? null)}`,
        sortValue: (row) => row.period_start ?? null,
      },
      {
        key: "quantity",
        label: "Quantity",
        isNumber: true,
        render: (row) => quantity(row.quantity ?? null),
        sortValue: (row) => Number(row.quantity),
      },
      {
        key: "unit_price",
        label: "Price",
        isNumber: true,
        render: (row) => rate(row.unit_price ?? null, row.currency ?? "USD"),
        sortValue: (row) => (row.unit_price === null ? null : Number(row.unit_price)),
      },
      {
        key: "amount",
        label: "Amount",
        isNumber: true,
        render: (row) => money(row.amount ?? null, row.currency ?? null),
        sortValue: (row) => (row.amount === null ? null : Number(row.amount)),
      },
      {
        key: "is_credit",
        label: "Credit",
        render: (row) => (row.is_credit === "true" ? "Credit" : ""),
      },
    ],
    "service_name",
    "Nothing is billed to this client now.",
  )}<h3>Flags</h3>${
    flags.length === 0
      ? html`<p class="empty">No flags.</p>`
      : html`<ul class="plain-list">${flags.map(
          (flag) =>
            html`<li><span class=${`severity severity-${flag.severity}`}>${words(flag.severity ?? null)}</span> <strong>${words(flag.flag_code ?? null)}</strong>${flag.invoice_number === null ? "" : `, ${flag.invoice_number}`}: ${flag.message} <small>${flag.evidence}</small></li>`,
        )}</ul>`
  }</div>`;
}
