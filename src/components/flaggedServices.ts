import {html} from "htl";
import {centsIfKnown} from "../lib/cents.js";
import {fields} from "../lib/csv.js";
import {guideUrl} from "../lib/data.js";
import {daysInWords, money, words} from "../lib/format.js";
import {matches, mentions, optionsOf} from "../lib/matches.js";
import {rowsOf, type Table} from "../lib/rows.js";
import type {UrlState} from "../lib/urlState.js";
import {clientChip} from "./clientChip.js";
import {clientColumn} from "./clientColumn.js";
import {listing} from "./listing.js";
import {severityMark, severityRank} from "./marks.js";

export interface Flag {
  readonly client_id: string;
  readonly slug: string | null;
  readonly client_name: string | null;
  readonly flag_code: string;
  readonly severity: string;
  readonly service_id: string | null;
  readonly service_name: string | null;
  readonly invoice_id: string | null;
  readonly invoice_number: string | null;
  readonly line_id: string | null;
  readonly agreement_id: string | null;
  readonly message: string;
  readonly evidence: string | null;
  readonly amount_at_stake: string | null;
  readonly currency: string | null;
  readonly is_current: string;
}

export interface FlagData {
  readonly flags: Table;
}

/** Everything on invoices and agreements that a bookkeeper should look at. */
export function flaggedServices(data: FlagData, state: UrlState): HTMLElement {
  const flags = rowsOf<Flag>(data.flags);
  const services = (): string[] => [
    ...new Set(flags.filter(serviceFilter(state)).map((flag) => flag.service_name ?? flag.service_id ?? "")),
  ];
  return listing<Flag>({
    caption: "Flagged services",
    noun: "flag",
    filters: [
      clientChip(flags),
      {kind: "chip", name: "service", label: (keys) => `Service: ${services().join(", ") || keys}`},
      {kind: "search", name: "search", label: "Search client, service, invoice"},
      {kind: "several", name: "flag", label: "Flag", options: optionsOf(flags, "flag_code", words)},
      {
        kind: "several",
        name: "severity",
        label: "Severity",
        options: ["error", "warning", "info"].map((value) => ({value, label: words(value)})),
      },
      {
        kind: "one",
        name: "current",
        label: "Invoices",
        options: [
          {value: "true", label: "Billed now"},
          {value: "false", label: "Earlier"},
        ],
      },
    ],
    select: () => {
      const isOfService = serviceFilter(state);
      return flags.filter(
        (flag) =>
          (state.get("client") === "" || flag.client_id === state.get("client")) &&
          isOfService(flag) &&
          matches(flag, state, {flag: "flag_code", severity: "severity", current: "is_current"}) &&
          mentions(state.get("search"), flag.client_name, flag.client_id, flag.service_name, flag.invoice_number),
      );
    },
    total: flags.length,
    columns: () => [
      clientColumn({query: "tab=services"}),
      {
        key: "severity",
        label: "Severity",
        render: (flag) => severityMark(flag.severity),
        sortValue: (flag) => severityRank(flag.severity),
      },
      {
        key: "flag",
        label: "Flag",
        render: (flag) => html`<a href=${guideUrl("flags")}>${words(flag.flag_code)}</a>`,
        sortValue: (flag) => flag.flag_code,
      },
      {
        key: "service",
        label: "Service",
        isLong: true,
        render: (flag) => html`<bdi>${flag.service_name ?? "—"}</bdi>`,
        sortValue: (flag) => flag.service_name,
      },
      {
        key: "invoice",
        label: "Invoice",
        render: (flag) => html`<bdi>${flag.invoice_number ?? flag.invoice_id ?? "—"}</bdi>`,
        sortValue: (flag) => flag.invoice_number,
      },
      {
        key: "message",
        label: "What it means",
        isLong: true,
        comesFirst: true,
        render: (flag) =>
          html`<span>${flag.message}${flag.evidence === null ? "" : html`<small>${daysInWords(flag.evidence)}</small>`}</span>`,
        sortValue: (flag) => flag.message,
      },
      {
        key: "stake",
        label: "At stake",
        isNumber: true,
        render: (flag) => (flag.amount_at_stake === null ? "—" : money(flag.amount_at_stake, flag.currency)),
        sortValue: (flag) => centsIfKnown(flag.amount_at_stake),
        currencyOf: (flag) => flag.currency,
      },
    ],
    csv: fields<Flag>(
      "client_id",
      "client_name",
      "flag_code",
      "severity",
      "service_id",
      "service_name",
      "invoice_id",
      "invoice_number",
      "line_id",
      "agreement_id",
      "message",
      "evidence",
      "amount_at_stake",
      "currency",
      "is_current",
    ),
    file: "flagged-services",
    sort: "severity",
    empty: "Nothing on any invoice or agreement is flagged.",
    state,
  });
}

/** Tells flags of the services that a link names as `service:<id>`, one as it is or several in a list; all where it names none. */
function serviceFilter(state: UrlState): (flag: Flag) => boolean {
  const named = state.get("service");
  if (named === "") return () => true;
  const listed = state.list("service");
  const keys = listed.every((key) => /^(service|product):/.test(key)) ? listed : [named];
  return ({service_id}) => service_id !== null && keys.includes(`service:${service_id}`);
}
