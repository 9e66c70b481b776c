// @vitest-environment jsdom
import {expect, it} from "vitest";
import {integrationStatus} from "../../src/components/integrationStatus.js";

it("shows how many rows were quarantined, and which id was probably meant by one that leads nowhere", () => {
  const page = integrationStatus({
    integrations: {
      columns: [
        ...["connection_id", "connector", "kind", "health", "health_reason", "last_success_at", "last_attempt_at"],
        ...["last_error", "rows_kept", "rows_quarantined", "reports_activity"],
        ...["accounts_total", "accounts_linked", "accounts_excluded", "seats_total", "seats_unaccounted"],
      ],
      rows: [
        [
          ...["rmm", "csv-usage", "usage", "green", "The last sync succeeded.", "2026-11-23T02:00:00Z"],
          ...["2026-11-23T02:00:00Z", null, "57", "3", "true", "2", "2", "0", "57", "0"],
        ],
      ],
    },
    problems: {
      columns: ["problem", "connection_id", "table_name", "column_name", "missing_id", "row_count", "similar_id"],
      rows: [
        ["unlisted", "rmm", "seats", "account_id", "Tenant", "2", "tenant"],
        ["unlisted", "rmm", "seats", "account_id", "other", "1", null],
      ],
    },
  });
  expect(page.querySelector("tbody strong")?.textContent).toBe("3");
  const ids = [...page.querySelectorAll("section tbody td:nth-child(4)")].map(({textContent}) => textContent);
  expect(ids).toEqual(["Tenantis tenant meant?", "other"]);
});
