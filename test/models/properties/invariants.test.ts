import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {add, decimal, format, isZero, zero} from "../../reference/rational.js";
import {reconcileAll} from "../harness.js";
import type {Row} from "./rows.js";
import {holds, seed, timeout} from "./runs.js";
import {worldsOf} from "./worlds.js";

const money = ["underbilled_monthly", "overbilled_monthly", "net_monthly", "absolute_monthly", "unpriced_count"];

function total(rows: readonly Row[], column: string, decimals: number): string {
  const values = rows.map((row) => row[column]).filter((value) => value !== null);
  return format(values.map((value) => decimal(String(value))).reduce(add, zero), decimals);
}

const ids = (rows: readonly Row[], ...columns: string[]) =>
  rows.map((row) => columns.map((column) => row[column]).join(" ")).sort();

describe("in any workspace", () => {
  it(
    `seats, lines, counts and totals add up (seed ${seed})`,
    async () => {
      const addUp = fc.asyncProperty(worldsOf({minLength: 6, maxLength: 6}), async (world) => {
        const marts = await reconcileAll(world);
        const rows = marts.reconciliation ?? [];
        const place = ["connection_id", "account_id", "product_id", "seat_id"];
        expect(ids(marts.seats ?? [], ...place)).toEqual(ids(world.seats ?? [], ...place));

        const known = new Set(ids(rows, "reconciliation_id"));
        const cited = [...(marts.services_billed ?? []), ...(marts.reconciliation_sources ?? [])];
        expect(ids(cited, "reconciliation_id").filter((id) => !known.has(id))).toEqual([]);

        const billed = new Set((marts.services_billed ?? []).map(({reconciliation_id}) => String(reconciliation_id)));
        const earning = (marts.margin ?? []).filter(({is_billed}) => is_billed);
        expect(ids(earning, "margin_id")).toEqual([...billed].sort());

        const miscounted = rows.filter(({reconciliation_id, system_count}) => {
          const sources = (marts.reconciliation_sources ?? []).filter(
            (source) => source.reconciliation_id === reconciliation_id,
          );
          const counted = decimal(total(sources, "counted_quantity", 4));
          return system_count === null ? !isZero(counted) : format(counted, 4) !== system_count;
        });
        expect(miscounted).toEqual([]);

        for (const summary of marts.summary ?? []) {
          const clients = (marts.clients ?? []).filter(({currency}) => currency === summary.currency);
          for (const column of money) {
            expect(total(clients, column, 2), column).toBe(total([summary], column, 2));
          }
          const discrepancies = rows.filter(
            ({currency, status}) => currency === summary.currency && status === "discrepancy",
          );
          expect(total(discrepancies, "impact_monthly", 2)).toBe(summary.net_monthly);
        }
      });
      await holds(5, addUp);
    },
    timeout,
  );

  it(
    `what changed leads from one month's amounts to the next's (seed ${seed})`,
    async () => {
      const steps = ["appeared", "resolved", "uncompared", "quantity", "price"].map((name) => `${name}_monthly`);
      const lead = fc.asyncProperty(worldsOf({minLength: 20, maxLength: 20}), async (world) => {
        const [year = 0, month = 0] = String(world.settings?.as_of_date).split("-").map(Number);
        const day = new Date(Date.UTC(year, month - 1, 0)).toISOString().slice(0, 10);
        const settings = {...world.settings, as_of: `${day}T12:00:00Z`, as_of_date: day};
        const closed = {[day.slice(0, 7)]: await reconcileAll({...world, settings})};
        const {history = [], history_changes = []} = await reconcileAll({...world, closed});
        for (const now of history.filter(({is_closed}) => is_closed !== true)) {
          const before = history.filter(({is_closed, currency}) => is_closed === true && currency === now.currency);
          const changes = history_changes.filter(({currency}) => currency === now.currency);
          const sums = steps.map((step) => decimal(total(changes, step, 2)));
          const start = decimal(total(before, "net_monthly", 2));
          expect(format(sums.reduce(add, start), 2)).toBe(now.net_monthly);
        }
      });
      await holds(3, lead);
    },
    timeout,
  );
});
