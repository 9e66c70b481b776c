import {acronis} from "./acronis.js";
import {autotask} from "./autotask.js";
import {connectWisePsa} from "./connectwise-psa.js";
import {dattoRmm} from "./datto-rmm.js";
import {duo} from "./duo.js";
import {haloPsa} from "./halopsa.js";
import {httpJson} from "./http-json.js";
import {httpJsonPsa} from "./http-json-psa.js";
import {huntress} from "./huntress.js";
import {microsoft365} from "./microsoft-365.js";
import {ninjaOne} from "./ninjaone.js";
import {pax8} from "./pax8.js";
import {sentinelOne} from "./sentinelone.js";
import type {Vendor} from "./vendor.js";

/** Every vendor that there is a connector for. */
export const vendors: readonly Vendor[] = [
  autotask,
  connectWisePsa,
  haloPsa,
  httpJsonPsa,
  acronis,
  dattoRmm,
  duo,
  httpJson,
  huntress,
  microsoft365,
  ninjaOne,
  pax8,
  sentinelOne,
];
