/**
 * Autotask bills a change of units within a period as an item of its own, for what is left of the period. Where it stands
 * beside the charge of a later period, that charge has the new units already: the change adds to the amount billed, not to
 * the quantity, as a credit does. In the charge's own period, or on an invoice without one, its units are billed by it alone.
 * https://support.sync365.app/support/solutions/articles/51000464972-autotask-feature-disable-prorate
 */

type Row = Readonly<Record<string, unknown>>;

interface Item {
  readonly id: string;
  readonly invoice: string;
  /** The contract's service. */
  readonly line: string;
  /** The first day of the period that is charged, or of the change. */
  readonly date: string | null;
}

export interface Adjustments {
  charge(item: Item): void;
  /** Holds an adjustment's row back until every charge is known. */
  adjust(item: Item, row: Row): void;
  /** The rows of adjustments, those of earlier periods with the charge that they belong to. */
  rows(): Row[];
}

export function createAdjustments(): Adjustments {
  const charges = new Map<string, Item & {date: string}>();
  const adjustments: {item: Item; row: Row}[] = [];
  const keyOf = ({invoice, line}: Item) => JSON.stringify([invoice, line]);
  return {
    charge(item) {
      const {date} = item;
      if (date !== null && date >= (charges.get(keyOf(item))?.date ?? "")) charges.set(keyOf(item), {...item, date});
    },
    adjust(item, row) {
      adjustments.push({item, row});
    },
    rows: () =>
      adjustments.map(({item, row}) => {
        const charge = charges.get(keyOf(item));
        const isOfEarlierPeriod = charge !== undefined && item.date !== null && item.date < charge.date;
        return isOfEarlierPeriod ? {...row, parent_line_id: charge.id} : row;
      }),
  };
}
