import {dattoRmm} from "./datto-rmm.js";
import {huntress} from "./huntress.js";
import {ninjaOne} from "./ninjaone.js";
import {sentinelOne} from "./sentinelone.js";
import type {Vendor} from "./vendor.js";

/** Every vendor that there is a connector for. */
export const vendors: readonly Vendor[] = [dattoRmm, huntress, ninjaOne, sentinelOne];
