import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {describeProblem} from "../../../loaders/problems.js";
import {readMappingFolder} from "../../../loaders/workspace/mappings.js";
import {withCommas} from "../../../src/lib/csvText.js";
import {formerIds} from "../../../src/lib/validateMappings.js";
import {clients, decisions, exclusions, judged, known, prices, problemsIn, read, services} from "./mappingFolder.js";

it.each([
  ["clients", clients("rmm,A1,C1,confirmed,", "rmm,A2,,excluded,ours", "edr,A1,C1,confirmed,")],
  ["services", services("R1,S1,rmm,P1;P2,,user; device,active,seats,1.5,0,10,2026-01-01,2027-01-01,active")],
  ["services", services("R1,S1,rmm,*,,,,,,,,,,", "R2,S1,rmm,P1,C1,,,,,,,,,off")],
  ["exclusions", exclusions("rmm,,,,spare,", "rmm,A1,P1,seat-9,loan,2026-12-31")],
  ["prices", prices("S1,,10,USD,2026-01-01", "S1,,12,USD,2026-06-01", "S1,C1,11.500000,,")],
])("finds nothing wrong in %s that hold together", async (name, content) => {
  expect(await problemsIn(name, content)).toEqual([]);
});

it.each([
  [
    "a connection that the workspace lacks",
    "clients",
    clients("mdm,A1,C1,confirmed,"),
    'mappings/clients.csv:2 connection_id "mdm": The workspace has no such integration. Correct it, or remove the row.',
  ],
  [
    "the PSA, which counts nothing",
    "services",
    services("R1,S1,psa,*,,,,,,,,,,"),
    'mappings/services.csv:2 connection_id "psa": The workspace has no such integration. Correct it, or remove the row.',
  ],
  [
    "a client that the PSA lacks",
    "clients",
    clients("rmm,A1,C9,confirmed,"),
    'mappings/clients.csv:2 client_id "C9": The PSA has no such id. Correct it, or remove the row.',
  ],
  [
    "an account that went away, or never was",
    "clients",
    clients("rmm,A9,C1,confirmed,"),
    'mappings/clients.csv:2 account_id "A9": rmm lists no such account: it is gone, or mistyped.',
  ],
  [
    "two decisions about one account",
    "clients",
    clients("rmm,A1,C1,confirmed,", "rmm,A1,C2,confirmed,"),
    'mappings/clients.csv:3 account_id "A1": line 2 decides about this account already. An account belongs to one client or to none: keep one of the rows.',
  ],
  [
    "a confirmed account without a client",
    "clients",
    clients("rmm,A1,,confirmed,"),
    "mappings/clients.csv:2 client_id: a confirmed account needs a client.",
  ],
  [
    "an unknown status",
    "clients",
    clients("rmm,A1,C1,maybe,"),
    'mappings/clients.csv:2 status "maybe": expected confirmed or excluded.',
  ],
  [
    "a service that the PSA lacks",
    "services",
    services("R1,S9,rmm,P1,,,,,,,,,,"),
    'mappings/services.csv:2 service_id "S9": The PSA has no such id. Correct it, or remove the row.',
  ],
  [
    "one unknown product among several",
    "services",
    services("R1,S1,rmm,P1; P9,,,,,,,,,,"),
    'mappings/services.csv:2 product_ids "P9": rmm has no such id. Correct it, or remove the row.',
  ],
  [
    "all products and one besides",
    "services",
    services("R1,S1,rmm,*;P1,,,,,,,,,,"),
    'mappings/services.csv:2 product_ids "*;P1": expected product ids separated by semicolons, or * alone.',
  ],
  [
    "a rule id twice",
    "services",
    services("R1,S1,rmm,P1,,,,,,,,,,", "R1,S2,rmm,P2,,,,,,,,,,"),
    'mappings/services.csv:3 rule_id "R1": line 2 has the same rule id.',
  ],
  [
    "an unknown kind",
    "services",
    services("R1,S1,rmm,P1,,laptop,,,,,,,,"),
    'mappings/services.csv:2 kinds "laptop": expected user, device, mailbox, shared_mailbox, server, workstation, backup, other, separated by semicolons.',
  ],
  [
    "an unknown status beside a known one",
    "services",
    services("R1,S1,rmm,P1,,user; SERVER,active;paused,,,,,,,"),
    'mappings/services.csv:2 statuses "active;paused": expected active, suspended, disabled, deleted, separated by semicolons.',
  ],
  [
    "an unknown way of counting",
    "services",
    services("R1,S1,rmm,P1,,,,people,,,,,,"),
    'mappings/services.csv:2 count "people": expected one of seats, identities, purchased, assigned, active, reported.',
  ],
  [
    "a multiplier with a comma",
    "services",
    services('R1,S1,rmm,P1,,,,,"1,5",,,,,'),
    'mappings/services.csv:2 multiplier "1,5": expected a decimal number with a dot and no thousands separator.',
  ],
  [
    "a number with more digits than can be counted with",
    "services",
    services("R1,S1,rmm,P1,,,,,123456789012345,,,,,"),
    'mappings/services.csv:2 multiplier "123456789012345": is too large.',
  ],
  [
    "a multiplier with more decimals than are counted with",
    "services",
    services("R1,S1,rmm,P1,,,,,0.16666666666,,,,,"),
    'mappings/services.csv:2 multiplier "0.16666666666": has more than 10 decimals.',
  ],
  [
    "a negative minimum",
    "services",
    services("R1,S1,rmm,P1,,,,,,-1,,,,"),
    'mappings/services.csv:2 minimum "-1": must not be negative.',
  ],
  [
    "a maximum below the minimum",
    "services",
    services("R1,S1,rmm,P1,,,,,,5,4,,,"),
    'mappings/services.csv:2 maximum "4": is less than the minimum 5.',
  ],
  [
    "a maximum below the minimum in its last digit alone",
    "services",
    services("R1,S1,rmm,P1,,,,,,+12345678901234.0002,12345678901234.0001,,,"),
    'mappings/services.csv:2 maximum "12345678901234.0001": is less than the minimum +12345678901234.0002.',
  ],
  [
    "a day that does not exist",
    "services",
    services("R1,S1,rmm,P1,,,,,,,,2026-02-30,,"),
    'mappings/services.csv:2 valid_from "2026-02-30": expected a real date as YYYY-MM-DD.',
  ],
  [
    "a rule that ends when it begins",
    "services",
    services("R1,S1,rmm,P1,,,,,,,,2026-02-01,2026-02-01,"),
    'mappings/services.csv:2 valid_to "2026-02-01": is not after valid_from 2026-02-01. valid_to is the first day on which the rule no longer holds.',
  ],
  [
    "identity rules of one service with different arithmetic",
    "services",
    services("R1,S1,rmm,P1,,,,identities,,5,,,,", "R2,S1,edr,P1,,,,identities,,,,,,"),
    'mappings/services.csv:3 rule_id "R2": counts identities for S1 together with R1 (line 2), but multiplier, minimum or maximum differ. Give both rules the same three values: they are applied to the people of both together.',
  ],
  [
    "an exclusion without a reason",
    "exclusions",
    exclusions("rmm,A1,,,,"),
    "mappings/exclusions.csv:2 reason: a value is required.",
  ],
  [
    "a price below nothing",
    "prices",
    prices("S1,,-5,USD,"),
    'mappings/prices.csv:2 unit_price "-5": expected a price with a dot, not negative.',
  ],
  [
    "a currency in words",
    "prices",
    prices("S1,,5,dollar,"),
    'mappings/prices.csv:2 currency "dollar": expected an ISO 4217 code in capitals.',
  ],
  [
    "two prices for one day",
    "prices",
    prices("S1,,5,USD,2026-01-01", "S1,,6,USD,2026-01-01"),
    'mappings/prices.csv:3 service_id "S1": line 2 has a price for the same service, client, currency and day.',
  ],
  [
    "a missing column",
    "prices",
    "service_id,client_id\nS1,\n",
    "mappings/prices.csv:1 unit_price: this column is missing. Expected service_id, client_id, unit_price, currency, valid_from, note, decided_by, decided_at.",
  ],
  [
    "an exclusion's column under another name",
    "exclusions",
    "connection_id,account,reason\nrmm,A1,ours\n",
    "mappings/exclusions.csv:1 account: there is no such column. Did you mean account_id? Expected connection_id, account_id, product_id, seat_id, reason, expires_on, decided_by, decided_at.",
  ],
  [
    "a condition that lacks a letter",
    "exclusions",
    "connection_id,acount_id,reason\nrmm,A1,ours\n",
    "mappings/exclusions.csv:1 acount_id: there is no such column. Did you mean account_id? Expected connection_id, account_id, product_id, seat_id, reason, expires_on, decided_by, decided_at.",
  ],
  [
    "a condition with two letters the wrong way round",
    "exclusions",
    "connection_id,reason,exipres_on\nrmm,ours,2026-01-01\n",
    "mappings/exclusions.csv:1 exipres_on: there is no such column. Did you mean expires_on? Expected connection_id, account_id, product_id, seat_id, reason, expires_on, decided_by, decided_at.",
  ],
  [
    "a minimum cut short",
    "services",
    "rule_id,service_id,connection_id,product_ids,min\nR1,S1,rmm,P1,5\n",
    "mappings/services.csv:1 min: there is no such column. Did you mean minimum? Expected rule_id, service_id, connection_id, product_ids, client_id, kinds, statuses, count, multiplier, minimum, maximum, valid_from, valid_to, status, note, decided_by, decided_at.",
  ],
  [
    "semicolons",
    "prices",
    "service_id;client_id;unit_price\nS1;C1;5\n",
    `mappings/prices.csv: its columns are separated by ";". ${withCommas}`,
  ],
  [
    "semicolons between quoted names",
    "prices",
    '\ufeff"service_id";"client_id";"unit_price"\r\n"S1";"C1";"5"\r\n',
    `mappings/prices.csv: its columns are separated by ";". ${withCommas}`,
  ],
  [
    "semicolons, and some within a value",
    "services",
    'rule_id;service_id;connection_id;product_ids\nR1;S1;rmm;"P1;P2"\n',
    `mappings/services.csv: its columns are separated by ";". ${withCommas}`,
  ],
  [
    "tabs",
    "prices",
    "service_id\tclient_id\tunit_price\nS1\tC1\t5\n",
    `mappings/prices.csv: its columns are separated by tabs. ${withCommas}`,
  ],
  [
    "UTF-16",
    "prices",
    Buffer.from("\ufeffservice_id,unit_price\r\nS1,5\r\n", "utf16le").toString("utf8"),
    "mappings/prices.csv: is not UTF-8 but probably UTF-16. Save it as CSV UTF-8.",
  ],
  [
    "a column twice",
    "prices",
    "service_id,client_id,unit_price,Client_ID\nS1,C1,5,\n",
    "mappings/prices.csv:1 client_id: this column stands there more than once. Keep one of them.",
  ],
  [
    "a value under no header",
    "exclusions",
    "connection_id,,reason\nrmm,A1,ours\n",
    'mappings/exclusions.csv:2 "A1": stands in a column without a name. Name the column in line 1, or empty it.',
  ],
  [
    "a quote that nothing closes",
    "exclusions",
    exclusions('rmm,A1,,,"two\nlines",', 'rmm,A2,,,"ours,', "rmm,A3,,,ours,"),
    "mappings/exclusions.csv:4: a quote that opens here is never closed. Close every quote, and double those that stand within a text.",
  ],
  [
    "text after a quote that closes",
    "exclusions",
    exclusions('rmm,A1,,,"two\nlines",', 'rmm,A2,,,"our"s,'),
    "mappings/exclusions.csv:4: quotes are not balanced or not doubled. Close every quote, and double those that stand within a text.",
  ],
  [
    "a quote within a text",
    "exclusions",
    exclusions('rmm,A1,,,19" rack,'),
    "mappings/exclusions.csv:2: quotes are not balanced or not doubled. Close every quote, and double those that stand within a text.",
  ],
  ["a field too many", "prices", prices("S1,,5,USD,,x"), "mappings/prices.csv:2: expected 5 fields, found 6."],
])("says of %s where it stands and what to do", async (_, name, content, problem) => {
  expect(await problemsIn(name, content)).toEqual([problem]);
});

