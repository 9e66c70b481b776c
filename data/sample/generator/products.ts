import {freeProduct, offers, powerBi} from "./catalogue.js";
import type {Draft} from "./draft.js";
import {money} from "./money.js";
import {newService} from "./story.js";
import {putProduct} from "./usageRows.js";

/** The products that integrations report: what is sold, a free one, two that no rule covers at first, and a plan. */
export function putProducts(draft: Draft): void {
  for (const {connection, productId, productName, unit} of offers) {
    putProduct(draft, connection, {product_id: productId, product_name: productName, unit});
  }
  putProduct(draft, "m365", {
    product_id: freeProduct,
    product_name: "Power BI (free)",
    unit: "licence",
    category: "Free",
    is_trial: "true",
  });
  putProduct(draft, "m365", {
    product_id: powerBi.productId,
    product_name: "Power BI Pro",
    unit: "licence",
    list_price: money(powerBi.cents),
    unit_cost: "7.50",
  });
  putProduct(draft, "m365", {
    product_id: newService.productId,
    product_name: newService.serviceName,
    unit: "licence",
    list_price: money(newService.cents),
    unit_cost: newService.cost,
  });
  putProduct(draft, "distributor", {product_id: "azure-plan", product_name: "Azure Plan", unit: "licence"});
}
