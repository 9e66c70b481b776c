import {expect, it} from "vitest";
import {acceptable, type ClientMappingData, readClientMapping} from "../../src/lib/accounts.js";
import type {MappingDraft} from "../../src/lib/mappingDraft.js";
import {table} from "../components/mappingData.js";

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
  const built = ["taken", "linked"].map((account_id) => ({connection_id: "rmm", account_id, client_id: "C1"}));
  const mapping = readClientMapping(data, built);
  const keyOf = (id: string): string => mapping.accounts.find(({account_id}) => account_id === id)?.key ?? "";
  const edit = (account_id: string, after: object | null) => ({
    ...{fileName: "mappings/clients.csv", key: keyOf(account_id), before: null, after},
  });
  // What was taken back in this browser is decided in the file until it is saved and built.
  const edits = [edit("taken", null), edit("edited", {account_id: "edited", client_id: "C9"})];
  const draft = {edits: () => edits} as unknown as MappingDraft;
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