it("warns of files that nobody reads under their names, and of a folder that is not there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-mappings-"));
  const warned = async (place: string) => (await readMappingFolder(place)).warnings.map(describeProblem);
  try {
    for (const name of ["services.csv", "services-old.csv", "client.csv", "Prices.csv.txt", "notes.md", ".gitkeep"]) {
      await writeFile(join(folder, name), "");
    }
    expect(await warned(folder)).toEqual([
      "mappings/client.csv: nothing reads this file. Did you mean clients.csv?",
      "mappings/Prices.csv.txt: nothing reads this file. Did you mean prices.csv?",
    ]);
    expect(await warned(join(folder, "mapping"))).toEqual([
      "mappings: there is no such folder, so nothing is decided.",
    ]);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
});

it("warns of what a browser saved beside a mapping file, and not in its place", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-mappings-"));
  const saved = ["clients (1).csv", "Clients(12).csv", "clients-2.csv", "services 3.csv"];
  try {
    for (const table of ["clients", "services", "exclusions", "prices", "decisions"]) {
      await writeFile(join(folder, `${table}.csv`), "");
    }
    for (const name of [...saved, "clients-2025-12.csv", "clients-old.csv", "clients (1).txt", "leavers (1).csv"]) {
      await writeFile(join(folder, name), "");
    }
    expect((await readMappingFolder(folder)).warnings.map(describeProblem)).toEqual([
      "mappings/Clients(12).csv: nothing reads this file. If a browser saved it, put it in the place of clients.csv; else remove it.",
      "mappings/clients (1).csv: nothing reads this file. If a browser saved it, put it in the place of clients.csv; else remove it.",
      "mappings/clients-2.csv: nothing reads this file. If a browser saved it, put it in the place of clients.csv; else remove it.",
      "mappings/services 3.csv: nothing reads this file. If a browser saved it, put it in the place of services.csv; else remove it.",
    ]);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
});

