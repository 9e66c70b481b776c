import {compareFigures} from "../../src/lib/compareFigures.js";
import type {Figures} from "../../src/lib/figures.js";
import type {PreviewResult} from "../../src/lib/mappedFigures.js";
import type {MappingFiles, Mappings} from "../../src/lib/mappingTables.js";
import type {Preview} from "../../src/lib/preview.js";
import type {Table} from "../../src/lib/rows.js";

/** Rows as the build writes them. */
export function table(...rows: Readonly<Record<string, string | null>>[]): Table {
  const columns = Object.keys(rows[0] ?? {});
  return {columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null))};
}

export const files: MappingFiles = {
  clients:
    "connection_id,account_id,client_id,status,note,decided_by,decided_at\n" +
    "rmm,linked,C1,confirmed,,,\nrmm,wrong,C1,confirmed,Branch?,,\nrmm,own,,excluded,our own devices,Ada,2026-11-01T09:00:00Z\n",
  services:
    "rule_id,service_id,connection_id,product_ids,client_id,kinds,statuses,count,multiplier,minimum,maximum,valid_from,valid_to,status,note,decided_by,decided_at\n" +
    "R01,S1,rmm,agent,,workstation;server,,,,5,,,,active,Counted daily,,\nR02,S1,rmm,*,,,,,,,,,2026-01-01,active,,,\n",
  exclusions: "",
  prices: "",
  decisions: "",
};

const summary = {
  as_of: "2026-11-23T00:00:00Z",
  currency: "USD",
  clients_total: "2",
  clients_reconciled: "1",
  clients_discrepant: "1",
  clients_uncompared: "0",
  discrepancy_count: "1",
  underbilled_monthly: "0.00",
  overbilled_monthly: "48.00",
  net_monthly: "-48.00",
  absolute_monthly: "48.00",
  unpriced_count: "0",
  coverage_lines: "0.900000",
  coverage_amount: "0.900000",
  unlinked_accounts: "1",
  unaccounted_seats: "0",
  unaccounted_products: "0",
};

/** Stands in for the calculation: 48.00 are overbilled until a row of clients.csv names the account `new`. */
export function fakePreview() {
  const asked: Mappings[] = [];
  const figuresFor = ({clients}: Mappings): Figures => {
    const isLinked = clients.some((row) => row.account_id === "new" && row.status === "confirmed");
    const row = isLinked
      ? {...summary, discrepancy_count: "0", overbilled_monthly: "0.00", unlinked_accounts: "0"}
      : summary;
    return {summary: [row], clients: [], reconciliation: []};
  };
  const baseline = figuresFor({clients: [], services: [], exclusions: [], prices: [], decisions: []});
  const preview: Preview = {
    async run(mappings): Promise<PreviewResult> {
      asked.push(mappings);
      const figures = figuresFor(mappings);
      return {figures, change: compareFigures(baseline, figures), problems: [], warnings: []};
    },
  };
  return {preview, asked};
}

/** Waits until what was put off is done. */
export function settle(): Promise<void> {
  return new Promise((done) => setTimeout(done, 20));
}

export function press(name: string | RegExp, within: ParentNode = document): void {
  const isNamed = (text: string): boolean => (typeof name === "string" ? text === name : name.test(text));
  const button = [...within.querySelectorAll("button")].find(
    ({textContent, hidden}) => !hidden && isNamed((textContent ?? "").trim().replace(/\s+/g, " ")),
  );
  if (button === undefined) throw new Error(`There is no button ${name}.`);
  button.click();
}
