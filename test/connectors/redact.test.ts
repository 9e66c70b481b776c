import {randomBytes, randomUUID} from "node:crypto";
import {describe, expect, it} from "vitest";
import {createRedactor} from "../../loaders/connectors/http/redact.js";

const escaped = (text: string, hex: (code: string) => string): string =>
  text.replace(/\W/g, (character) => `\\u${hex(character.charCodeAt(0).toString(16).padStart(4, "0"))}`);

/** A secret in the forms in which it travels. */
const formsOf = (secret: string): [string, string][] => [
  ["as it is", secret],
  ["in JSON", JSON.stringify(secret).slice(1, -1)],
  ["in JSON within JSON", JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
  ["in JSON as PHP writes it", secret.replaceAll("/", "\\/").replaceAll('"', '\\"')],
  ["in JSON as .NET writes it", escaped(secret, (code) => code.toUpperCase())],
  ["in JSON as Go writes it", escaped(secret, (code) => code)],
  ["in an address", encodeURIComponent(secret)],
  ["in an address, in small letters", encodeURIComponent(secret).toLowerCase()],
  ["in a form", new URLSearchParams({secret}).toString().slice("secret=".length)],
  ["in base64", Buffer.from(secret).toString("base64")],
  ["in base64 in an address", encodeURIComponent(Buffer.from(secret).toString("base64"))],
];

const secret = `a+b/c=d&e<f>g'h"i j`;
const withRun = `"a_0123456789abcdefghi-b/c`;

const randomToken = (): string => randomBytes(1200).toString("base64url");

const {redact} = createRedactor([secret]);

describe("a secret", () => {
  it.each(formsOf(secret))("is taken out %s", (_, text) => {
    expect(redact(`before "${text}" after`)).toBe('before "[redacted]" after');
  });

  it.each(formsOf(withRun))("that has a long run of letters and digits is taken out %s", (_, text) => {
    const {redact} = createRedactor([secret, withRun]);
    expect(redact(`x_${text}x ${text}`)).toBe("x_[redacted]x [redacted]");
  });

  it("is taken out where it was quoted without the blanks at its ends", () => {
    expect(createRedactor([" line one\nline two\n"]).redact("Bearer  line one\nline two is no header")).toBe(
      "Bearer  [redacted] is no header",
    );
  });

  it("is taken out of JSON and addresses where it has several lines, as keys of certificates do", () => {
    const key = "-----BEGIN KEY-----\r\nMIIEvQ\tIBADANB\n-----END KEY-----";
    const hides = createRedactor([key]);
    for (const text of [key, JSON.stringify(key).slice(1, -1), JSON.stringify({a: JSON.stringify(key)}).slice(8, -4)]) {
      expect(hides.redact(`<${text}>`)).toBe("<[redacted]>");
    }
    expect(hides.redact(`<${encodeURIComponent(key)}>`)).toBe("<[redacted]>");
  });

  it("is taken out as a whole where another one is a part of it", () => {
    expect(createRedactor(["abcd", "abcdefgh"]).redact("abcdefgh, abcd")).toBe("[redacted], [redacted]");
  });

  it("is taken out of an address by its parameter's name, in JSON too", () => {
    expect(redact("/a?page=1&api_key=tell&x=1")).toBe("/a?page=1&api_key=[redacted]&x=1");
    expect(redact('{"next":"/a?page=1\\u0026api_key=tell\\u0026x=1"}')).toBe(
      '{"next":"/a?page=1\\u0026api_key=[redacted]\\u0026x=1"}',
    );
  });

  it.each([
    ["password", '{"host":"a","password":"tell \\"me\\"","port":1}', '{"host":"a","password":"[redacted]","port":1}'],
    ["registrationToken", '{"registrationToken": "tell"}', '{"registrationToken": "[redacted]"}'],
    ["teamviewer_password", '{"teamviewer_password" : "tell"}', '{"teamviewer_password" : "[redacted]"}'],
    ["clientsecret", '{"api_access_clientsecret":"tell"}', '{"api_access_clientsecret":"[redacted]"}'],
    ["apiKey", '{"apiKey":"tell"}', '{"apiKey":"[redacted]"}'],
    ["private_key", '{"private_key":"tell\\\\"}', '{"private_key":"[redacted]"}'],
  ])("is taken out of JSON by the name of its member: %s", (_, text, without) => {
    expect(redact(text)).toBe(without);
    expect(() => JSON.parse(without)).not.toThrow();
  });

  it("is not seen in members that only speak of one", () => {
    const text = '{"passwordLastChanged":"2026-11-23","tokens":[],"token":null,"hasPassword":true,"password":""}';
    expect(redact(text)).toBe(text);
  });

  it("is looked for quickly, whatever a vendor sends", () => {
    const began = performance.now();
    for (const text of ["\\", "%25", "?key", "key-", "+", 'token"', 'token":"', 'token": '])
      redact(`?${text.repeat(100_000)}`);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it("is looked for quickly, however many there are: a token for each tenant, as long as tokens are", () => {
    const {add, redact} = createRedactor();
    const page = JSON.stringify(Array.from({length: 100}, (_, id) => ({id: randomUUID(), name: `Person ${id}`})));
    const tokens = Array.from({length: 100}, () => `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.${randomToken()}`);
    const began = performance.now();
    for (const token of tokens) {
      add(token);
      expect(redact(page)).toBe(page);
    }
    expect(performance.now() - began).toBeLessThan(2000);
    expect(redact(`${tokens[0]}; x${tokens[99]}x`)).toBe("[redacted]; x[redacted]x");
  });

  it("takes no other word with it", () => {
    expect(redact("a+b/c=d and a b c")).toBe("a+b/c=d and a b c");
    expect(createRedactor(["a.b*c"]).redact("axbbc")).toBe("axbbc");
  });
});
