import {expect, it} from "vitest";
import {connectors} from "../../loaders/connectors/index.js";

/** How an API may be declared. */

const accounts = {table: "accounts", path: "/a", columns: {account_id: "id", account_name: "name"}};
const problems = (changes: object, more: object = {}) =>
  connectors["http-json"]?.settings
    .safeParse({base_url: "https://api.example.com/", streams: [{...accounts, ...changes}], ...more})
    .error?.issues.map(({path, message}) => `${path.join(".")}: ${message}`);

it("names its columns as the tables have them, and every one that a table needs", () => {
  expect(problems({})).toBeUndefined();
  expect(problems({columns: {...accounts.columns, acount: "x"}})).toEqual([
    "streams.0.columns.acount: accounts has no such column; it has account_id, account_name, domain",
  ]);
  expect(problems({columns: {domain: "url"}})).toEqual(["streams.0.columns: accounts needs account_id, account_name"]);
  expect(problems({table: "invoices"})?.[0]).toMatch(/^streams\.0\.table: /);
});

it.each([
  "http://api.example.com",
  "ftp://api.example.com",
  "https://me:secret@api.example.com",
  "https://:secret@api.example.com",
  "api.example.com",
])("is not asked at %s", (base_url) => {
  expect(problems({}, {base_url})).toEqual([expect.stringContaining("base_url: expected an address")]);
  const auth = {type: "oauth2", token_url: base_url, client_id: "a", client_secret: "b"};
  expect(problems({}, {auth})).toEqual([expect.stringContaining("auth.token_url: expected an address")]);
});
