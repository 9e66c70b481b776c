import {reconcileRows} from "./harness.js";
import {type Given, ordinaryWorld, pick} from "./ordinary.js";

/** What reconciling an ordinary world finds, in the named columns. */
export async function counted(given: Given, ...columns: string[]) {
  return pick(await reconcileRows(ordinaryWorld(given)), "reconciliation", ...columns);
}
