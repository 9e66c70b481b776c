import {isZero} from "./format.js";

/** Money of a row of the mart `adjustments`, as text. */
interface Due {
  readonly due_amount?: string | null;
  readonly prorated_amount?: string | null;
  readonly agreed_amount?: string | null;
}

/** Whether the rest of the period was due in another month of it already: then nothing is due, though it is not nothing. */
export function wasDueElsewhere({due_amount, prorated_amount, agreed_amount}: Due): boolean {
  return agreed_amount === null && isZero(due_amount ?? "") && !isZero(prorated_amount ?? "");
}
