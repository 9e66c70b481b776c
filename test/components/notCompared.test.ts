// @vitest-environment jsdom
import {expect, it} from "vitest";
import {integrationStatus} from "../../src/components/integrationStatus.js";
import {mappingWork} from "../../src/components/mappingWork.js";
import {memoChoice} from "../../src/components/memoChoice.js";
import {serviceMapping} from "../../src/components/serviceMapping.js";
import {workList} from "../../src/components/workList.js";
import {fakePreview, files, table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

const none = {columns: [], rows: []};
const psa = {
  ...{
    connection_id: "psa",
    connector: "csv-psa",
    kind: "psa",
    health: "green",
    health_reason: "The last sync succeeded.",
  },
  ...{last_success_at: "2026-11-23T02:00:00Z", last_attempt_at: "2026-11-23T02:00:00Z", last_error: null},
  ...{rows_kept: "6", rows_quarantined: "0", reports_activity: null, accounts_total: null, accounts_linked: null},
  ...{accounts_excluded: null, seats_total: null, seats_deleted: null, seats_unaccounted: null},
};

it("never shows as done what could not be compared, in a workspace of a PSA alone", () => {
  const state = stateOf();
  expect(workList({totals: none, rows: none}, {files, workspace: "a"}, state).textContent).toContain(
    "Of what could be compared, nothing is open.",
  );
  expect(mappingWork({work: none}, state).textContent).toContain("of the integrations that were read");
  expect(memoChoice({clients: none}).textContent).toContain("Of what could be compared, no client");
  const mapping = serviceMapping(
    {
      connections: none,
      products: none,
      kinds: none,
      services: none,
      counts: none,
      rules: none,
      clients: none,
      presets: [],
    },
    {files, workspace: "a", openPreview: async () => fakePreview().preview},
    state,
  );
  expect(mapping.textContent).toContain("No integration has been read yet, so no product is known.");
});

it("says what is missing where no connection says what is used", () => {
  const page = (integrations: Readonly<Record<string, string | null>>): string =>
    integrationStatus({integrations: table(integrations), quarantines: none, quarantined: none, problems: none})
      .textContent ?? "";
  expect(page(psa)).toContain("No connection says what is used, so nothing can be compared.");
  expect(page({...psa, kind: "usage"})).not.toContain("nothing can be compared");
});
