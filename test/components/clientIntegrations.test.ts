// @vitest-environment jsdom
import {expect, it} from "vitest";
import {clientIntegrations} from "../../src/components/clientIntegrations.js";
import type {ClientData, ClientIntegration} from "../../src/lib/clientData.js";

const synced: ClientIntegration = {
  ...{connection_id: "m365", accounts_linked: "1", seats_total: "23", seats_deleted: "1", seats_counted: "20"},
  ...{seats_filtered: "1", seats_excluded: "1", seats_unaccounted: "0"},
  ...{last_success_at: "2026-11-23T02:00:00Z", last_attempt_at: "2026-11-23T02:00:00Z"},
  ...{health: "green", health_reason: "The last sync succeeded."},
};
const neverSynced: ClientIntegration = {
  ...{connection_id: "rmm", accounts_linked: null, seats_total: null, seats_deleted: null, seats_counted: null},
  ...{seats_filtered: null, seats_excluded: null, seats_unaccounted: null},
  ...{last_success_at: null, last_attempt_at: "2026-11-23T02:00:00Z"},
  ...{health: "red", health_reason: "The last sync failed and there is no earlier data."},
};

it("does not show as nothing, nor as not linked, what a connection never delivered", () => {
  const data = {
    integrations: [synced, neverSynced],
    accounts: [{connection_id: "m365", account_id: "t1", account_name: "Acme", domain: null, note: null}],
    connections: ["psa", "m365", "rmm", "edr", "passwords"].map((connection_id) => ({
      ...{connection_id, kind: connection_id === "psa" ? "psa" : "usage"},
      last_success_at: connection_id === "passwords" ? null : "2026-11-23T02:00:00Z",
    })),
  } as unknown as ClientData;
  const shown = clientIntegrations(data);
  const [m365, rmm] = [...shown.querySelectorAll("tbody tr")].map((row) =>
    [...row.querySelectorAll("td")].map(({textContent}) => textContent),
  );
  expect(m365?.slice(0, 6)).toEqual(["Acmet1", "231 deleted", "20", "1", "1", "0"]);
  expect(rmm?.slice(0, 6)).toEqual(["unknown: the connection never synced", ...Array(5).fill("unknown")]);
  expect([...shown.querySelectorAll("p.quiet")].map(({textContent}) => textContent)).toEqual([
    "Not linked to this client: edr.",
    "Never read, so nothing is known of this client there: passwords.",
  ]);
});
