// @vitest-environment jsdom
import {beforeEach, expect, it} from "vitest";
import {previewPanel} from "../../src/components/previewPanel.js";
import type {ClientChange} from "../../src/lib/compareFigures.js";
import {openMappingDraft} from "../../src/lib/mappingDraft.js";
import {type Preview, PreviewTooLargeError} from "../../src/lib/preview.js";
import {fakePreview, files, press, settle} from "./mappingData.js";

beforeEach(() => localStorage.clear());

async function edit(open: () => Promise<Preview>): Promise<HTMLElement> {
  const draft = openMappingDraft(files, {workspace: "Test"});
  const panel = previewPanel({draft, open, delay: 0});
  document.body.replaceChildren(panel);
  draft.put("mappings/clients.csv", {connection_id: "rmm", account_id: "new", client_id: "C1", status: "confirmed"});
  await settle();
  return panel;
}

it("tries again after a failure, with the edits that there are", async () => {
  const {preview} = fakePreview();
  let attempts = 0;
  const panel = await edit(async () => {
    attempts += 1;
    if (attempts === 1) throw new Error("The data could not be loaded.");
    return preview;
  });
  expect(panel.textContent).toContain("The data could not be loaded.");
  press("Try again", panel);
  await settle();
  expect(panel.textContent).not.toContain("could not be loaded");
  expect(panel.querySelector("tbody th")?.textContent).toBe("Underbilled");
});

it("names the command for a workspace that is too large, and no further attempt", async () => {
  const panel = await edit(async () => {
    throw new PreviewTooLargeError({rows: 2_000_000, seats: 1_500_000, limit: 1_000_000, fits: false, models: null});
  });
  expect(panel.querySelector("[role=alert]")?.textContent).toContain("trueup map diff OLD NEW");
  expect(panel.querySelectorAll("button")).toHaveLength(0);
});

it("says in words how much more or less is overbilled, as it stands below zero", async () => {
  const {preview} = fakePreview();
  const panel = await edit(async () => preview);
  const cells = [...panel.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map(({textContent}) => textContent?.trim()),
  );
  expect(cells.slice(0, 2)).toEqual([
    ["Underbilled", "$0.00", "$0.00", "—"],
    ["Overbilled", "−$48.00", "$0.00", "$48.00 less"],
  ]);
  expect(panel.textContent).toContain("Underbilled as now, overbilled $48.00 less per month.");
});

it("separates the thousands of what an edit changes", async () => {
  const {preview} = fakePreview();
  const run: Preview["run"] = async (mappings) => {
    const result = await preview.run(mappings);
    if (result.change === null) return result;
    const client = {...result.change.money[0], clientId: "C1", clientName: "Harbour Dental"} as ClientChange;
    const clients = Array.from({length: 1012}, () => client);
    return {...result, change: {...result.change, clients}};
  };
  const panel = await edit(async () => ({...preview, run}));
  expect(panel.textContent).toContain("1,012 clients affected");
  expect(panel.textContent).toContain("and 1,000 more");
});

it("says nothing of a currency in which nothing changes", async () => {
  const {preview} = fakePreview();
  const run: Preview["run"] = async (mappings) => {
    const result = await preview.run(mappings);
    if (result.change === null) return result;
    const {money} = result.change;
    const unmoved = money.map(({discrepancies, overbilled, ...row}) => ({
      ...row,
      currency: "EUR",
      overbilled: {...overbilled, after: overbilled.before},
      discrepancies: {...discrepancies, after: discrepancies.before},
    }));
    return {...result, change: {...result.change, money: [...money, ...unmoved]}};
  };
  const panel = await edit(async () => ({...preview, run}));
  expect(panel.querySelector("[role=status]")?.textContent).toBe(
    "Underbilled as now, overbilled $48.00 less per month.",
  );
});

it.each([
  [null, "0.00", ["unknown", "$0.00", "now known"]],
  ["3.00", null, ["−$3.00", "unknown", "no longer known"]],
])("never shows as 0 what is not known: overbilled from %s to %s", async (before, after, shown) => {
  const {preview} = fakePreview();
  const run: Preview["run"] = async (mappings) => {
    const result = await preview.run(mappings);
    if (result.change === null) return result;
    const money = result.change.money.map((row) => ({...row, overbilled: {before, after}}));
    const client = {
      clientId: "C1",
      clientName: "Acme",
      seats: {before: 1, after: 1},
      appeared: 0,
      vanished: 0,
      changed: 0,
    };
    return {...result, change: {...result.change, money, clients: money.map((row) => ({...row, ...client}))}};
  };
  const panel = await edit(async () => ({...preview, run}));
  const cells = [...panel.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));
  expect(cells[1]).toEqual(["Overbilled", ...shown]);
  expect(cells.at(-1)?.at(-1)).toBe(`${shown[0]} →becomes ${shown[1]}`);
  expect(panel.textContent).toContain(`overbilled ${shown[2]} per month`);
});

it("has the workspace's own currency first", async () => {
  document.documentElement.dataset.currency = "USD";
  const {preview} = fakePreview();
  const run: Preview["run"] = async (mappings) => {
    const result = await preview.run(mappings);
    if (result.change === null) return result;
    const money = ["CAD", "USD"].flatMap((currency) => result.change.money.map((row) => ({...row, currency})));
    return {...result, change: {...result.change, money}};
  };
  const panel = await edit(async () => ({...preview, run}));
  delete document.documentElement.dataset.currency;
  const captions = [...panel.querySelectorAll("caption")].map(({textContent}) => textContent);
  expect(captions).toEqual(["Per month, USD", "Per month, CAD"]);
});
