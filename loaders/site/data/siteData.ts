import {join} from "node:path";
import {openDatabase} from "../../database.js";
import {readAsOf, viewMarts} from "../../marts/martFiles.js";
import {isMart, readModels} from "../../marts/models.js";
import {billing, flagged} from "./billingData.js";
import {charts} from "./chartData.js";
import {writeClientData} from "./clientData.js";
import {exampleQueries} from "./exampleQueries.js";
import {guideData} from "./guideData.js";
import {writeHistoryData} from "./historyData.js";
import {writeInactiveData} from "./inactiveData.js";
import {integrations} from "./integrationData.js";
import {openDataFolder, writeJson} from "./jsonFile.js";
import {clientMapping, mapping, serviceMapping} from "./mappingData.js";
import {margin, marginRows, unusedLicences} from "./marginData.js";
import {overview} from "./overviewData.js";
import {readPresets} from "./presets.js";
import {type ClientPage, rankClients} from "./rankClients.js";
import {documentedTables} from "./tables.js";
import {memos, work} from "./workData.js";

export interface SiteDataOptions {
  /** Folder of the marts. */
  readonly marts: string;
  /** Where the data of the pages goes. */
  readonly folder: string;
  /** The workspace's own. */
  readonly currency: string;
  readonly inactiveAfterDays: number;
  /** Where DuckDB puts what does not fit into memory. */
  readonly tempDirectory: string;
  readonly memoryLimit?: string;
}

export interface SiteData {
  /** In the order of their impact, the largest first. */
  readonly clients: readonly ClientPage[];
  /** The instant that the figures hold for, ISO 8601. */
  readonly asOf: string;
  /** Fingerprint of all data: goes into its addresses, so that no cache mixes two builds. */
  readonly version: string;
}

/** Writes the JSON files that the pages read, straight from the marts. */
export async function writeSiteData(options: SiteDataOptions): Promise<SiteData> {
  const {marts, currency, inactiveAfterDays, tempDirectory, memoryLimit} = options;
  const folder = openDataFolder(options.folder);
  const database = await openDatabase({tempDirectory, memoryLimit});
  try {
    const names = (await readModels()).filter(isMart).map(({name}) => name);
    await viewMarts(database, marts, names);
    const clients = await rankClients(database, currency);
    const asOf = await readAsOf(database);
    await writeJson(folder, "overview", database, overview);
    await writeJson(folder, "billing", database, {inactive_after_days: inactiveAfterDays, ...billing});
    await writeJson(folder, "flagged", database, flagged);
    await writeInactiveData(database, folder, {inactiveAfterDays});
    await writeJson(folder, "charts", database, charts);
    await writeJson(folder, "margin", database, margin);
    await writeJson(folder, "margin-rows", database, marginRows);
    await writeJson(folder, "unused-licences", database, unusedLicences);
    await writeJson(folder, "integrations", database, integrations);
    await writeJson(folder, "mapping", database, mapping);
    await writeJson(folder, "mapping/clients", database, clientMapping);
    await writeJson(folder, "mapping/services", database, {...serviceMapping, presets: await readPresets()});
    await writeJson(folder, "work", database, work);
    await writeJson(folder, "memos", database, memos);
    await writeHistoryData(database, folder);
    await writeJson(folder, "guide", database, await guideData());
    await writeJson(folder, "explore", database, {tables: await documentedTables(), examples: await exampleQueries()});
    await writeClientData(database, folder, clients, join(tempDirectory, "clients"));
    return {clients, asOf, version: folder.hash.digest("hex").slice(0, 16)};
  } finally {
    database.close();
  }
}
