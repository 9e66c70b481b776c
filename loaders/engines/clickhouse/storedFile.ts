import {literal} from "../../database.js";
import type {StorageAccess} from "../../lake/objectStorage.js";

/**
 * The rows of a Parquet file in object storage, which the server reads itself: with the keys given here, which it keeps out of
 * its logs, or else with its own.
 */
export function storedFile(path: string, structure: string, {endpoint, region, keys}: StorageAccess): string {
  const storage = endpoint?.origin ?? `https://s3.${region ?? "us-east-1"}.amazonaws.com`;
  const address = storage + path.slice("s3:/".length);
  const credentials = keys === null ? [] : [keys.id, keys.secret, ...(keys.token === null ? [] : [keys.token])];
  return `s3(${[address, ...credentials, "Parquet", structure].map(literal).join(", ")})`;
}
