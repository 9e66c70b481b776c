import {html} from "htl";
import {siteRoot} from "../lib/data.js";
import {fixAddress} from "../lib/fixAddress.js";

/** Where the set-up is to blame for a discrepancy, the way to the page that mends it, showing what it is about. */
export function fixLink(row: Parameters<typeof fixAddress>[0], clientId: string): Node | string {
  const address = fixAddress(row, clientId);
  return address === null ? "" : html`<a class="fix" href=${`${siteRoot()}/${address}`}>Fix the mapping</a>`;
}
