import type {ClientData, ServiceRow} from "./clientData.js";

/** Why nothing, or not everything, is known about the use of a service: a sentence for each rule without data. */
export function whyUnknown(row: ServiceRow, {rules, sources, integrations, connections}: ClientData): string[] {
  const counted = new Set(
    sources.filter(({reconciliation_id}) => reconciliation_id === row.reconciliation_id).map(({rule_id}) => rule_id),
  );
  return rules
    .filter(({service_id, rule_id}) => service_id === row.service_id && !counted.has(rule_id))
    .flatMap(({connection_id, count_method, is_reported}) => {
      const connection = connections.find((one) => one.connection_id === connection_id);
      const linked = integrations.find((one) => one.connection_id === connection_id);
      if (connection === undefined) return [`${connection_id} is not a connection of this workspace.`];
      if (linked === undefined) {
        const health = `${connection_id}: ${connection.health_reason}`;
        if (connection.last_success_at === null) return [health];
        const unlinked = `No account of ${connection_id} is linked to this client.`;
        return [connection.health === "green" ? unlinked : `${unlinked} ${health}`];
      }
      if (linked.last_success_at === null) return [`${connection_id}: ${linked.health_reason}`];
      if (linked.seats_total === null) return [`${connection_id} could not read what this client uses yet.`];
      // Where something is known, a client that has none of what others have is known to have none.
      const isSilent = row.count_state === "no_data" || (row.count_state === "partial" && is_reported !== "true");
      return isSilent ? [`${connection_id} does not report ${count_method}.`] : [];
    });
}
