import type {Adjustment} from "./clientData.js";

type Said = Pick<
  Adjustment,
  "adjustment_id" | "decision_state" | "new_quantity" | "currency" | "monthly_amount" | "due_amount"
>;

/**
 * What a memo is filed under. It stays as long as the memo says the same, and another one of the same client and day never
 * has it: behind both stand four digits of what is changed.
 *
 * `memoNumber("C1015", "2026-11-23", …)` → `C1015-20261123-7F3A`
 */
export function memoNumber(clientId: string, asOfDate: string, adjustments: readonly Said[]): string {
  const said = adjustments.map((one) =>
    JSON.stringify([
      ...[one.adjustment_id, one.decision_state, one.new_quantity],
      ...[one.currency, one.monthly_amount, one.due_amount],
    ]),
  );
  return `${clientId}-${asOfDate.replaceAll("-", "")}-${fourDigits(said.sort().join("\n"))}`;
}

/** FNV-1a, folded to sixteen bits. */
function fourDigits(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  const folded = (hash >>> 16) ^ (hash & 0xffff);
  return folded.toString(16).padStart(4, "0").toUpperCase();
}