it("takes a column that differs from every other by three letters for one's own", async () => {
  const {problems, warnings} = await read("exclusions", "connection_id,reason,prodigy_id\nrmm,ours,x\n");
  expect([problems, warnings.map(({column}) => column)]).toEqual([[], ["prodigy_id"]]);
});

it("takes headers in any case and with spaces around them, columns of one's own, and empty ones without a name", async () => {
  const text = 'Rule_ID,service_id,connection_id,product_ids," Client_ID ",MINIMUM,Ticket,,\nR1,S1,rmm,P1,C1,5,T-1,,\n';
  const {mappings, problems, warnings} = await read("services", text);
  expect(problems).toEqual([]);
  expect(mappings.services).toMatchObject([{rule_id: "R1", client_id: "C1", minimum: "5"}]);
  expect(mappings.services[0]).not.toHaveProperty("ticket");
  expect(warnings.map(({line, column, message}) => [line, column, message])).toEqual([
    [1, "ticket", "this column is not read."],
  ]);
});

it.each([
  ["multiplier", ["", "2,,"], ["", ",,"], true],
  ["maximum", ["", ",,9"], ["", ",,"], true],
  ["minimum, for one client over another connection", ["", ",5,"], ["C1", ",6,"], true],
  ["minimum's last digit", ["", ",12345678901234.0002,"], ["", ",12345678901234.0001,"], true],
  ["way of writing them alone", ["", "1.0,5,"], ["C1", ",+5.00,"], false],
  ["minimum, for different clients", ["C1", ",5,"], ["C2", ",6,"], false],
] as const)("judges identity rules of two connections that differ in their %s", async (_, one, other, isWrong) => {
  const rule = (id: string, connection: string, [client, arithmetic]: readonly [string, string]) =>
    `${id},S1,${connection},P1,${client},,,identities,${arithmetic},,,`;
  const found = await problemsIn("services", services(rule("R1", "rmm", one), rule("R2", "edr", other)));
  expect(found).toEqual(isWrong ? [expect.stringContaining("counts identities for S1 together with R1")] : []);
});

