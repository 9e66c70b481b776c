import {describe, expect, it} from "vitest";
import {reconcileRows} from "./harness.js";
import {ordinaryWorld, pick} from "./ordinary.js";

const nothing = {agreements: [], agreement_lines: [], accounts: [], seats: [], mappingClients: []};

describe("a client", () => {
  it("is listed for a one-off agreement on the days that it is live, and only then", async () => {
    const agreements = {
      first: {start_date: "2026-11-23"},
      ending: {start_date: "2026-01-01", end_date: "2026-11-24"},
      later: {start_date: "2026-11-24"},
      ended: {start_date: "2026-01-01", end_date: "2026-11-23"},
      cancelled: {start_date: "2026-01-01", status: "cancelled"},
    };
    const ids = Object.keys(agreements);
    const marts = await reconcileRows(
      ordinaryWorld({
        ...nothing,
        clients: ids.map((client_id) => ({client_id, client_name: client_id})),
        agreements: Object.entries(agreements).map(([id, given]) => ({
          ...{agreement_id: id, client_id: id, billing_cycle: "one_time", ...given},
        })),
      }),
    );
    expect(pick(marts, "clients", "client_id", "billing_cycle", "next_invoice_date")).toEqual(
      ["ending", "first"].map((client_id) => ({client_id, billing_cycle: null, next_invoice_date: null})),
    );
  });
});

describe("a workspace without clients", () => {
  it("has a summary in its currency that counts nothing", async () => {
    const [row, ...others] = (await reconcileRows(ordinaryWorld({...nothing, clients: []}))).summary ?? [];
    const {as_of, currency, coverage_lines, coverage_amount, ...numbers} = row ?? {};
    expect(others).toEqual([]);
    expect({currency, coverage_lines, coverage_amount}).toEqual({
      ...{currency: "USD", coverage_lines: null, coverage_amount: null},
    });
    expect(Object.values(numbers).filter((value) => value !== "0" && value !== "0.00")).toEqual([]);
  });
});
