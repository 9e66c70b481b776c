import {type Database, identifier, literal} from "../database.js";
import {martRows} from "../marts/martFiles.js";
import type {Model} from "../marts/models.js";

/** The marts that later months read from snapshots. */
export const snapshotMarts = [
  "summary",
  "clients",
  "reconciliation",
  "services_billed",
  "service_rules",
  "accounts",
  "adjustments",
] as const;

export type SnapshotMart = (typeof snapshotMarts)[number];

/** The marts of one closed period. */
export interface ClosedMarts {
  /** As 2026-10. */
  readonly period: string;
  /** Absolute path. */
  readonly folder: string;
  /** Those of snapshotMarts that it has. */
  readonly marts: readonly SnapshotMart[];
  /** Of its snapshot. */
  readonly checksum: string;
}

/**
 * Makes one view per mart that later months read, over all closed periods, each row with its period. A column that a mart had
 * not yet when it was frozen is null.
 */
export async function createSnapshotViews(
  database: Database,
  models: readonly Model[],
  closed: readonly ClosedMarts[],
): Promise<void> {
  for (const name of snapshotMarts) {
    const columns = models.find((model) => model.name === name)?.doc.columns ?? [];
    const empty = columns.map((column) => `cast(null as ${column.type}) as ${identifier(column.name)}`);
    const parts = closed
      .filter(({marts}) => marts.includes(name))
      .map(({period, folder}) => `select ${literal(period)} as period, * from ${martRows(folder, name)}`);
    await database.run(
      `create view snapshot_${name} as ${[
        `select cast(null as varchar) as period, ${empty.join(", ")} where false`,
        ...parts,
      ].join(" union all by name ")}`,
    );
  }
}
