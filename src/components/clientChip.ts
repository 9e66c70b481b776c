import type {Filter} from "./filters.js";

interface Named {
  readonly client_id: string;
  readonly client_name: string | null;
}

/** The filter by the one client that a link leads to, under its name as the rows have it. */
export function clientChip(rows: readonly Named[]): Filter {
  const names = new Map(rows.map(({client_id, client_name}) => [client_id, client_name]));
  return {kind: "chip", name: "client", label: (id) => `Client: ${names.get(id) ?? id}`};
}
