import {html} from "htl";
import type {TableColumn} from "./dataTable.js";

export interface OfClient {
  readonly client_name: string | null;
  /** Of the client's page; null where there is none. */
  readonly slug: string | null;
}

/** The column of clients in a table of any page at the root, each with a link to a tab of its own page. */
export function clientColumn<Row extends OfClient>({
  query,
  foot,
}: {
  /** What of its page, as the query of the address. */
  readonly query?: string;
  readonly foot?: string;
} = {}): TableColumn<Row> {
  return {
    key: "client",
    label: "Client",
    isLong: true,
    render: ({slug, client_name}) =>
      slug === null
        ? html`<bdi>${client_name ?? "—"}</bdi>`
        : html`<a href=${`./clients/${slug}${query === undefined ? "" : `?${query}`}`}><bdi>${client_name}</bdi></a>`,
    sortValue: ({client_name}) => client_name,
    foot,
  };
}
