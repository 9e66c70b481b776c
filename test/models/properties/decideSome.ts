import type {InputRow} from "../../../loaders/marts/inputs.js";
import type {World} from "../harness.js";
import {addDays, at, type Row} from "./rows.js";

/** Decisions on either side of every boundary, given to the discrepancies of a world in turn; some get none. */
export function decideSome(world: World, rows: readonly Row[]): World {
  const day = String(world.settings?.as_of_date);
  const discrepancies = rows.filter(({status}) => status === "discrepancy");
  const mappingDecisions = discrepancies.flatMap((row, n): InputRow[] => {
    const isUnder = !String(row.delta_quantity).startsWith("-");
    const figures = {delta_quantity: row.delta_quantity, impact_monthly: row.impact_monthly};
    const about = {
      client_id: row.client_id,
      service_id: row.service_id,
      connection_id: row.product_id === null ? null : row.connection_ids,
      product_id: row.product_id,
      reason: "decided",
    };
    const kinds: (InputRow | null)[] = [
      {decision: isUnder ? "bill" : "credit", ...figures},
      {decision: isUnder ? "bill" : "credit", ...figures, quantity: "1.5", amount: "7.77", currency: row.currency},
      null,
      {decision: "accept", ...figures, until: day},
      {decision: "accept", ...figures, until: addDays(day, -1)},
      {decision: "dispute", ...figures, period: day.slice(0, 7)},
      {decision: "dispute", ...figures, period: addDays(day, -40).slice(0, 7)},
      {decision: "ignore", ...figures, delta_quantity: `${row.delta_quantity}`.replace(/\.\d{3}/, ".777")},
      {decision: "ignore", ...figures, impact_monthly: row.impact_monthly === null ? "1" : null},
      {owner: "somebody"},
    ];
    const kind = at(kinds, n);
    return kind === null ? [] : [{...about, ...kind}];
  });
  return {...world, mappingDecisions};
}
