// @vitest-environment jsdom
import {expect, it} from "vitest";
import {verdict} from "../../src/components/verdict.js";
import type {ClientData} from "../../src/lib/clientData.js";

const row = (service_name: string, status: string, count_state: string) => ({
  ...{reconciliation_id: service_name, service_id: service_name, service_name, status, count_state},
  billed_basis: "invoice" as string | null,
});
const said = (...rows: ReturnType<typeof row>[]): string => {
  const none = {flags: [], work: [], rules: [], sources: [], integrations: [], connections: []};
  const text = verdict({rows, ...none} as unknown as ClientData).textContent ?? "";
  return text.replace(/\s+/g, " ").trim();
};

it("says of what agrees with an old or partial count that it does so only by that", () => {
  const known = row("Mail", "reconciled", "known");
  const one = "No discrepancies: 1 service compared, each as many as expected.";
  expect(said(known)).toBe(`${one} Everything that is billed was compared.`);
  const text = said(known, row("Backup", "reconciled", "stale"), row("MFA", "reconciled", "partial"));
  expect(text).toContain("No discrepancies: 3 services compared, each as many as expected.");
  expect(text).toContain("Reconciled by stale data only: Backup.");
  expect(text).toContain("Reconciled by partial data only: MFA.");
  expect(said(known, row("Backup", "discrepancy", "stale"))).not.toContain("data only");
});

it("calls nothing that is used only billed and compared", () => {
  const used = {...row("Mail", "discrepancy", "known"), billed_basis: null};
  expect(said(used)).toBe("1 discrepancy, 0 services reconciled. Nothing is billed to this client now.");
  expect(said(used, row("Backup", "reconciled", "known"))).toContain("Everything that is billed was compared.");
});

it("calls nothing compared of a client without anything billed or used", () => {
  expect(said()).toBe("Nothing is billed to this client now, and nothing is known to be used: nothing was compared.");
});

it("offers to decide about discrepancies where it names them, not between what was not compared and its list", () => {
  const work = [{decision_state: "open"}];
  const rows = [row("Mail", "discrepancy", "known"), row("Labour", "not_reconciled", "no_data")];
  const none = {flags: [], rules: [], sources: [], integrations: [], connections: []};
  const made = verdict({rows, work, ...none} as unknown as ClientData);
  expect(made.querySelector("button")?.closest("p")?.textContent).toBe(
    "1 discrepancy, 0 services reconciled. Decide about it",
  );
  expect(made.querySelector("ul")?.previousElementSibling?.textContent).toBe("Not compared:");
});
