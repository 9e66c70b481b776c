import {copyFiles} from "../../files/copyFiles.js";
import {isMart, readModels} from "../../marts/models.js";

/** Puts the marts into the site, where the guide offers them for download. */
export async function copyMarts(marts: string, folder: string): Promise<void> {
  const names = (await readModels()).filter(isMart).map(({name}) => `${name}.parquet`);
  await copyFiles(marts, folder, names);
}
