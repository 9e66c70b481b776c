import {z} from "zod";
import {connectors} from "../../connectors/index.js";

interface Property {
  readonly description?: string;
  readonly default?: unknown;
}

export interface DescribedConnector {
  readonly name: string;
  readonly side: string;
  readonly description: string;
  readonly settings: readonly {
    readonly name: string;
    readonly required: boolean;
    /** What holds where it is left out, as it would be written; null for nothing. */
    readonly standard: string | null;
    readonly description: string;
  }[];
}

/** What a connection of each connector takes in workspace.yaml, as their schemas say it. */
export function describeConnectors(): DescribedConnector[] {
  return Object.values(connectors).map(({name, side, description, settings}) => {
    const schema = z.toJSONSchema(settings, {io: "input", unrepresentable: "any"});
    const properties = Object.entries((schema.properties ?? {}) as Record<string, Property>);
    return {
      name,
      side,
      description,
      settings: properties.map(([setting, property]) => ({
        name: setting,
        required: schema.required?.includes(setting) === true,
        standard: writtenDefault(property.default),
        description: property.description ?? "",
      })),
    };
  });
}

/** An empty list of names stands for none. */
function writtenDefault(value: unknown): string | null {
  if (value === undefined || JSON.stringify(value) === "{}") return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
