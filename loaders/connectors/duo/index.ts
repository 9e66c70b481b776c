import {z} from "zod";
import {at} from "../../at.js";
import type {Connector, ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf, requireSameVendor} from "../connectTo.js";
import {duoAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import type {Limiter} from "../http/limiter.js";
import {nextCursor, numberAt, readPages, rowsAt} from "../http/pages.js";
import {readParts} from "../readParts.js";
import {idSchema, readStream} from "../readStream.js";
import {instantOf, textOf} from "../values.js";

/**
 * Duo: the child accounts of an MSP are accounts, their users are seats.
 * https://duo.com/docs/accountsapi, https://duo.com/docs/adminapi
 *
 * Duo bills every user but those on their way out: `active`, `bypass` and `locked out` are active here, `disabled` is
 * disabled, `pending deletion` is deleted. A child account that refuses leaves the others current.
 */

const settingsSchema = z.strictObject({
  base_url: addressSchema.describe("Your Accounts API host, such as https://api-1a2b3c4d.duosecurity.com."),
  integration_key: z.string().min(1).describe("Integration key of an Accounts API application."),
  secret_key: z.string().min(1).describe("Its secret key."),
  ...httpSettings,
});

type Settings = z.infer<typeof settingsSchema>;

const pageSize = 300;
const product = "duo";

const accountSchema = z.object({account_id: idSchema, name: z.string().min(1), api_hostname: z.string().min(1)});
const userSchema = z.object({
  user_id: idSchema,
  username: z.string().nullish(),
  realname: z.string().nullish(),
  email: z.string().nullish(),
  status: z.enum(["active", "bypass", "disabled", "locked out", "pending deletion"]),
  created: z.number().nullish(),
  last_login: z.number().nullish(),
});

const statuses = {
  active: "active",
  bypass: "active",
  "locked out": "active",
  disabled: "disabled",
  "pending deletion": "deleted",
} as const;

function connect(context: ConnectorContext<Settings>, baseUrl: string, limiter: Limiter): HttpClient {
  const {integration_key, secret_key} = context.settings;
  return connectTo(context, {
    baseUrl,
    limiter,
    auth: () => duoAuth({integrationKey: integration_key, secretKey: secret_key}, context.redactor),
    remedies: {
      401: "The integration or secret key is wrong, or this machine's clock is: Duo accepts a request for a few minutes only.",
      403: "The application may not read this: in the parent account, make it an Accounts API application; it needs the permission to grant read resource.",
    },
  });
}

const listAccounts = (client: HttpClient) =>
  readPages(client, {path: "/accounts/v1/account/list", form: {}}, {rows: rowsAt("response"), next: () => null});

export const duo: Connector<Settings> = {
  name: "duo",
  side: "usage",
  description: "Duo: users by child account.",
  settings: settingsSchema,
  secrets: ["integration_key", "secret_key"],

  async test(context) {
    const limiter = limiterOf(context, {concurrency: 1});
    const client = connect(context, context.settings.base_url, limiter);
    let count = 0;
    for await (const {rows} of listAccounts(client)) count += rows.length;
    return `Duo answers; the application sees ${count} child accounts.`;
  },

  async sync(context, sink) {
    const limiter = limiterOf(context, {concurrency: 4});
    const {base_url} = context.settings;
    const accounts: {accountId: string; name: string; host: string}[] = [];
    await sink.write("products", [{product_id: product, product_name: "Duo", unit: "user"}], {place: "Duo"});
    await readStream(context, sink, {
      name: "accounts",
      table: "accounts",
      pages: listAccounts(connect(context, base_url, limiter)),
      schema: accountSchema,
      toRows: ({account_id, name, api_hostname}) => {
        accounts.push({accountId: account_id, name, host: api_hostname});
        return {accounts: [{account_id, account_name: name}]};
      },
    });
    const failedParts = await readParts(
      context,
      sink,
      accounts,
      {concurrency: 4, tables: ["seats"]},
      async ({accountId, host}) => {
        const address = `${new URL(base_url).protocol}//${host}`;
        await requireSameVendor(address, base_url, "The account's api_hostname");
        const client = connect(context, address, limiter);
        await readStream(context, sink, {
          name: "users",
          table: "seats",
          pages: readPages(
            client,
            {path: "/admin/v1/users", query: {account_id: accountId, limit: pageSize, offset: 0}},
            {
              rows: rowsAt("response"),
              next: nextCursor("offset", "metadata", "next_offset"),
              total: numberAt("metadata", "total_objects"),
              isByPosition: true,
              size: "limit",
              idOf: (row) => at(row, "user_id"),
            },
          ),
          schema: userSchema,
          toRows: (user) => ({
            seats: [
              {
                seat_id: user.user_id,
                account_id: accountId,
                product_id: product,
                kind: "user",
                display_name: textOf(user.realname) ?? textOf(user.username),
                identifier: textOf(user.email) ?? textOf(user.username),
                status: statuses[user.status],
                created_at: instantOf(user.created),
                last_activity_at: instantOf(user.last_login),
              },
            ],
          }),
        });
      },
    );
    return {freshAt: context.now, failedParts};
  },
};