it("lets a client's own identity rule differ from the one that it replaces, and rules that never hold together", async () => {
  const rules = services(
    "R1,S1,rmm,P1,,,,identities,,5,,,,",
    "R2,S1,rmm,P1,C1,,,identities,,9,,,,",
    "R3,S1,edr,P1,,,,identities,,7,,,2026-01-01,",
    "R4,S1,edr,P1,,,,identities,,8,,,,off",
    "R5,S1,edr,P1,,,,identities,,9,,,2026-11-23,",
    "R6,S1,edr,P1,,,,identities,,9,,2026-11-24,,",
  );
  expect(await problemsIn("services", rules)).toEqual([]);
});

it.each([
  ["its own rule holds", "C1,,,seats,,,,,,", false],
  ["its own rule is off", "C1,,,seats,,,,,,off", true],
  ["another client's rule holds", "C2,,,seats,,,,,,", true],
] as const)("holds a client's identity rule against a global one elsewhere, where %s", async (_, own, isWrong) => {
  const rules = services(
    "R1,S1,rmm,P1,,,,identities,,5,,,,",
    "R2,S1,edr,P1,C1,,,identities,,9,,,,",
    `R3,S1,rmm,P1,${own}`,
  );
  expect(await problemsIn("services", rules)).toHaveLength(isWrong ? 1 : 0);
});

it.each([
  [
    "clients",
    clients("rmm,A1,C3,confirmed,"),
    ['mappings/clients.csv:2 client_id "C3": The PSA no longer has this client.'],
  ],
  [
    "services",
    services("R1,S3,rmm,P1;P3,C1,,,,,,,,,"),
    [
      'mappings/services.csv:2 service_id "S3": The PSA no longer has this service.',
      'mappings/services.csv:2 product_ids "P3": rmm no longer has this product.',
    ],
  ],
  [
    "exclusions",
    exclusions("rmm,,P3,,spare,"),
    ['mappings/exclusions.csv:2 product_id "P3": rmm no longer has this product.'],
  ],
  ["prices", prices("S3,,10,USD,"), ['mappings/prices.csv:2 service_id "S3": The PSA no longer has this service.']],
  ["decisions", decisions("C1,,rmm,P3,,,ignore,,,,5,,ours,,,"), []],
  ["services", services("R1,S3,rmm,P3,,,,,,,,,,off"), []],
])("only warns of what went away and %s still name, where something would follow", async (name, content, warnings) => {
  const former = {clients: new Set(["C3"]), services: new Set(["S3"]), products: new Map([["rmm", new Set(["P3"])]])};
  expect(await judged(name, content, {...known, former})).toEqual({errors: [], warnings});
});

