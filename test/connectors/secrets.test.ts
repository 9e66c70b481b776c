import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {stringify} from "yaml";
import {isOfSameVendor} from "../../loaders/connectors/connectTo.js";
import {connectors} from "../../loaders/connectors/index.js";
import type {SyncRecord} from "../../loaders/lake/lake.js";
import {sync} from "../../loaders/lake/sync.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {vendors} from "../vendors/index.js";
import {makeWorld} from "../vendors/world.js";
import {findSecrets, readQuarantine} from "./syncVendor.js";

/** Ways in which a vendor's answers can bring a secret into what is written down. */

const secret = "planted-0123456789-secret";
const env = {API_TOKEN: secret};
const variable = `\${API_TOKEN}`;

let directory: string;
let server: Server;
let answer: {status: number; body: unknown};
let asked: (string | undefined)[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-secrets-"));
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url?.replace(/\?.*/, ""));
    response.statusCode = answer.status;
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, {recursive: true, force: true});
});

async function read(
  settings: {auth?: object; path?: string; query?: object},
  given: {status?: number; body: unknown},
): Promise<SyncRecord> {
  answer = {status: 200, ...given};
  const {auth = {type: "none"}, ...request} = settings;
  const columns = {
    seat_id: "id",
    account_id: "account",
    product_id: "product",
    kind: {constant: "user"},
    created_at: "at",
  };
  const usage = {
    ...{id: "u", connector: "http-json", auth},
    base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    streams: [{table: "seats", path: "/seats", rows: "items", columns, ...request}],
  };
  const connections = [{id: "psa", connector: "csv-psa", path: "imports"}, usage];
  await writeFile(join(directory, "workspace.yaml"), stringify({name: "Acme", currency: "USD", connections}));
  const [record] = await sync(await readWorkspace(directory), {only: ["u"], env, backoff: 1});
  await rm(join(directory, "workspace.yaml"));
  expect(await findSecrets(directory, {env}, JSON.stringify(record))).toEqual([]);
  return record as SyncRecord;
}

const bearer = {auth: {type: "bearer", token: variable}};
const seat = {id: "1", account: "A", product: "P"};

it("cuts a vendor's long message after the secret was taken out of it, not within the secret", async () => {
  const {error} = await read(bearer, {
    status: 403,
    body: {message: `${"x".repeat(290)}${secret} and ${"y".repeat(300)}`},
  });
  expect(error).toContain(`${"x".repeat(290)}[redacted`);
  expect(error).not.toContain("planted");
  expect(error?.length).toBeLessThan(600);
});

it("takes it out of the id of a record that does not fit, too", async () => {
  const items = Array.from({length: 40}, (_, id) => ({...seat, id: `${id}`}));
  const record = await read(bearer, {body: {items: [...items, {...seat, id: secret, at: `never ${secret}`}]}});
  expect(await readQuarantine(directory, record)).toMatchObject([
    {record: "account_id A, product_id P, seat_id [redacted]", value: "never [redacted]"},
  ]);
});

it.each([
  ["query", {query: {access: variable}}],
  ["path", {path: `/v1/${variable}/seats`}],
])("takes it out where it is a part of the %s", async (_, request) => {
  const {error} = await read(request, {status: 403, body: {message: `${secret} is not known`}});
  expect(error).toContain("[redacted] is not known");
  expect(await read(request, {body: {items: [seat], self: `/seats?access=${secret}`}})).toMatchObject({
    status: "succeeded",
  });
});

