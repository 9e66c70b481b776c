import {canonicalTables} from "../../canonical.js";
import {isMart, readModels} from "../../marts/models.js";
import {describeConnectors} from "./connectorSettings.js";

/** What the tables of the guide show: files, marts and connectors, as the code defines them. */
export async function guideData(): Promise<Record<string, unknown>> {
  const models = await readModels();
  return {
    files: Object.values(canonicalTables).map(({name, side, description, columns}) => ({
      name,
      side,
      description,
      columns: columns.map(({name: column, kind, required, choices, description: meaning}) => ({
        name: column,
        kind,
        required,
        choices,
        description: meaning,
      })),
    })),
    marts: models
      .filter(isMart)
      .map(({name, doc}) => ({name, description: doc.description, key: doc.key, columns: doc.columns}))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    connectors: describeConnectors(),
  };
}
