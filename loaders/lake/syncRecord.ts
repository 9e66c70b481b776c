import {basename, dirname} from "node:path";
import {z} from "zod";

/** The file of a sync's folder that says what became of it. */
export const recordFile = "sync.json";

const syncRecordSchema = z.object({
  sync_id: z.string(),
  connection_id: z.string(),
  connector: z.string(),
  side: z.enum(["psa", "usage"]),
  status: z.enum(["succeeded", "partial", "failed"]),
  started_at: z.string(),
  ended_at: z.string(),
  /** As of when the data is true; null for a failed sync. */
  fresh_at: z.string().nullable(),
  rows_read: z.number(),
  rows_kept: z.number(),
  rows_quarantined: z.number(),
  files: z.array(
    z.object({
      table: z.string(),
      file: z.string().nullable(),
      rows_read: z.number(),
      rows_kept: z.number(),
      rows_quarantined: z.number(),
    }),
  ),
  notes: z.array(z.string()),
  failed_parts: z.array(
    z.object({
      part: z.string(),
      reason: z.string(),
      account_id: z.string().nullable().default(null),
      /** Whether what was read of it earlier stays in use; else nothing is known of what it uses. */
      has_usage: z.boolean().default(true),
    }),
  ),
  error: z.string().nullable(),
  /** What the next sync needs to read only what changed; null where it cannot. */
  state: z.unknown().default(null),
  /** Tells whether that state still fits the connection. */
  fingerprint: z.string().default(""),
  /** When everything was last read, and not only what changed. */
  full_at: z.string().nullable().default(null),
});

export type SyncRecord = z.infer<typeof syncRecordSchema>;

/**
 * Fails on a record that cannot be read, with its file: what is current cannot be told without it. Its folder says which sync it
 * is of: by what stands in it, one that somebody else made could lead to any folder, and that is removed in time.
 */
export function parseRecord(text: string, file: string): SyncRecord {
  const folder = dirname(file);
  try {
    const record = syncRecordSchema.parse(JSON.parse(text));
    return {...record, sync_id: basename(folder), connection_id: basename(dirname(folder))};
  } catch (cause) {
    throw new Error(
      `${file} is damaged, or of a later version of Trueup. Restore it from a backup, or move its folder out of the lake: ` +
        "the newest sync besides it is then in use.",
      {cause},
    );
  }
}
