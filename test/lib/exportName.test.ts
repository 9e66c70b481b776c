import {expect, it} from "vitest";
import {exportName} from "../../src/lib/exportName.js";

const named = (workspace: string, what = "reconciled-invoices"): string =>
  exportName(what, "csv", {workspace, asOf: "2026-11-23"});

it("says what a file holds, of which workspace, as of which day", () => {
  expect(named("Northwind IT")).toBe("reconciled-invoices-northwind-it-2026-11-23.csv");
  expect(exportName("query", "arrow", {workspace: "Northwind IT", asOf: ""})).toBe("query-northwind-it.arrow");
});

it("keeps letters of any script", () => {
  expect(named("株式会社ノースウィンド")).toBe("reconciled-invoices-株式会社ノースウィンド-2026-11-23.csv");
  expect(named("Müller & Söhne GmbH")).toBe("reconciled-invoices-müller-söhne-gmbh-2026-11-23.csv");
});

it.each([
  ["../../etc/passwd", "reconciled-invoices-etc-passwd-2026-11-23.csv"],
  ['C:\\x\u0000<>:"|?*', "reconciled-invoices-c-x-2026-11-23.csv"],
  ["a\u202egpj.exe", "reconciled-invoices-agpj-exe-2026-11-23.csv"],
  ["🚀\ufe0f 🚀", "reconciled-invoices-2026-11-23.csv"],
  ["\ud800", "reconciled-invoices-2026-11-23.csv"],
  ["...", "reconciled-invoices-2026-11-23.csv"],
  ["", "reconciled-invoices-2026-11-23.csv"],
])("makes a name that every file system takes of %j", (workspace, name) => {
  expect(named(workspace)).toBe(name);
});

it("stays shorter than file systems allow, and cuts no letter in two", () => {
  const name = named("\u{20000}".repeat(400), `seats-${"\u{20000}".repeat(400)}`);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(() => encodeURIComponent(name)).not.toThrow();
});
