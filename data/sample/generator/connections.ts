import {lateExport, usageConnections} from "./catalogue.js";
import {asOfDays, presentMonth} from "./story.js";

/** The password manager's export is broken in the present month, and one export is late. */
export function connectionHealth(): Record<string, string> {
  const healthOf = (id: string): string =>
    id === "passwords" ? "red" : id === lateExport.connection ? "yellow" : "green";
  return Object.fromEntries(["psa", ...usageConnections].map((id) => [id, healthOf(id)]));
}

/** workspace.yaml. */
export function settings(month: number): string {
  const day = asOfDays[month] ?? "";
  const fresh = `${day}T02:00:00Z`;
  const usage = usageConnections.map((id) =>
    connection(id, "csv-usage", month === presentMonth && id === lateExport.connection ? lateExport.exportedAt : fresh),
  );
  return `# The sample workspace: a managed service provider that does not exist. Made by data/sample/generate.ts.
name: Northwind IT
currency: USD
as_of: ${day}
inactive_after_days: 21
stale_after_hours: 24
connections:
${[connection("psa", "csv-psa", fresh), ...usage].join("\n")}
`;
}

function connection(id: string, connector: string, exported: string): string {
  return `  - id: ${id}\n    connector: ${connector}\n    path: imports/${id}\n    exported_at: ${exported}`;
}
