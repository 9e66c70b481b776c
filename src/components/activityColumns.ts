import {quantity, words} from "../lib/format.js";
import type {TableColumn} from "./dataTable.js";

interface OfSeat {
  readonly activity_state: string;
  /** Whole days; null where the seat was never seen in use. */
  readonly days_inactive: string | null;
}

export function activityColumn<Row extends OfSeat>(): TableColumn<Row> {
  return {
    key: "activity",
    label: "Activity",
    render: ({activity_state}) => words(activity_state),
    sortValue: ({activity_state}) => activity_state,
  };
}

export function daysColumn<Row extends OfSeat>(): TableColumn<Row> {
  return {
    key: "days",
    label: "Days unused",
    isNumber: true,
    render: ({days_inactive}) => quantity(days_inactive),
    sortValue: ({days_inactive}) => (days_inactive === null ? null : Number(days_inactive)),
  };
}
