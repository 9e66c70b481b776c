import {type Database, identifier, literal} from "../database.js";
import {martRows} from "../marts/martFiles.js";
import type {Model} from "../marts/models.js";

/** The marts that other months read from snapshots. */
export const snapshotMarts = [
  "summary",
  "clients",
  "reconciliation",
  "services_billed",
  "service_rules",
  "accounts",
  "adjustments",
  "decisions",
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
 * Makes one view per mart that other months read, over all closed periods, each row with its period in place of a column of
 * that name. A column that a mart had not yet when it was frozen is null.
 */
export async function createSnapshotViews(
  database: Database,
  models: readonly Model[],
  closed: readonly ClosedMarts[],
): Promise<void> {
  for (const name of snapshotMarts) {
    const own = models.find((model) => model.name === name)?.doc.columns ?? [];
    const columns = own.filter((column) => column.name !== "period");
    const empty = columns.map((column) => `cast(null as ${column.type}) as ${identifier(column.name)}`);
    const parts = closed
      .filter(({marts}) => marts.includes(name))
      .map(
        ({period, folder}) =>
          `select ${literal(period)} as period, columns(name -> name <> 'period') from ${martRows(folder, name)}`,
      );
    await database.run(
      `create view snapshot_${name} as ${[
        `select cast(null as varchar) as period, ${empty.join(", ")} where false`,
        ...parts,
      ].join(" union all by name ")}`,
    );
  }
}
