// @vitest-environment jsdom
import {expect, it, vi} from "vitest";
import {decideDialog} from "../../src/components/decideDialog.js";
import type {WorkRow} from "../../src/lib/clientData.js";

const row = {
  ...{client_id: "C1", client_name: "Acme", service_id: "S1", service_name: "Mail", currency: "USD"},
  ...{decision_state: "open", invoiced_quantity: "20.0000", expected_quantity: "24.0000", delta_quantity: "4.0000"},
  ...{impact_monthly: "48.00", decision_reason: null, owner: null},
} as WorkRow;

function open(given: Partial<WorkRow> = {}) {
  const onDecide = vi.fn();
  const dialog = decideDialog({rows: [{...row, ...given}], today: "2026-11-23", onDecide});
  document.body.replaceChildren(dialog);
  const field = (label: string): HTMLInputElement => {
    const found = [...dialog.querySelectorAll("label")].find(({textContent}) => textContent?.startsWith(label));
    return found?.querySelector("input, select") as HTMLInputElement;
  };
  field("Reason").value = "agreed";
  return {
    onDecide,
    field,
    decide: () => dialog.querySelector("form")?.dispatchEvent(new Event("submit", {cancelable: true})),
    problem: () => dialog.querySelector("[role=alert]")?.textContent,
  };
}

it("asks for the month of an agreed amount, as it is due once", () => {
  const {onDecide, field, decide, problem} = open();
  field("Amount now").value = "25";
  decide();
  expect(problem()).toBe("An amount is due once: let the decision hold in 2026-11 only.");
  expect(document.activeElement).toBe(field("It holds"));
  expect(onDecide).not.toHaveBeenCalled();
  field("It holds").value = "period";
  decide();
  expect(onDecide).toHaveBeenCalledWith(expect.objectContaining({amount: "25", period: "2026-11"}));
});

it.each([
  ["4.0000", "19", "To bill is at least the 20 that are billed now."],
  ["4.0000", "20", ""],
  ["-4.0000", "21", "To credit is at most the 20 that are billed now."],
  ["-4.0000", "20", ""],
])("takes no quantity that goes the other way: of a difference of %s and %s units it says %j", (delta, units, said) => {
  const {field, decide, problem} = open({delta_quantity: delta});
  field("New quantity").value = units;
  decide();
  expect(problem()).toBe(said);
});
