import {mkdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {parse} from "csv-parse/sync";
import {readSheet} from "read-excel-file/node";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal} from "../../loaders/database.js";
import {exportAdjustments} from "../../loaders/exports/adjustments.js";
import {type OpenMarts, openMarts} from "../../loaders/exports/openMarts.js";
import {psaLayouts} from "../../loaders/exports/psaLayouts.js";
import type {InputRow} from "../../loaders/marts/inputs.js";
import {reconcileRows, type World} from "../models/harness.js";
import {invoiced, ordinaryWorld} from "../models/ordinary.js";
import {sampleMarts} from "./sampleMarts.js";

type Row = Record<string, string>;

const confirm = () => Promise.resolve();

let sample: Awaited<ReturnType<typeof sampleMarts>>;
let marts: OpenMarts;

beforeAll(async () => {
  sample = await sampleMarts(
    "C1000,S-RMM,bill,,,,4,48.00,agreed,Dana",
    "C1002,S-EDR,credit,2,25.00,USD,-5,-32.50,goodwill,Dana",
    "C1007,S-EDR,bill,,,,6,39.00,sold in October,Ron",
    "C1003,S-BKP,accept,,,,-2,-28.00,flat price,Ron",
    "C1012,S-M365BP,credit,,,,-4,-104.00,about other figures,Ron",
  );
  marts = await openMarts(sample.directory);
});

afterAll(async () => {
  marts.database.close();
  await sample.remove();
});

async function exported(format: string, state: "all" | "open" | "decided"): Promise<Row[]> {
  const {text} = await exportAdjustments(marts, {format, state});
  return parse(text ?? "", {bom: true, columns: true}) as Row[];
}

/** What each format has of the changes in a world. */
async function exportedOf(world: World, ...formats: string[]): Promise<{rows: Row[]; left: readonly string[]}[]> {
  const found: {rows: Row[]; left: readonly string[]}[] = [];
  await reconcileRows(world, ["adjustments"], async (database) => {
    const own = {
      database,
      names: ["adjustments"],
      period: "2026-11",
      asOfDate: "2026-11-23",
      closedFolder: null,
      confirm,
    };
    for (const format of formats) {
      const {text, left} = await exportAdjustments(own, {format, state: "all"});
      found.push({rows: parse(text ?? "", {bom: true, columns: true}) as Row[], left});
    }
  });
  return found;
}

