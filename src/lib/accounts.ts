import {type CsvRow, keyOf} from "./csvText.js";
import {groupBy} from "./groupBy.js";
import type {MappingDraft} from "./mappingDraft.js";
import {mappingFile, mappingTables} from "./mappingTables.js";
import {rowsOf, type Table} from "./rows.js";

type Text = string | null;

/** Data of the client mapping page, as the build writes it. */
export interface ClientMappingData {
  readonly accounts: Table;
  readonly products: Table;
  readonly suggestions: Table;
  readonly clients: Table;
  readonly services: Table;
  readonly client_services: Table;
}

export interface PsaClient {
  readonly client_id: string;
  readonly client_name: string;
  readonly status: string;
  /** Null where there is no page for it. */
  readonly slug: Text;
}

export interface Suggestion {
  readonly connection_id: string;
  readonly account_id: string;
  readonly reason: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly score: string;
  readonly evidence: string;
}

export interface AccountProduct {
  readonly connection_id: string;
  readonly account_id: string;
  readonly product_id: string;
  readonly product_name: Text;
  readonly seats: string;
}

export interface ClientService {
  readonly client_id: string;
  readonly service_id: string;
  readonly service_name: string;
  /** Integrations in which a rule counts it, separated by semicolons; null where none does. */
  readonly connection_ids: Text;
  readonly invoiced: Text;
  /** Null where it was not counted. */
  readonly expected: Text;
}

/** The vendor's word for a client, with what the build knows of it. */
export interface Account {
  readonly key: string;
  readonly connection_id: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly domain: Text;
  /** Null where they were never read. */
  readonly seats: Text;
  readonly products: readonly AccountProduct[];
  readonly suggestions: readonly Suggestion[];
  /** The row that decides about it as the build read it. */
  readonly decided: CsvRow | null;
  readonly list: AccountList;
}

/** unlinked: nobody decided. doubtful: linked to a client that it does not resemble, while it does resemble another. */
export type AccountList = "unlinked" | "doubtful" | "linked" | "excluded";

export interface ClientMapping {
  readonly accounts: readonly Account[];
  readonly clients: ReadonlyMap<string, PsaClient>;
  readonly services: (clientId: string) => readonly ClientService[];
}

const file = mappingFile("clients");
const {key} = mappingTables.clients;

/** Puts the page's tables and the mapping file as it was built together. */
export function readClientMapping(data: ClientMappingData, built: readonly CsvRow[]): ClientMapping {
  const ofAccount = (row: {connection_id: string; account_id: string}): string => keyOf({...row}, key);
  const products = groupBy(rowsOf<AccountProduct>(data.products), ofAccount);
  const suggestions = groupBy(rowsOf<Suggestion>(data.suggestions), ofAccount);
  const decisions = new Map(built.map((row) => [keyOf(row, key), row]));
  const names = new Map(
    rowsOf<{service_id: string; service_name: string}>(data.services).map((row) => [row.service_id, row.service_name]),
  );
  const services = groupBy(
    rowsOf<Omit<ClientService, "service_name">>(data.client_services).map((row) => ({
      ...row,
      service_name: names.get(row.service_id) ?? row.service_id,
    })),
    ({client_id}) => client_id,
  );
  type Row = Pick<Account, "connection_id" | "account_id" | "account_name" | "domain" | "seats">;
  return {
    accounts: rowsOf<Row>(data.accounts).map((row): Account => {
      const id = ofAccount(row);
      const decided = decisions.get(id) ?? null;
      const offered = suggestions.get(id) ?? [];
      return {
        ...row,
        key: id,
        products: products.get(id) ?? [],
        suggestions: offered,
        decided,
        list: listOf(decided, offered),
      };
    }),
    clients: new Map(rowsOf<PsaClient>(data.clients).map((client) => [client.client_id, client])),
    services: (clientId) => services.get(clientId) ?? [],
  };
}

function listOf(decided: CsvRow | null, suggestions: readonly Suggestion[]): AccountList {
  if (decided === null) return "unlinked";
  if (decided.status === "excluded") return "excluded";
  return suggestions.some(({reason}) => reason === "doubtful") ? "doubtful" : "linked";
}

/** What is decided about an account as the draft stands; null where nothing is. */
export function decisionOf(account: Account, draft: MappingDraft): CsvRow | null {
  const edit = editOf(account, draft);
  return edit === undefined ? account.decided : edit.after;
}

export function editOf({connection_id, account_id}: Account, draft: MappingDraft) {
  return draft.editOf(file, {connection_id, account_id});
}

export function linkAccount(account: Account, clientId: string, note: string, draft: MappingDraft): void {
  put(account, {client_id: clientId, status: "confirmed", note}, draft);
}

export function excludeAccount(account: Account, reason: string, draft: MappingDraft): void {
  put(account, {client_id: "", status: "excluded", note: reason}, draft);
}

/** Leaves the account undecided again. */
export function unlinkAccount({connection_id, account_id}: Account, draft: MappingDraft): void {
  draft.remove(file, {connection_id, account_id});
}

function put({decided, connection_id, account_id}: Account, fields: CsvRow, draft: MappingDraft): void {
  draft.put(file, {...decided, connection_id, account_id, ...fields});
}

/** `0.95` → accounts nobody decided about whose best suggestion scores as much, with that suggestion. */
export function acceptable(
  {accounts}: ClientMapping,
  threshold: number,
  draft: MappingDraft,
): {account: Account; suggestion: Suggestion}[] {
  return accounts.flatMap((account) => {
    const [suggestion, second] = account.suggestions;
    if (suggestion === undefined || account.list !== "unlinked" || decisionOf(account, draft) !== null) return [];
    // Two clients that fit equally well are for a person to tell apart.
    const isTie = second !== undefined && second.score === suggestion.score;
    return Number(suggestion.score) >= threshold && !isTie ? [{account, suggestion}] : [];
  });
}
