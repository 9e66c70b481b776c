import {reconcileRows} from "./harness.js";
import {ordinaryWorld, pick} from "./ordinary.js";

/** What reconciling an ordinary world finds, in the named columns. */
export async function counted(given: Parameters<typeof ordinaryWorld>[0], ...columns: string[]) {
  return pick(await reconcileRows(ordinaryWorld(given)), "reconciliation", ...columns);
}
