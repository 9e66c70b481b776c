import {expect, it} from "vitest";
import {acceptable, type ClientMappingData, readClientMapping} from "../../src/lib/accounts.js";
import {openMappingDraft} from "../../src/lib/mappingDraft.js";
import {files, table} from "../components/mappingData.js";
import {memoryStorage} from "./memoryStorage.js";

const accountOf = (account_id: string) => ({connection_id: "rmm", account_id});
const accounts = ["clear", "enough", "doubtful", "tied", "unknown", "taken", "linked", "edited"];
const suggestion = (account_id: string, client_id: string, score: string) => ({
  ...{connection_id: "rmm", account_id, client_id, client_name: client_id, score},
  ...{reason: "unlinked", evidence: "same name"},
});
const data: ClientMappingData = {
  accounts: table(
    ...accounts.map((account_id) => ({
      ...{connection_id: "rmm", account_id, account_name: account_id, domain: null, seats: "1"},
    })),
  ),
  suggestions: table(
    ...[suggestion("clear", "C1", "1.0000"), suggestion("clear", "C2", "0.9600")],
    ...[suggestion("enough", "C3", "0.9500"), suggestion("doubtful", "C4", "0.9499")],
    ...[suggestion("tied", "C5", "1.0000"), suggestion("tied", "C6", "1.0000")],
    ...["taken", "linked", "edited"].map((account) => suggestion(account, "C7", "1.0000")),
  ),
  ...{products: table(), clients: table(), services: table(), client_services: table()},
};

it("accepts at once only what nobody decided and one client fits alone and well enough", () => {
  const header = "connection_id,account_id,client_id,status,note,decided_by,decided_at";
  const rows = ["taken", "linked"].map((account_id) => ({
    ...accountOf(account_id),
    client_id: "C1",
    status: "confirmed",
  }));
  const clients = [header, ...rows.map(({account_id}) => `rmm,${account_id},C1,confirmed,,,`), ""].join("\n");
  const mapping = readClientMapping(data, rows);
  const draft = openMappingDraft({...files, clients}, {workspace: "Test", storage: memoryStorage()});
  // What was taken back in this browser is decided in the file until it is saved and built.
  draft.remove("mappings/clients.csv", accountOf("taken"));
  draft.put("mappings/clients.csv", {...accountOf("edited"), client_id: "C9", status: "confirmed"});
  const found = (threshold: number) =>
    acceptable(mapping, threshold, draft).map((one) => [one.account.account_id, one.suggestion.client_id]);
  expect(found(0.95)).toEqual([
    ["clear", "C1"],
    ["enough", "C3"],
  ]);
  expect(found(0)).toEqual([
    ["clear", "C1"],
    ["enough", "C3"],
    ["doubtful", "C4"],
  ]);
});
