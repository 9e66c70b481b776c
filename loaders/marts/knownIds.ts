import {join} from "node:path";
import type {CheckedMappings} from "../../src/lib/mappingSchemas.js";
import {itemsOf} from "../../src/lib/readRule.js";
import {type FormerIds, formerIds, type KnownIds} from "../../src/lib/validateMappings.js";
import {canonicalTables} from "../canonical.js";
import type {Database} from "../database.js";
import {lakeFiles, listSyncs} from "../lake/lake.js";
import {type LakeFiles, readFiles} from "../lake/lakeViews.js";
import {allowObjectStorage} from "../lake/objectStorage.js";
import {lastClosedMappings} from "../snapshots/snapshots.js";
import {readMappingFolder} from "../workspace/mappings.js";
import type {Workspace} from "../workspace/workspace.js";
import {readUsedMappings} from "./previewFiles.js";

/**
 * The ids that mappings may name, from the views of the lake. What is used or billed without being listed is known as well;
 * the seats are many, so they are asked only about ids that no list has.
 */
export async function readKnownIds(
  database: Database,
  {connections}: Workspace,
  lake: readonly LakeFiles[],
  mappings: CheckedMappings,
): Promise<KnownIds> {
  const psa = connections.find(({connector}) => connector.side === "psa")?.id;
  const isSynced = lake.some(({connectionId}) => connectionId === psa);
  const ids = async (sql: string) => new Set((await database.rows(sql)).map((row) => String(row.id)));
  const byConnection = async (column: "account_id" | "product_id", list: string) => {
    const found = new Map<string, Set<string>>();
    for (const {connectionId} of lake) if (connectionId !== psa) found.set(connectionId, new Set());
    const add = async (table: string) => {
      const rows = await database.rows(`select distinct connection_id, ${column} as id from ${table}`);
      for (const row of rows) found.get(String(row.connection_id))?.add(String(row.id));
    };
    await add(list);
    await add("lake_counts");
    const isKnown = ({connection_id, id}: Named) =>
      connection_id === null || id === null || found.get(connection_id)?.has(id) !== false;
    if (!named(mappings)[column].every(isKnown)) await add("lake_seats");
    return found;
  };
  return {
    integrations: new Set(connections.map(({id}) => id).filter((id) => id !== psa)),
    clients: isSynced
      ? await ids(
          `select client_id as id from lake_clients union select client_id from lake_agreements
           union select client_id from lake_invoices`,
        )
      : null,
    services: isSynced
      ? await ids(
          `select service_id as id from lake_services union select service_id from lake_agreement_lines
           union select service_id from lake_invoice_lines where service_id is not null`,
        )
      : null,
    accounts: await byConnection("account_id", "lake_accounts"),
    products: await byConnection("product_id", "lake_products"),
  };
}

/**
 * The ids that the syncs which are still in the lake listed, whatever the current ones list, and those that the mappings of the
 * last run and of the last closed month named: what went away before the oldest sync is no mistyped id for that.
 */
export async function readFormerIds(database: Database, workspace: Workspace): Promise<FormerIds> {
  const named = (await readEarlierMappings(workspace)).map((mappings) => formerIds(mappings, workspace.asOfDate));
  const idsOf = async (connectionId: string, table: "clients" | "services" | "products"): Promise<string[]> => {
    const syncs = (await listSyncs(workspace, connectionId)).filter(({status}) => status !== "failed");
    const files = syncs.flatMap((sync) => lakeFiles(workspace, sync).files[table] ?? []);
    if (files.length === 0) return [];
    await allowObjectStorage(database, files, workspace.storage);
    const {key} = canonicalTables[table];
    const rows = await database.rows(
      `select distinct ${key.join()} as id from (${readFiles(canonicalTables[table], files)})`,
    );
    return rows.map(({id}) => String(id));
  };
  const products = new Map<string, Set<string>>();
  const clients = new Set(named.flatMap((ids) => [...(ids.clients ?? [])]));
  const services = new Set(named.flatMap((ids) => [...(ids.services ?? [])]));
  for (const {id, connector} of workspace.connections) {
    if (connector.side === "psa") {
      for (const client of await idsOf(id, "clients")) clients.add(client);
      for (const service of await idsOf(id, "services")) services.add(service);
    } else {
      const earlier = named.flatMap((ids) => [...(ids.products.get(id) ?? [])]);
      products.set(id, new Set([...earlier, ...(await idsOf(id, "products"))]));
    }
  }
  return {clients, services, products};
}

/** Mappings that were found valid: those of the last closed month, and those that the marts were made with. */
async function readEarlierMappings({directory}: Workspace): Promise<CheckedMappings[]> {
  const closed = await lastClosedMappings(directory);
  const read = [
    ...(closed === undefined ? [] : [await readMappingFolder(closed)]),
    // Marts that are not there, or damaged, are made anew and tell nothing.
    await readUsedMappings(join(directory, "marts")).catch(() => null),
  ];
  return read.flatMap((found) => found?.mappings ?? []);
}

interface Named {
  readonly connection_id: string | null;
  readonly id: string | null;
}

/** What mappings name of the connections' own ids. */
function named({
  clients,
  services,
  exclusions,
  decisions,
}: CheckedMappings): Record<"account_id" | "product_id", Named[]> {
  const covered = services.flatMap(({connection_id, product_ids}) =>
    itemsOf(product_ids)
      .filter((id) => id !== "*")
      .map((id) => ({connection_id, id})),
  );
  const others = [...exclusions, ...decisions].map(({connection_id, product_id: id}) => ({connection_id, id}));
  return {
    account_id: [...clients, ...exclusions].map(({connection_id, account_id: id}) => ({connection_id, id})),
    product_id: [...covered, ...others],
  };
}
