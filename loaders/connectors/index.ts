import type {Connector} from "./connector.js";
import {csvPsa, csvUsage} from "./csv/index.js";
import {dattoRmm} from "./datto-rmm/index.js";
import {huntress} from "./huntress/index.js";
import {ninjaOne} from "./ninjaone/index.js";
import {sentinelOne} from "./sentinelone/index.js";

// biome-ignore lint/suspicious/noExplicitAny: connectors with different settings share one registry.
export type AnyConnector = Connector<any>;

/** Every connector by the name that workspace.yaml uses. */
export const connectors: Readonly<Record<string, AnyConnector>> = Object.fromEntries(
  [csvPsa, csvUsage, dattoRmm, huntress, ninjaOne, sentinelOne].map((connector) => [
    connector.name,
    connector as AnyConnector,
  ]),
);
