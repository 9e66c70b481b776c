import {acronis} from "./acronis/index.js";
import {autotask} from "./autotask/index.js";
import type {Connector} from "./connector.js";
import {connectWisePsa} from "./connectwise-psa/index.js";
import {csvPsa, csvUsage} from "./csv/index.js";
import {dattoRmm} from "./datto-rmm/index.js";
import {duo} from "./duo/index.js";
import {haloPsa} from "./halopsa/index.js";
import {httpJson, httpJsonPsa} from "./http-json/index.js";
import {huntress} from "./huntress/index.js";
import {microsoft365} from "./microsoft-365/index.js";
import {ninjaOne} from "./ninjaone/index.js";
import {pax8} from "./pax8/index.js";
import {sentinelOne} from "./sentinelone/index.js";

// biome-ignore lint/suspicious/noExplicitAny: connectors with different settings share one registry.
export type AnyConnector = Connector<any>;

/** The connector that workspace.yaml means by a name; undefined where there is none. */
export function findConnector(name: string): AnyConnector | undefined {
  return Object.hasOwn(connectors, name) ? connectors[name] : undefined;
}

/** Every connector by the name that workspace.yaml uses. */
export const connectors: Readonly<Record<string, AnyConnector>> = Object.fromEntries(
  [
    autotask,
    connectWisePsa,
    csvPsa,
    haloPsa,
    httpJsonPsa,
    acronis,
    csvUsage,
    dattoRmm,
    duo,
    httpJson,
    huntress,
    microsoft365,
    ninjaOne,
    pax8,
    sentinelOne,
  ].map((connector) => [connector.name, connector as AnyConnector]),
);
