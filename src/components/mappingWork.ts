import {html} from "htl";
import {fields} from "../lib/csv.js";
import {percent, plural, quantity} from "../lib/format.js";
import {matches, mentions, optionsOf} from "../lib/matches.js";
import {rowsOf, type Table} from "../lib/rows.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {listing} from "./listing.js";

export interface MappingData {
  readonly work: Table;
  /** Those that were read: without any, that nothing is left to decide says nothing. */
  readonly integrations: Table;
}

interface Work {
  readonly kind: string;
  readonly connection_id: string;
  readonly account_id: string | null;
  readonly product_id: string | null;
  readonly name: string | null;
  readonly domain: string | null;
  readonly seat_count: string | null;
  readonly client_count: string | null;
  readonly suggested_client_id: string | null;
  readonly suggested_client_name: string | null;
  readonly suggested_service_id: string | null;
  readonly suggested_service_name: string | null;
  readonly score: string | null;
  readonly evidence: string | null;
  readonly slug: string | null;
}

const kinds: Readonly<Record<string, string>> = {
  unlinked_account: "Account without a client",
  unaccounted_product: "Product that no rule covers",
};

/** What somebody has to decide, with a suggestion where a name or domain speaks for one. */
export function mappingWork(data: MappingData, state: UrlState = urlState()): HTMLElement {
  const work = rowsOf<Work>(data.work);
  const isRead = rowsOf<{connection_id: string}>(data.integrations).length > 0;
  const count = (kind: string, noun: string): string => plural(work.filter((row) => row.kind === kind).length, noun);
  return html`<div>
    <div class="panels">
      <section class="panel"><h2><a href="./mapping/clients">Client mapping</a></h2>
        <p>${isRead ? html`<strong>${count("unlinked_account", "account")}</strong> without a client. What they use is in no client’s figures.` : "No integration has been read yet, so no account is known."}</p></section>
      <section class="panel"><h2><a href="./mapping/services">Service mapping</a></h2>
        <p>${isRead ? html`<strong>${count("unaccounted_product", "product")}</strong> in use that no rule covers, shown as unaccounted.${work.some(({kind}) => kind === "unlinked_account") ? " What accounts without a client use is not among them." : ""}` : "No integration has been read yet, so no product is known."}</p></section>
    </div>
    <h2>What is left to decide</h2>
    ${listing<Work>({
      caption: "Mapping work",
      noun: "item",
      filters: [
        {kind: "search", name: "search", label: "Search account, product"},
        {
          kind: "one",
          name: "kind",
          label: "What is missing",
          options: Object.entries(kinds).map(([value, label]) => ({value, label})),
        },
        {kind: "several", name: "integration", label: "Integration", options: optionsOf(work, "connection_id")},
      ],
      select: () =>
        work.filter(
          (row) =>
            matches(row, state, {kind: "kind", integration: "connection_id"}) &&
            mentions(
              state.get("search"),
              row.name,
              row.account_id,
              row.product_id,
              row.domain,
              row.suggested_client_name,
              row.suggested_service_name,
            ),
        ),
      total: work.length,
      columns: () => [
        {
          key: "name",
          label: "Account or product",
          isLong: true,
          render: (row) =>
            html`<span><a href=${decideAddress(row)}><bdi>${row.name ?? idOf(row)}</bdi></a><small>${[idOf(row), row.domain].filter((part) => part !== null).join(" · ")}</small></span>`,
          sortValue: (row) => row.name ?? idOf(row),
        },
        {
          key: "kind",
          label: "What is missing",
          render: (row) => kinds[row.kind] ?? row.kind,
          sortValue: (row) => row.kind,
        },
        {
          key: "integration",
          label: "Integration",
          render: (row) => row.connection_id,
          sortValue: (row) => row.connection_id,
        },
        {
          key: "seats",
          label: "Seats",
          isNumber: true,
          render: (row) => quantity(row.seat_count),
          sortValue: (row) => (row.seat_count === null ? null : Number(row.seat_count)),
        },
        {
          key: "clients",
          label: "Clients",
          isNumber: true,
          render: (row) => quantity(row.client_count),
          sortValue: (row) => (row.client_count === null ? null : Number(row.client_count)),
        },
        {
          key: "suggestion",
          label: "Suggestion",
          isLong: true,
          render: suggestion,
          sortValue: (row) => row.suggested_client_name ?? row.suggested_service_name,
        },
        {
          key: "score",
          label: "Resemblance",
          isNumber: true,
          render: (row) => (row.score === null ? "—" : percent(row.score)),
          sortValue: (row) => (row.score === null ? null : Number(row.score)),
        },
      ],
      csv: fields<Work>(
        "kind",
        "connection_id",
        "account_id",
        "product_id",
        "name",
        "domain",
        "seat_count",
        "client_count",
        "suggested_client_id",
        "suggested_client_name",
        "suggested_service_id",
        "suggested_service_name",
        "score",
        "evidence",
      ),
      file: "mapping-work",
      sort: "-seats",
      empty: isRead
        ? "Nothing is left to decide: of the integrations that were read, every account is linked or excluded, and every product in use is covered by a rule."
        : "What is left to decide is not known before an integration has been read.",
      state,
    })}
    <p class="quiet">A suggestion never moves money. Decisions are rows of <code>mappings/clients.csv</code> and <code>mappings/services.csv</code>; single seats are left out in <code>mappings/exclusions.csv</code>.</p>
  </div>`;
}

function idOf({account_id, product_id}: Work): string {
  return account_id ?? product_id ?? "";
}

/** Where the decision about it is made. */
function decideAddress({account_id, product_id, connection_id}: Work): string {
  const query = new URLSearchParams({integration: connection_id});
  if (account_id === null) query.set("product", product_id ?? "");
  else query.set("search", account_id);
  return `./mapping/${account_id === null ? "services" : "clients"}?${query}`;
}

function suggestion(row: Work): Node {
  const evidence = html`<small>${row.evidence}</small>`;
  if (row.suggested_client_id !== null) {
    const name = html`<bdi>${row.suggested_client_name ?? row.suggested_client_id}</bdi>`;
    return html`<span>${row.slug === null ? name : html`<a href=${`./clients/${row.slug}`}>${name}</a>`}${evidence}</span>`;
  }
  if (row.suggested_service_id !== null)
    return html`<span>${row.suggested_service_name ?? row.suggested_service_id}${evidence}</span>`;
  return html`<span class="quiet">none</span>`;
}
