import type {z} from "zod";
import {decimalOf, scaleDecimal} from "../values.js";
import type {contractServiceSchema} from "./schemas.js";

type ContractService = z.output<typeof contractServiceSchema>;

/**
 * What a contract charges for a unit of a service: its `adjustedPrice`, as `unitPrice` is the service's own. A query leaves it
 * out and gives it in the internal currency alone, which both unit prices bring to the company's. Without one the contract
 * charges the service's price. Null where it is known in another currency only.
 * https://www.autotask.net/help/developerhelp/Content/APIs/REST/Entities/ContractServicesEntity.htm
 */
export function contractPrice(
  {unitPrice, adjustedPrice, internalCurrencyUnitPrice, internalCurrencyAdjustedPrice}: ContractService,
  isForeign: boolean,
): string | null {
  const charged = decimalOf(adjustedPrice);
  const internal = decimalOf(internalCurrencyAdjustedPrice);
  if (charged !== null || internal === null) return charged ?? decimalOf(unitPrice);
  if (Number(internal) === 0) return internal;
  if (!unitPrice || !internalCurrencyUnitPrice) return isForeign ? null : internal;
  if (unitPrice === internalCurrencyUnitPrice) return internal;
  return scaleDecimal(internal, decimalOf(unitPrice) as string, decimalOf(internalCurrencyUnitPrice) as string);
}
