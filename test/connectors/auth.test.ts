import {afterEach, beforeEach, describe, expect, it, vi} from "vitest";
import {
  type Auth,
  basicAuth,
  duoAuth,
  type OutgoingRequest,
  type Send,
  signDuo,
  tokenAuth,
} from "../../loaders/connectors/http/auth.js";
import {createRedactor} from "../../loaders/connectors/http/redact.js";

const request = (url = "https://api.example.com/v1"): OutgoingRequest => ({
  ...{method: "GET", url: new URL(url), headers: new Headers(), form: undefined},
});

beforeEach(() => vi.useFakeTimers({now: Date.parse("2026-11-23T02:00:00Z")}));
afterEach(() => vi.useRealTimers());

/** What a request says of who asks. */
async function authorizationOf(auth: Auth): Promise<string | null> {
  const outgoing = request();
  await auth.apply(outgoing);
  return outgoing.headers.get("authorization");
}

describe("a token", () => {
  /** Tokens 1, 2 and so on, each as the vendor gives it out. */
  function open(given: object, redactor = createRedactor()) {
    let obtained = 0;
    const send: Send = async () => {
      obtained += 1;
      return {access_token: `token-${obtained}`, ...given};
    };
    const grant = {url: "https://api.example.com/token", form: {grant_type: "client_credentials"}};
    return tokenAuth(grant, send, redactor);
  }

  it.each([
    [{expires_in: 3600}, 3540],
    [{expires_in: "600"}, 540],
    [{}, 3540],
    [{expires_in: 60}, 30],
  ])(
    "that is given out with %j serves for %i s, so that no request with it arrives too late",
    async (given, seconds) => {
      const auth = open(given);
      expect(await authorizationOf(auth)).toBe("Bearer token-1");
      vi.setSystemTime(Date.now() + seconds * 1000 - 1);
      expect(await authorizationOf(auth)).toBe("Bearer token-1");
      vi.setSystemTime(Date.now() + 1);
      expect(await authorizationOf(auth)).toBe("Bearer token-2");
    },
  );

  it("is asked for once by all that wait for it, and again once it was refused", async () => {
    const auth = open({});
    expect(await Promise.all([authorizationOf(auth), authorizationOf(auth)])).toEqual(Array(2).fill("Bearer token-1"));
    const [refused, late] = [request(), request()];
    for (const one of [refused, late]) await auth.apply(one);
    auth.renew?.(refused);
    expect(await authorizationOf(auth)).toBe("Bearer token-2");
    // Vendors that know one token at a time would refuse the second as soon as there is a third.
    auth.renew?.(late);
    expect(await authorizationOf(auth)).toBe("Bearer token-2");
  });

  it("is a secret, and no answer without one passes for one", async () => {
    const redactor = createRedactor();
    await authorizationOf(open({access_token: "eyJ-given-out"}, redactor));
    expect(redactor.redact("Bearer eyJ-given-out is expired")).toBe("Bearer [redacted] is expired");
    for (const given of [{access_token: ""}, {access_token: undefined}, {expires_in: 0}]) {
      await expect(authorizationOf(open(given))).rejects.toThrow("/token answered without an access_token.");
    }
  });
});

it("hides a user's password in the form in which it travels", async () => {
  const redactor = createRedactor();
  const header = await authorizationOf(basicAuth("me", "pass", redactor));
  expect(header).toBe("Basic bWU6cGFzcw==");
  expect(redactor.redact(`sent ${header}`)).toBe("sent Basic [redacted]");
});

describe("Duo's signature", () => {
  const of = {method: "POST", host: "API-XXXXXXXX.duosecurity.com", path: "/accounts/v1/account/list"};
  const given = {...of, date: "Tue, 21 Aug 2012 17:29:18 -0000", secretKey: "Zh5eGmUq9zpfQnyUIu5OL9iWoMMv5ZNmk3zLJ4Ep"};

  it("is that of the example in Duo's own documents", () => {
    const parameters = [["realname", "First Last"] as const, ["username", "root"] as const];
    expect(signDuo(given, parameters)).toBe("2d97d6166319781b5a3a07af39d366f491234edc");
  });

  it("is the same whatever the order of parameters and the case of the host", () => {
    const sorted = signDuo(given, [
      ["realname", "First Last"],
      ["username", "root"],
    ]);
    expect(sorted).toMatch(/^[0-9a-f]{40}$/);
    const other = {...given, host: of.host.toLowerCase(), method: "post"};
    expect(
      signDuo(other, [
        ["username", "root"],
        ["realname", "First Last"],
      ]),
    ).toBe(sorted);
    expect(signDuo(given, [["realname", "First Last"]])).not.toBe(sorted);
  });

  it("covers the query and the form, and is hidden", async () => {
    const redactor = createRedactor();
    const auth = duoAuth({integrationKey: "DIWJ", secretKey: given.secretKey}, redactor);
    const outgoing = {
      ...request("https://api-1.duosecurity.com/admin/v1/users?offset=0&limit=300"),
      form: {a: "b'(c)!*"},
    };
    await auth.apply(outgoing);
    expect(outgoing.headers.get("date")).toBe("Mon, 23 Nov 2026 02:00:00 -0000");
    const [user, signature] = Buffer.from(outgoing.headers.get("authorization")?.slice(6) ?? "", "base64")
      .toString()
      .split(":");
    const parts = {method: "GET", host: "api-1.duosecurity.com", path: "/admin/v1/users"};
    const signed = signDuo({...parts, date: "Mon, 23 Nov 2026 02:00:00 -0000", secretKey: given.secretKey}, [
      ...[["a", "b'(c)!*"] as const, ["limit", "300"] as const, ["offset", "0"] as const],
    ]);
    expect([user, signature]).toEqual(["DIWJ", signed]);
    expect(redactor.redact(outgoing.headers.get("authorization") ?? "")).toBe("Basic [redacted]");
  });
});
