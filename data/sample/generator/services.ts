import {offers} from "./catalogue.js";
import {type Draft, put} from "./draft.js";
import {money} from "./money.js";
import {support} from "./plants.js";
import {newService} from "./story.js";

/** The services that the PSA sells. Without a list price: what has to be priced some other way, or not at all. */
export function putServices(draft: Draft): void {
  const service = (id: string, name: string, category: string, unit: string, price?: string, cost?: string): void =>
    put(draft, "imports/psa/services", {
      service_id: id,
      service_name: name,
      category,
      unit,
      list_price: price ?? null,
      unit_cost: cost ?? null,
    });
  const managed = "Managed services";
  for (const {serviceId, serviceName, unit, listPrice, cost} of offers) {
    service(serviceId, serviceName, managed, unit, serviceId === "S-MFA" ? undefined : listPrice, cost);
  }
  service(support.serviceId, support.serviceName, managed, "user", support.listPrice, support.cost);
  service(newService.serviceId, newService.serviceName, managed, "licence", money(newService.cents), newService.cost);
  service("S-LAB", "Labour", "Projects", "flat");
  service("S-PWD", "Password Manager", managed, "user", "4.00", "2.00");
  service("S-AZ", "Azure Plan", "Cloud", "licence");
}
