import {monthsOf} from "./billedLines.js";
import {dayNumber, dayOf} from "./calendar.js";
import type {Disposed} from "./dispositions.js";
import {divide, type Rational, round} from "./rational.js";
import type {ReconciliationRow} from "./reconciliation.js";
import type {Given, Seat} from "./rows.js";

export interface SeatActivity {
  readonly seat: Disposed<Seat>;
  readonly state: string;
  readonly daysInactive: number | null;
}

export interface InactiveSeat extends SeatActivity {
  readonly serviceId: string | null;
  readonly monthlyValue: Rational | null;
  readonly currency: string | null;
}

/** Whether a connection says when its seats were last used. */
export function reportsActivity({connections, seats}: Given, connectionId: string): boolean {
  const setting = connections.find(({id}) => id === connectionId)?.reportsActivity ?? null;
  return setting ?? seats.some((seat) => seat.connectionId === connectionId && seat.lastActivityAt !== null);
}

export function activityOf(given: Given, disposed: Disposed<Seat>): SeatActivity {
  const {unit: seat, disposition} = disposed;
  const daysSince = (instant: string) => dayNumber(given.day) - dayNumber(dayOf(instant));
  const daysInactive = seat.lastActivityAt === null ? null : daysSince(seat.lastActivityAt);
  const state = (): string => {
    if (seat.status !== "active" || !["counted", "filtered", "unaccounted"].includes(disposition))
      return "not_assessed";
    if (seat.kind === "shared_mailbox") return "shared_mailbox";
    if (!reportsActivity(given, seat.connectionId)) return "unknown";
    if (daysInactive !== null) return daysInactive > given.inactiveAfterDays ? "inactive" : "active";
    if (seat.createdAt === null) return "unknown";
    return daysSince(seat.createdAt) > given.inactiveAfterDays ? "never_active" : "new";
  };
  return {seat: disposed, state: state(), daysInactive};
}

/** The inactive and never-active seats with what one of their units is worth a month. */
export function findInactiveSeats(
  given: Given,
  activities: readonly SeatActivity[],
  rows: readonly ReconciliationRow[],
): InactiveSeat[] {
  return activities
    .filter(({state}) => state === "inactive" || state === "never_active")
    .map((activity): InactiveSeat => {
      const {disposition, clientId, ruleId, unit} = activity.seat;
      const serviceId = given.rules.find(({id}) => id === ruleId)?.serviceId ?? null;
      const row = rows.find((candidate) =>
        disposition === "counted"
          ? candidate.clientId === clientId && candidate.serviceId === serviceId && candidate.usage !== null
          : disposition === "unaccounted" &&
            candidate.clientId === clientId &&
            candidate.productId === unit.productId &&
            candidate.connectionIds.includes(unit.connectionId),
      );
      const rate = row?.rate ?? null;
      return {
        ...activity,
        serviceId,
        monthlyValue: row && rate ? round(divide(rate.unitRate, monthsOf(row.cycle)), 2) : null,
        currency: row && rate ? row.currency : null,
      };
    });
}
