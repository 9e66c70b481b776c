import {z} from "zod";
import type {ConnectorContext, Sink} from "../connector.js";
import type {HttpClient} from "../http/client.js";
import {hasStatus} from "../http/errors.js";
import {idSchema, readStream} from "../readStream.js";
import {list} from "./client.js";

/**
 * Where Autotask bills in several currencies, prices and amounts are in the company's own. The internal currency is the
 * workspace's: without that module Autotask does not say which one it is.
 * https://www.autotask.net/help/developerhelp/Content/APIs/REST/Entities/BillingItemsEntity.htm
 */

const currencySchema = z.object({id: idSchema, name: z.string().min(1), isInternalCurrency: z.boolean()});

/** The codes of currencies by their id, without the internal one; null where the API user may not look at them. */
export async function readCurrencies(
  context: ConnectorContext,
  sink: Sink,
  client: HttpClient,
): Promise<Map<string, string> | null> {
  const codes = new Map<string, string>();
  try {
    await readStream(context, sink, {
      name: "Currencies",
      table: "agreements",
      pages: list(client, "Currencies"),
      schema: currencySchema,
      toRows: ({id, name, isInternalCurrency}) => {
        if (!isInternalCurrency) codes.set(id, name);
        return {};
      },
    });
  } catch (error) {
    if (hasStatus(error, 403)) return null;
    throw error;
  }
  return codes;
}
