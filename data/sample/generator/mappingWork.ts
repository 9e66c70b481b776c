import type {Draft} from "./draft.js";

/** An account or a product that somebody has to decide about. */
export interface MappingWork {
  readonly kind: "unlinked_account" | "unaccounted_product";
  readonly connection: string;
  readonly account?: string;
  readonly product?: string;
  readonly seats: number;
  readonly suggested?: string;
}

export function addMappingWork({answers}: Draft, work: MappingWork): void {
  answers.mappingWork.push({
    kind: work.kind,
    connection_id: work.connection,
    account_id: work.account ?? null,
    product_id: work.product ?? null,
    seat_count: work.seats,
    suggested_client_id: work.suggested ?? null,
  });
}