describe("a host that a vendor names", () => {
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const elsewhere = () => address().replace("127.0.0.1", "localhost");
  const readVendor = async (settings: object): Promise<SyncRecord | undefined> => {
    const connections = [
      {id: "psa", connector: "csv-psa", path: "imports"},
      {id: "u", ...settings},
    ];
    const psa = [{id: "u", ...settings}];
    const isPsa = "username" in settings;
    const text = stringify({name: "Acme", currency: "USD", connections: isPsa ? psa : connections});
    await writeFile(join(directory, "workspace.yaml"), text);
    return (await sync(await readWorkspace(directory), {only: ["u"], env, backoff: 1}))[0];
  };

  it("gets no credentials where it is somebody else's", async () => {
    answer = {
      status: 200,
      body: {stat: "OK", response: [{account_id: "1", name: "A", api_hostname: new URL(elsewhere()).host}]},
    };
    const duo = {connector: "duo", base_url: address(), integration_key: variable, secret_key: variable};
    expect((await readVendor(duo))?.error).toContain("credentials are not sent there");
    answer = {status: 200, body: {url: `${elsewhere()}/zone`}};
    const autotask = {
      connector: "autotask",
      lookup_url: address(),
      username: variable,
      secret: variable,
      integration_code: variable,
    };
    expect((await readVendor(autotask))?.error).toContain("credentials are not sent there");
    expect(asked).toEqual(["/accounts/v1/account/list", "/v1.0/zoneInformation"]);
  });

  it.each([
    ["https://api-2.duosecurity.com", "https://api-1.duosecurity.com", true],
    ["https://webservices5.autotask.net/atservicesrest/", "https://webservices.autotask.net/atservicesrest", true],
    ["http://127.0.0.1:4711/zone5", "http://127.0.0.1:4711", true],
    ["http://127.0.0.1:4712", "http://127.0.0.1:4711", false],
    ["http://webservices5.autotask.net", "https://webservices.autotask.net", false],
    ["https://webservices5.autotask.net.attacker.example", "https://webservices.autotask.net", false],
    ["https://attacker-autotask.net", "https://webservices.autotask.net", false],
    ["https://autotask.net@attacker.example", "https://webservices.autotask.net", false],
    ["https://me@api-2.duosecurity.com", "https://api-1.duosecurity.com", false],
    ["https://10.0.0.1", "https://192.0.0.1", false],
    ["https://other.com", "https://vendor.com", false],
    ["https://other.co.uk", "https://vendor.co.uk", false],
    ["https://vendor.com.au:8443", "https://vendor.com.au", false],
    ["https://vendor.co.uk/zone5", "https://vendor.co.uk", true],
    ["https://api-2.vendor.co.uk", "https://api-1.vendor.co.uk", true],
    ["https://other.co.uk", "https://api-1.vendor.co.uk", false],
    ["https://zone5.msp.de", "https://zone.msp.de", true],
    ["https://other.azurewebsites.net", "https://vendor.azurewebsites.net", false],
    ["https://d2.cloudfront.net", "https://d1.cloudfront.net", false],
    ["https://other.s3.amazonaws.com", "https://vendor.s3.amazonaws.com", false],
    ["https://b.execute-api.us-east-1.amazonaws.com", "https://a.execute-api.us-east-1.amazonaws.com", false],
    ["https://other.herokuapp.com", "https://vendor.herokuapp.com", false],
    ["https://other.ngrok.io", "https://vendor.ngrok.io", false],
    ["https://other.co.il", "https://vendor.co.il", false],
    ["https://other.k12.tr", "https://vendor.k12.tr", false],
    ["https://api-2.vendor.herokuapp.com", "https://api-1.vendor.herokuapp.com", true],
    ["https://api-2.vendor.internal", "https://api-1.vendor.internal", true],
    ["no address", "https://api-1.duosecurity.com", false],
  ])("%s beside %s: %s", async (named, known, isTheirs) => {
    expect(await isOfSameVendor(named, known)).toBe(isTheirs);
  });
});

/** Paths of the settings that a connection takes from the environment, as `auth.password`. */
function fromEnvironment(settings: object, prefix = ""): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value === "object" && value !== null) return fromEnvironment(value, `${prefix}${name}.`);
    return /^\$\{\w+\}$/.test(String(value)) ? [`${prefix}${name}`] : [];
  });
}

it.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
  "are named by the connector %s, and planted in its double to be looked for",
  (name, vendor) => {
    const opening = fromEnvironment(vendor.settings("https://vendor.example", makeWorld({clients: 1}))).filter((path) =>
      /(secret|token|password|key)$/.test(path),
    );
    expect(opening).not.toEqual([]);
    expect(connectors[name]?.secrets ?? []).toEqual(expect.arrayContaining(opening));
    expect(Object.values(vendor.env).some((value) => /planted/i.test(value))).toBe(true);
  },
);
