import {type Draft, put} from "./draft.js";
import {putSeat} from "./usageRows.js";

/** A seat of a kind that nobody knows: its row is quarantined, and nothing else. */
export function putBrokenSeat(draft: Draft): void {
  putSeat(draft, "rmm", {
    seat_id: "broken-1",
    account_id: "rmm-0",
    product_id: "rmm-agent",
    kind: "laptop",
    display_name: "Unknown kind",
    created_at: null,
  });
}

/** A seat that is excluded, and an account whose exclusion has ended, so that it counts. */
export function putExclusions(draft: Draft): void {
  putSeat(draft, "rmm", {
    seat_id: "spare-49",
    account_id: "rmm-49",
    product_id: "rmm-agent",
    kind: "workstation",
    display_name: "Spare for loan",
    identifier: "spare-49",
    last_activity_at: "2026-11-22T22:00:00Z",
  });
  put(
    draft,
    "mappings/exclusions",
    {
      connection_id: "rmm",
      account_id: "rmm-49",
      seat_id: "spare-49",
      reason: "spare device, free of charge",
      expires_on: "2026-12-31",
    },
    {connection_id: "rmm", account_id: "rmm-50", reason: "onboarding", expires_on: "2026-06-30"},
  );
}
