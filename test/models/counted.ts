import {reconcileRows} from "./harness.js";
import {type Given, ordinaryWorld, pick} from "./ordinary.js";

/** What reconciling an ordinary world finds, in the named columns. */
export async function counted(given: Given, ...columns: string[]) {
  const marts = await reconcileRows(ordinaryWorld(given), ["reconciliation", "reconciliation_sources"]);
  return pick(marts, "reconciliation", ...columns);
}
