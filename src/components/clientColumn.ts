import {html} from "htl";
import type {TableColumn} from "./dataTable.js";

export interface OfClient {
  readonly client_name: string | null;
  /** Of the client's page; null where there is none. */
  readonly slug: string | null;
}

/** The column of clients in a table of any page at the root, each with a link to a tab of its own page. */
export function clientColumn<Row extends OfClient>({
  tab,
  foot,
}: {
  readonly tab?: "seats" | "services";
  readonly foot?: string;
} = {}): TableColumn<Row> {
  const query = tab === undefined ? "" : `?tab=${tab}`;
  return {
    key: "client",
    label: "Client",
    isLong: true,
    render: ({slug, client_name}) =>
      slug === null
        ? html`<bdi>${client_name ?? "—"}</bdi>`
        : html`<a href=${`./clients/${slug}${query}`}><bdi>${client_name}</bdi></a>`,
    sortValue: ({client_name}) => client_name,
    ...(foot === undefined ? {} : {foot}),
  };
}
