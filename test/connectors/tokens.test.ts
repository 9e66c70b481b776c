import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {type OutgoingRequest, tokenAuth} from "../../loaders/connectors/http/auth.js";
import {createRedactor} from "../../loaders/connectors/http/redact.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Authenticates requests at these seconds with tokens of so many; returns which token each got. */
async function tokensAt(seconds: readonly number[], expires_in: number): Promise<(string | null)[]> {
  let given = 0;
  const auth = tokenAuth(
    {url: "https://vendor.example/token", form: {grant_type: "client_credentials"}},
    async () => ({access_token: `token-${++given}`, expires_in}),
    createRedactor(),
  );
  const begin = Date.now();
  const found: (string | null)[] = [];
  for (const second of seconds) {
    vi.setSystemTime(begin + second * 1000);
    const headers = new Headers();
    const url = new URL("https://vendor.example/users");
    await auth.apply({method: "GET", url, headers, form: undefined} satisfies OutgoingRequest);
    found.push(headers.get("authorization"));
  }
  return found;
}

it("uses a token until a minute before it ends, as the request with it could arrive too late", async () => {
  expect(await tokensAt([0, 239, 241, 479, 481], 300)).toEqual([
    ...["Bearer token-1", "Bearer token-1", "Bearer token-2"],
    ...["Bearer token-2", "Bearer token-3"],
  ]);
});

it("uses a token that lasts no two minutes for half of its time", async () => {
  expect(await tokensAt([0, 14, 16], 30)).toEqual(["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
});