describe("adjustments", () => {
  it("are the rows of the mart, cell by cell", async () => {
    const rows = await exported("csv", "all");
    const expected = await marts.database.rows("select * from adjustments");
    expect(rows.length).toBe(expected.length);
    for (const row of expected) {
      const found = rows.find(({adjustment_id}) => adjustment_id === row.adjustment_id) ?? {};
      for (const [column, value] of Object.entries(row)) {
        if (column === "period_end") continue;
        const text = value === null ? "" : String(value);
        expect(found[column], column).toBe(/^[=+@-][^\d]/.test(text) ? `'${text}` : text);
      }
    }
  });

  it.each(Object.entries(psaLayouts))(
    "take only columns that the mart has into the layout of %s",
    async (_, layout) => {
      const [row = {}] = await marts.database.rows("select * from adjustments limit 1");
      const lacking = new Set<string>();
      const watched = new Proxy(row as Record<string, string | null>, {
        get(target, name) {
          if (!(name in target)) lacking.add(String(name));
          // As of a line that is still to be made, of which a layout says most.
          return name === "agreement_line_id" ? null : Reflect.get(target, name);
        },
      });
      for (const {value} of layout.columns) value(watched);
      expect([...lacking]).toEqual([]);
    },
  );

  it("add up to what the summary has as underbilled and overbilled, less what stays as it is", async () => {
    const [sums] = await marts.database.rows(
      `select cast(sum(monthly_amount) as varchar) as changes, (select cast(net_monthly + 28.00 + 32.50 - 45.50 as varchar) from summary where currency = 'USD') as net
       from adjustments where currency = 'USD'`,
    );
    // Accepted: −28.00. Credited down to 2 units of 6.50 instead of 4: −45.50 instead of −32.50.
    expect(sums?.changes).toBe(sums?.net);
  });

  it("can be those on the work list alone, or those decided", async () => {
    const decided = await exported("csv", "decided");
    expect(decided.map((row) => [row.client_id, row.decision, row.new_quantity, row.due_amount])).toEqual([
      ["C1000", "bill", "19.0000", "12.80"],
      ["C1002", "credit", "2.0000", "-25.00"],
      ["C1007", "bill", "6.0000", "10.40"],
    ]);
    const open = await exported("csv", "open");
    expect(
      open.some((row) => ["C1000", "C1002", "C1007"].includes(row.client_id ?? "") && row.service_id !== "S-M365BP"),
    ).toBe(false);
    expect(
      open.filter((row) => row.decision_state !== "open").map((row) => [row.client_id, row.decision_state]),
    ).toEqual([["C1012", "changed"]]);
    expect((await exported("csv", "all")).length).toBe(decided.length + open.length);
  });

  describe("that are decided after the month of their figures", () => {
    const warned = async (
      given: InputRow,
      {cycle = "annual", closed}: {cycle?: string; closed?: "with it" | "without it"} = {},
    ): Promise<readonly string[] | undefined> => {
      const money = cycle === "annual" ? "-30.00" : "-360.00";
      const row = {client_id: "acme", service_id: "mail", decision: "credit", delta_quantity: "-3", reason: "agreed"};
      const line = {
        agreement_line_id: "l1",
        agreement_id: "a1",
        service_id: "mail",
        quantity: 20,
        unit_price: "120.00",
      };
      const world = ordinaryWorld({
        used: 17,
        settings: {as_of: "2026-10-31T23:00:00Z", as_of_date: "2026-10-31"},
        agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", billing_cycle: cycle}],
        agreement_lines: [line],
        mappingDecisions: [{...row, impact_monthly: money, ...given}],
      });
      let warnings: readonly string[] | undefined;
      await reconcileRows(world, ["adjustments"], async (database) => {
        const closedFolder = closed === undefined ? null : join(sample.directory, closed);
        if (closedFolder !== null) {
          await mkdir(closedFolder, {recursive: true});
          await database.run(
            `copy (from adjustments where ${closed === "with it"}) to ${literal(join(closedFolder, "adjustments.parquet"))}`,
          );
        }
        const own = {
          database,
          names: ["adjustments"],
          period: "2026-10",
          asOfDate: "2026-10-31",
          closedFolder,
          confirm,
        };
        ({warnings} = await exportAdjustments(own, {format: "csv", state: "decided"}));
      });
      return warnings;
    };
    const late = {decided_at: "2026-11-03T09:00:00Z"};
    const agreed = {amount: "50", currency: "USD"};
    const again = [
      "1 change was decided after the end of Oct 2026: it is due once more in the month of its decision, unless this one is closed with it (trueup close --period 2026-10).",
    ];

    it.each([
      ["of a yearly line", late, {}],
      ["of an agreed amount", {...late, ...agreed}, {cycle: "monthly"}],
    ])("are due again unless it is closed: %s", async (_, given, other) => {
      expect(await warned(given, other)).toEqual(again);
    });

    it.each([
      ["after it", late],
      ["in it", {...agreed, decided_at: "2026-10-31T23:30:00Z"}],
    ])("are due again where the month was closed before: decided %s", async (_, given) => {
      expect(await warned(given, {closed: "without it"})).toEqual([
        "1 change was decided after Oct 2026 was closed: it is due once more in a later month, unless this one is closed again with it (trueup close --period 2026-10 --replace).",
      ]);
    });

    it.each([
      ["in a month that was closed with it", late, {closed: "with it"} as const],
      [
        "in a month that was closed before, of a line whose next period is another",
        late,
        {cycle: "monthly", closed: "without it"} as const,
      ],
      ["for that month alone", {...late, ...agreed, period: "2026-10"}, {}],
      ["of a line whose next period is another", late, {cycle: "monthly"}],
      ["within the month", {...agreed, decided_at: "2026-10-31T23:30:00Z"}, {}],
    ])("are due once %s", async (_, given, other) => {
      expect(await warned(given, other)).toEqual([]);
    });
  });

  it("say the last day of a period in every format, where the mart has the first day after it", async () => {
    for (const format of ["csv", "connectwise", "autotask", "halopsa"]) {
      const [row] = await exported(format, "decided");
      expect([row?.period_start, row?.period_last_day, row?.period_end], format).toEqual([
        "2026-11-01",
        "2026-11-30",
        undefined,
      ]);
    }
    const out = join(sample.directory, "decided.xlsx");
    await exportAdjustments(marts, {format: "xlsx", state: "decided", out});
    const [header, row] = await readSheet(out);
    expect(row?.[(header ?? []).indexOf("Period last day")]).toEqual(new Date("2026-11-30T00:00:00Z"));
  });

  it("are additions in the words of ConnectWise", async () => {
    const rows = await exported("connectwise", "decided");
    expect(
      rows.map(({agreementId, id, quantity, unitPrice, billCustomer, effectiveDate, ...row}) => [
        agreementId,
        id,
        row["product.id"],
        quantity,
        unitPrice,
        billCustomer,
        effectiveDate,
      ]),
    ).toEqual([
      ["A0", "AL0-S-RMM", "S-RMM", "19", "", "", "2026-11-23T00:00:00Z"],
      ["A2", "AL2-S-EDR", "S-EDR", "2", "", "", "2026-11-23T00:00:00Z"],
      ["A7", "", "S-EDR", "6", "6.5", "Billable", "2026-11-23T00:00:00Z"],
    ]);
  });

  it("are changes of units in the words of Autotask", async () => {
    const rows = await exported("autotask", "decided");
    expect(
      rows.map((row) => [
        ...[row.entity, row.contractID, row.contractServiceID, row.serviceID, row.unitChange, row.adjustedUnitPrice],
        row.effectiveDate,
      ]),
    ).toEqual([
      ["ContractServiceAdjustments", "A0", "AL0-S-RMM", "S-RMM", "4", "", "2026-11-23"],
      ["ContractServiceAdjustments", "A2", "AL2-S-EDR", "S-EDR", "-7", "", "2026-11-23"],
      ["ContractServiceAdjustments", "A7", "", "S-EDR", "6", "6.5", "2026-11-23"],
    ]);
  });

  it("name a bundle, and a contract that is several agreements here, as Autotask knows them", () => {
    const cellsOf = (changes: Readonly<Record<string, string | null>>) => {
      const row = {
        ...{service_id: "bundle-3", agreement_line_id: "bundle-5", agreement_id: "1207-one_time"},
        ...{agreement_quantity: "4.0000", new_agreement_quantity: "10.0000", change_quantity: "9.0000"},
        ...{unit_price: "6.500000", ...changes},
      };
      return psaLayouts.autotask?.columns.slice(0, 8).map(({value}) => value(row));
    };
    const bundle = "ContractServiceBundleAdjustments";
    expect(cellsOf({})).toEqual([bundle, "1207", null, null, "5", "3", "6", null]);
    const unmade = {agreement_line_id: null, agreement_quantity: null, agreement_id: "A-monthly-7"};
    expect(cellsOf(unmade)).toEqual([bundle, "A-monthly-7", null, null, null, "3", "9", "6.5"]);
    for (const cycle of ["monthly", "quarterly", "semiannual", "annual", "one_time"]) {
      expect(cellsOf({agreement_id: `1207-${cycle}`})?.[1], cycle).toBe("1207");
    }
    expect(cellsOf({service_id: "a-bundle-3", agreement_line_id: "a-bundle-5"})?.slice(2, 6)).toEqual([
      ...["a-bundle-5", "a-bundle-3", null, null],
    ]);
  });

  it.each([
    {agreed: 20, unitChange: "4"},
    {agreed: 24, unitChange: "0"},
    {agreed: 26.5, unitChange: "-2.5"},
  ])("bring a contract of $agreed units to 24, while 20 are invoiced, in every PSA's words", async (given) => {
    const line = {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: given.agreed};
    const world = ordinaryWorld({agreement_lines: [line], ...invoiced([{agreement_line_id: "l1"}])});
    const first = await exportedOf(world, "autotask", "connectwise", "halopsa");
    expect(first.map(({rows: [row]}) => row?.unitChange ?? row?.quantity ?? row?.qty_order)).toEqual([
      ...[given.unitChange, "24", "24"],
    ]);
  });

  it("keep what a line includes without billing it, apart for ConnectWise", async () => {
    const line = {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 20, unit_price: "12.00"};
    const world = ordinaryWorld({agreement_lines: [{...line, included_quantity: 5}]});
    const [connectwise, halopsa] = await exportedOf(world, "connectwise", "halopsa");
    expect(connectwise?.rows.map((row) => [row.quantity, row.lessIncluded, row.new_quantity])).toEqual([
      ["24", "5", "19.0000"],
    ]);
    expect(halopsa?.rows.map((row) => row.qty_order)).toEqual(["24"]);
  });

  it.each([
    ["2026-11-20T09:00:00Z", "-7", "-8.98"],
    ["2026-10-20T09:00:00Z", "0", "0.00"],
  ])(
    "are not prorated by HaloPSA again in a later month of a period: decided at %s",
    async (decided_at, units, due) => {
      const about = {client_id: "acme", service_id: "mail", decision: "credit", reason: "agreed", decided_at};
      const world = ordinaryWorld({
        used: 13,
        agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", billing_cycle: "annual"}],
        mappingDecisions: [{...about, delta_quantity: "-7", impact_monthly: "-7.00"}],
      });
      const [halo] = await exportedOf(world, "halopsa");
      const [row] = halo?.rows ?? [];
      expect([row?.qty_order, row?.prorata_quantity, row?.due_amount]).toEqual(["13", units, due]);
    },
  );

  it("have no row of a PSA's for what an invoice bills without a line of an agreement, and say so", async () => {
    const [csv, psa] = await exportedOf(ordinaryWorld({agreement_lines: [], ...invoiced([{}])}), "csv", "connectwise");
    expect(csv?.rows.map((row) => [row.agreement_id, row.change_quantity])).toEqual([["a1", "4.0000"]]);
    expect(psa).toEqual({rows: [], left: ["1 billed by an invoice without a line of an agreement to change"]});
  });

  it("have no row of a PSA's for what is used without exactly one agreement to put it on, and say so", async () => {
    const agreements = ["a1", "a2"].map((agreement_id) => ({
      ...{agreement_id, client_id: "acme", start_date: "2026-01-01"},
    }));
    const [csv, psa] = await exportedOf(ordinaryWorld({agreements, agreement_lines: []}), "csv", "halopsa");
    expect(csv?.rows.map((row) => [row.agreement_id, row.change_quantity])).toEqual([["", "24.0000"]]);
    expect(psa).toEqual({rows: [], left: ["1 of clients without exactly one agreement to put them on"]});
  });

  it("are lines of recurring invoices in the words of HaloPSA", async () => {
    const rows = await exported("halopsa", "decided");
    expect(
      rows.map((row) => [
        ...[row.recurring_invoice_id, row.id, row._itemid, row.item_shortdescription, row.qty_order, row.unit_price],
        row.startdate,
      ]),
    ).toEqual([
      ["A0", "AL0-S-RMM", "S-RMM", "Managed Endpoint", "19", "", "2026-11-23"],
      ["A2", "AL2-S-EDR", "S-EDR", "Endpoint Detection & Response", "2", "", "2026-11-23"],
      ["A7", "", "S-EDR", "Endpoint Detection & Response", "6", "6.5", "2026-11-23"],
    ]);
  });

  it("say in every PSA's rows, behind its own columns, what a person needs to judge them, as the mart has it", async () => {
    const needed = [
      ...["client_id", "client_name", "agreement_name", "service_name", "current_quantity", "new_quantity"],
      ...["change_quantity", "currency", "billing_cycle", "period_start", "period_last_day", "days_in_period"],
      ...["days_left", "period_amount", "monthly_amount", "prorated_amount", "due_amount", "decision_state"],
      ...["decision", "reason", "evidence", "owner", "decided_by", "adjustment_id"],
    ];
    const expected = await exported("csv", "decided");
    for (const format of Object.keys(psaLayouts)) {
      const rows = await exported(format, "decided");
      expect(Object.keys(rows[0] ?? {}).slice(-needed.length), format).toEqual(needed);
      expect(
        rows.map((row) => needed.map((name) => row[name])),
        format,
      ).toEqual(expected.map((row) => needed.map((name) => row[name])));
    }
  });

  it("leave out of a PSA's rows what has no service, and say so", async () => {
    const {left, count} = await exportAdjustments(marts, {format: "connectwise", state: "all"});
    const [all] = await marts.database.rows("select count(*) as n from adjustments where service_id is not null");
    expect(count).toBe(Number(all?.n));
    expect(left).toEqual(["2 of usage that no rule gives a service"]);
  });

  it("say how many are left out because nothing is decided about them", async () => {
    const open = (await exported("csv", "open")).length;
    for (const format of ["csv", "halopsa"]) {
      const {left} = await exportAdjustments(marts, {format, state: "decided"});
      expect(left).toEqual([`${open} that are not decided; --state all has them too`]);
    }
    expect((await exportAdjustments(marts, {format: "csv", state: "all"})).left).toEqual([]);
  });

  it("can be a workbook or a file", async () => {
    const [xlsx, csv] = ["changes.xlsx", "changes.csv"].map((name) => join(sample.directory, name)) as [string, string];
    const {count} = await exportAdjustments(marts, {format: "xlsx", state: "all", out: xlsx});
    expect((await readSheet(xlsx)).length).toBe(count + 1);
    const {text} = await exportAdjustments(marts, {format: "csv", state: "all", out: csv});
    expect(text).toBeUndefined();
    expect(await readFile(csv, "utf8")).toBe((await exportAdjustments(marts, {format: "csv", state: "all"})).text);
  });
});