it.each([
  ["decisions", decisions("C1,S9,,,,,accept,,,,4,,ok,,,"), "service_id"],
  ["services", services("R1,S1,rmm,P9,,,,,,,,,,off"), "product_ids"],
  ["services", services("R1,S1,rmm,P9,,,,,,,,,2026-11-23,"), "product_ids"],
  ["exclusions", exclusions("rmm,,P9,,internal,2026-11-22"), "product_id"],
])("only warns of what %s name without anything to follow from it", async (name, content, column) => {
  const {errors, warnings} = await judged(name, content, known);
  expect(errors).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(new RegExp(`${column} .* has no such id`))]);
});

it.each([
  ["services", services("R1,S1,rmm,P9,,,,,,,,,2026-11-24,"), "product_ids"],
  ["exclusions", exclusions("rmm,,P9,,internal,2026-11-23"), "product_id"],
])("refuses what %s name on their last day", async (name, content, column) => {
  const {errors} = await judged(name, content, known);
  expect(errors).toEqual([expect.stringMatching(new RegExp(`${column} .* has no such id`))]);
});

it("refuses what never was, also where other things went away", async () => {
  const former = {
    clients: new Set<string>(),
    services: new Set<string>(),
    products: new Map([["edr", new Set(["P3"])]]),
  };
  const {errors} = await judged("services", services("R1,S1,rmm,P3,,,,,,,,,,"), {...known, former});
  expect(errors).toEqual([
    'mappings/services.csv:2 product_ids "P3": rmm has no such id. Correct it, or remove the row.',
  ]);
});

it("refuses a file that is not UTF-8, with its first such line", async () => {
  const header = "connection_id,account_id,client_id,status,note\n";
  const bytes = Buffer.from(`${header}rmm,A1,C1,confirmed,plain\nrmm,A2,C2,confirmed,M\xfcller\n`, "latin1");
  expect(await problemsIn("clients", bytes)).toEqual([
    "mappings/clients.csv:3: the line is not UTF-8. Save the file as CSV UTF-8.",
  ]);
  expect(await problemsIn("clients", Buffer.from(`${header}rmm,A1,C1,confirmed,M\xfc`, "latin1"))).toEqual([
    "mappings/clients.csv:2: the line is not UTF-8. Save the file as CSV UTF-8.",
  ]);
  expect(await problemsIn("clients", Buffer.from(`\ufeff${header}`, "utf16le"))).toEqual([
    "mappings/clients.csv: is not UTF-8 but probably UTF-16. Save it as CSV UTF-8.",
  ]);
});

it("writes out what nobody can see of an id", async () => {
  expect(await problemsIn("clients", clients("rmm,A1\u200b,C1,confirmed,", "rmm,A2,C\u00a01,confirmed,"))).toEqual([
    'mappings/clients.csv:3 client_id "C\\u00a01": The PSA has no such id. Correct it, or remove the row.',
    'mappings/clients.csv:2 account_id "A1\\u200b": rmm lists no such account: it is gone, or mistyped.',
  ]);
});

it("counts lines as an editor does, also after a field with line breaks", async () => {
  const rows = clients('rmm,A1,C1,confirmed,"two\nlines"', "", "rmm,A2,C9,confirmed,");
  expect(await problemsIn("clients", rows)).toEqual([
    'mappings/clients.csv:5 client_id "C9": The PSA has no such id. Correct it, or remove the row.',
  ]);
});

it("takes for what once existed the ids of valid rows from which something follows", async () => {
  const content = services(
    "R1,S1,rmm,P1;P2,C1,,,,,,,,,",
    "R2,S2,rmm,P3,C2,,,,,,,,,off",
    "R3,S3,edr,P4,,,,,,,,,,2026-11-23,",
  );
  const {mappings} = await read("services", content);
  expect(formerIds(mappings, "2026-11-23")).toEqual({
    clients: new Set(["C1"]),
    services: new Set(["S1"]),
    products: new Map([["rmm", new Set(["P1", "P2"])]]),
  });
});
