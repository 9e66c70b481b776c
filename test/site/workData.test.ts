import {expect, it} from "vitest";
import {work} from "../../loaders/site/data/workData.js";
import {givenMarts, shownOf} from "./givenMarts.js";

it("calls clients, services and products that are gone as the closed months did, else by their ids", async () => {
  const decision = {state: "settled", decision: "bill"};
  const change = {period: "2026-10", change_kind: "resolved", currency: "USD", connection_ids: "rmm"};
  const database = await givenMarts({
    psa_clients: [{client_id: "C1", client_name: "Acme"}],
    services: [{service_id: "S1", service_name: "Backup"}],
    decisions: [
      {decision_id: "a", client_id: "C1", service_id: "S1", ...decision},
      {decision_id: "b", client_id: "C2", service_id: "S2", ...decision},
      {decision_id: "c", client_id: "C2", connection_id: "rmm", product_id: "P1", ...decision},
      {decision_id: "d", client_id: "C3", service_id: "S3", ...decision},
    ],
    history_changes: [
      {client_id: "C1", client_name: "Acme of old", service_id: "S1", service_name: "Backup of old", ...change},
      {client_id: "C2", client_name: "Bolt", service_id: "S2", service_name: "Scan", ...change},
      {client_id: "C2", client_name: "Bolt", product_id: "P1", product_name: "Scanner", ...change},
    ],
  });
  try {
    await database.run("create table pages as select 'C1' as client_id, 'c1' as slug");
    expect(await shownOf(database, work.gone, "client_name", "label")).toEqual([
      ...["Acme Backup", "Bolt Scan", "Bolt Scanner", "C3 S3"],
    ]);
  } finally {
    database.close();
  }
});
