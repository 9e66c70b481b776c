import {expect, it} from "vitest";
import type {ClientData, ServiceRow} from "../../src/lib/clientData.js";
import {whyUnknown} from "../../src/lib/whyUnknown.js";

const connection = (connection_id: string, health = "green", last_success_at: string | null = "2026-11-23") => ({
  ...{connection_id, health, last_success_at},
  health_reason: `is ${health}.`,
});
const linked = (connection_id: string, last_success_at: string | null = "2026-11-23") => ({
  ...connection(connection_id, last_success_at === null ? "yellow" : "green", last_success_at),
});
const rule = (rule_id: string, connection_id: string, service_id = "mail", is_reported = "false") => ({
  ...{rule_id, connection_id, service_id, is_reported},
  count_method: "purchased",
});
const why = (count_state: string, given: object): string[] =>
  whyUnknown(
    {reconciliation_id: "R", service_id: "mail", count_state} as ServiceRow,
    {rules: [], sources: [], integrations: [], connections: [], ...given} as unknown as ClientData,
  );

it("says of each rule without data what it lacks: connection, account, sync or what it counts", () => {
  const rules = ["gone", "unread", "stale", "unlinked", "never", "refused", "silent"].map((id) => rule(id, id));
  const connections = [
    ...[connection("unread", "red", null), connection("stale", "yellow")],
    ...["unlinked", "never", "refused", "silent"].map((id) => connection(id)),
  ];
  const integrations = [linked("never", null), {...linked("refused"), seats_total: null}, linked("silent")];
  expect(why("no_data", {rules, connections, integrations})).toEqual([
    "gone is not a connection of this workspace.",
    "unread: is red.",
    "No account of stale is linked to this client. stale: is yellow.",
    "No account of unlinked is linked to this client.",
    "never: is yellow.",
    "refused could not read what this client uses yet.",
    "silent does not report purchased.",
  ]);
});

it("says nothing of a rule that has data, of another service, or that counted none", () => {
  const given = {
    rules: [rule("R1", "m365"), rule("R2", "m365", "backup")],
    connections: [connection("m365")],
    integrations: [linked("m365")],
  };
  const sources = (reconciliation_id: string) => [{reconciliation_id, rule_id: "R1"}];
  expect(why("partial", {...given, sources: sources("R")})).toEqual([]);
  expect(why("partial", {...given, sources: sources("another")})).toEqual(["m365 does not report purchased."]);
  expect(why("partial", {...given, rules: [rule("R1", "m365", "mail", "true")]})).toEqual([]);
  expect(why("known_zero", given)).toEqual([]);
});
