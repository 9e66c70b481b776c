import type {CanonicalRows} from "../../loaders/connectors/readStream.js";
import type {Vendor} from "./vendor.js";
import type {World} from "./world.js";

/** Which product of which integration feeds which service of the world. */
const rules = [
  {service: "1", vendor: "ninjaone", products: "WINDOWS_WORKSTATION;MAC", count: "identities"},
  {service: "1", vendor: "datto-rmm", products: "Desktop;Laptop", count: "identities"},
  {service: "2", vendor: "ninjaone", products: "WINDOWS_SERVER;LINUX_SERVER", count: "seats"},
  {service: "3", vendor: "microsoft-365", products: "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46", count: "seats"},
  {service: "4", vendor: "pax8", products: "00000007-0000-4000-8000-000000000002", count: "purchased"},
  {service: "5", vendor: "sentinelone", products: "*", count: "seats"},
  {service: "6", vendor: "huntress", products: "edr", count: "seats"},
  {service: "7", vendor: "duo", products: "duo", count: "seats"},
  {service: "8", vendor: "acronis", products: "pw_base_storage:per_workload", count: "reported"},
] as const;

/**
 * The mapping files of a workspace that reads this world: every account linked but one, every service ruled but two.
 * `serviceOf` gives the PSA's id of a service where it has another.
 */
export function mappingFiles(
  world: World,
  vendors: readonly Vendor[],
  serviceOf: (service: string) => string = String,
): Record<string, string> {
  const names = new Set(vendors.map(({name}) => name));
  const links = vendors.flatMap((vendor) => {
    const accounts: CanonicalRows["accounts"] = vendor.expected(world).accounts ?? [];
    return accounts.flatMap((account, index) => {
      const client = world.clients[index];
      return client === undefined || (vendor.name === "huntress" && index === 3)
        ? []
        : [`${vendor.name},${account.account_id},${client.id},confirmed,`];
    });
  });
  const lines = rules
    .filter(({vendor}) => names.has(vendor))
    .map(
      ({service, vendor, products, count}, index) =>
        `r${index + 1},${serviceOf(service)},${vendor},${products},,,,${count},,,,,,,`,
    );
  return {
    "clients.csv": ["connection_id,account_id,client_id,status,note", ...links, ""].join("\n"),
    "services.csv": [
      "rule_id,service_id,connection_id,product_ids,client_id,kinds,statuses,count,multiplier,minimum,maximum,valid_from,valid_to,status,note",
      ...lines,
      "",
    ].join("\n"),
  };
}
