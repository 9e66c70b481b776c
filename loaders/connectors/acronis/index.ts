import {z} from "zod";
import {at} from "../../at.js";
import type {Connector, ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {basicHeader, tokenAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {nextCursor, type Page, readPages, rowsAt} from "../http/pages.js";
import {readParts} from "../readParts.js";
import {idSchema, readStream} from "../readStream.js";
import {addDecimals, decimalOf, divideDecimal, textOf, wordsOf} from "../values.js";

/**
 * Acronis Cyber Protect: customer tenants are accounts, what they use of each offering item is a count.
 * https://developer.acronis.com/doc/account-management/v2
 *
 * The metric is `reported`: Acronis bills what it measured itself. Storage is brought to GB of 2^30 bytes, the unit that
 * Acronis sells, and what lies in several storages (`infra_id`) is added up. Features, which are there or not, are no usage.
 * Usage of no offering item, which says once more what of the storage is for which devices, is not billed and counts nothing,
 * and neither does that of an item that is switched off, as those of the edition are that the customer does not have.
 * Usage of a trial tenant belongs to products of its own that are marked as trials. A customer's usage holds that of its
 * units and folders, so those are not read. A tenant that refuses leaves the others current.
 */

const settingsSchema = z.strictObject({
  base_url: addressSchema.describe("Your data centre, such as https://eu2-cloud.acronis.com."),
  client_id: z.string().min(1).describe("Client id of the API client."),
  client_secret: z.string().min(1).describe("Its secret."),
  tenant_id: z.string().min(1).describe("Your own tenant's id: the partner whose customers are read."),
  ...httpSettings,
});

type Settings = z.infer<typeof settingsSchema>;

const gigabyte = 2 ** 30;

const tenantSchema = z.object({
  id: idSchema,
  name: z.string().min(1),
  kind: z.string(),
  customer_type: z.string().nullish(),
  pricing_mode: z.string().nullish(),
});
const usageSchema = z
  .object({
    // A name, or beside the name an object with quota and status, 0 if switched off. Without it the usage is of none.
    offering_item: z.union([z.string(), z.looseObject({status: z.number().nullish()})]).nullish(),
    name: z.string().nullish(),
    type: z.string().nullish(),
    edition: z.string().nullish(),
    infra_id: z.string().nullish(),
    value: z.number(),
    measurement_unit: z.string().nullish(),
  })
  .transform(({offering_item, name, ...usage}) => ({
    ...usage,
    isOfItem: offering_item !== null && offering_item !== undefined && at(offering_item, "status") !== 0,
    item: (typeof offering_item === "string" ? textOf(offering_item) : null) ?? textOf(name),
  }))
  .refine(({item}) => item !== null, {path: ["offering_item"], error: "expected the name of an offering item"});

type Usage = z.infer<typeof usageSchema>;

function quantityOf({value, measurement_unit}: Usage): string {
  const quantity = decimalOf(value) as string;
  return measurement_unit === "bytes" ? divideDecimal(quantity, gigabyte) : quantity;
}

function connect(context: ConnectorContext<Settings>): HttpClient {
  const {base_url, client_id, client_secret} = context.settings;
  context.redactor.add(`${client_id}:${client_secret}`);
  const request = {
    url: `${base_url}/api/2/idp/token`,
    form: {grant_type: "client_credentials"},
    headers: {authorization: basicHeader(client_id, client_secret)},
  };
  return connectTo(context, {
    baseUrl: `${base_url}/api/2`,
    auth: (send) => tokenAuth(request, send, context.redactor),
    limiter: limiterOf(context, {concurrency: 4}),
  });
}

const nextPage = nextCursor("after", "paging", "cursors", "after");

/** A cursor holds what was asked for, and is sent alone. */
function list(client: HttpClient, path: string, query = {}): AsyncGenerator<Page> {
  return readPages(
    client,
    {path, query},
    {rows: rowsAt("items"), next: (answer) => nextPage({...answer, request: {path}})},
  );
}

export const acronis: Connector<Settings> = {
  name: "acronis",
  side: "usage",
  description: "Acronis Cyber Protect: usage of each offering item by customer tenant.",
  settings: settingsSchema,
  secrets: ["client_secret"],

  async test(context) {
    const {body} = await connect(context).read({path: `/tenants/${encodeURIComponent(context.settings.tenant_id)}`});
    return `Acronis answers; the API client belongs to ${at(body, "name")} (${at(body, "kind")}).`;
  },

  async sync(context, sink) {
    const client = connect(context);
    const tenants: {accountId: string; name: string; isTrial: boolean}[] = [];
    await readStream(context, sink, {
      name: "tenants",
      table: "accounts",
      pages: list(client, "/tenants", {subtree_root_id: context.settings.tenant_id}),
      schema: tenantSchema,
      toRows: ({id, name, kind, customer_type, pricing_mode}) => {
        if (kind !== "customer") return {};
        tenants.push({accountId: id, name, isTrial: customer_type === "trial" || pricing_mode === "trial"});
        return {accounts: [{account_id: id, account_name: name}]};
      },
    });
    const as_of = context.now.toISOString();
    const failedParts = await readParts(
      context,
      sink,
      tenants,
      {concurrency: 4, tables: ["counts"]},
      async ({accountId, isTrial}) => {
        /** By product, then by storage. */
        const quantities = new Map<string, Map<string, string>>();
        const place = `/tenants/${encodeURIComponent(accountId)}/usages`;
        await readStream(context, sink, {
          name: "usages",
          table: "counts",
          pages: list(client, place),
          schema: usageSchema,
          toRows: (usage) => {
            if (usage.type === "feature" || !usage.isOfItem) return {};
            const item = usage.item as string;
            const edition = textOf(usage.edition);
            const product_id = [item, ...(edition === null ? [] : [edition]), ...(isTrial ? ["trial"] : [])].join(":");
            const suffix = `${edition === null ? "" : ` (${edition})`}${isTrial ? ", trial" : ""}`;
            const unit = usage.measurement_unit === "bytes" ? "gb" : textOf(usage.measurement_unit);
            const byStorage = quantities.get(product_id) ?? new Map<string, string>();
            quantities.set(product_id, byStorage.set(usage.infra_id ?? "", quantityOf(usage)));
            return {
              products: [
                {
                  product_id,
                  product_name: `Acronis ${wordsOf(item)}${suffix}`,
                  unit,
                  category: edition,
                  is_trial: isTrial,
                },
              ],
            };
          },
        });
        const counts = [...quantities].map(([product_id, byStorage]) => {
          const quantity = [...byStorage.values()].reduce(addDecimals);
          return {account_id: accountId, product_id, metric: "reported", quantity, as_of};
        });
        await sink.write("counts", counts, {place: `sums of ${place}`});
      },
    );
    return {freshAt: context.now, failedParts};
  },
};
