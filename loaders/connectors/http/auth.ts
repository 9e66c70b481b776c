import {createHmac} from "node:crypto";
import {z} from "zod";
import {VendorError} from "./errors.js";
import type {Redactor} from "./redact.js";

/** A request on its way; `Auth` adds to its headers. */
export interface OutgoingRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Headers;
  /** Fields of a form body, where there is one. */
  readonly form: Readonly<Record<string, string>> | undefined;
}

/** How a vendor learns who asks. */
export interface Auth {
  apply(request: OutgoingRequest): void | Promise<void>;
  /** Forgets the token of a request that was refused, so that the next one obtains another; not one that is newer. */
  renew?(refused: OutgoingRequest): void;
}

/** Sends a request without authentication: how tokens are asked for. */
export type Send = (request: TokenRequest) => Promise<unknown>;

export const noAuth: Auth = {apply() {}};

export function headerAuth(headers: Readonly<Record<string, string>>): Auth {
  return {
    apply(request) {
      for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    },
  };
}

export function bearerAuth(token: string): Auth {
  return headerAuth({authorization: `Bearer ${token}`});
}

/** The Authorization header of RFC 7617. */
export function basicHeader(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** RFC 7617. The pair is a secret of its own: base64 hides nothing. */
export function basicAuth(user: string, password: string, redactor: Redactor): Auth {
  redactor.add(`${user}:${password}`);
  return headerAuth({authorization: basicHeader(user, password)});
}

const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
});

interface TokenRequest {
  readonly url: string;
  /** The grant's fields: `grant_type`, `client_id`, `client_secret`, `username`, `scope`, `audience` … */
  readonly form: Readonly<Record<string, string>>;
  /** For vendors that take the client in an Authorization header. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For vendors that take the grant as JSON. */
  readonly json?: boolean;
}

/** A token that ends within this time, or half of its own, is not used any more: the request with it could arrive too late. */
const margin = 60_000;

/**
 * OAuth 2 without a person: client credentials or password grant (RFC 6749, 4.3 and 4.4). One token serves all requests
 * until shortly before it ends; requests that wait for a new one wait for the same.
 */
export function tokenAuth(request: TokenRequest, send: Send, redactor: Redactor): Auth {
  let token: {value: string; usableUntil: number} | undefined;
  let pending: Promise<string> | undefined;
  const obtain = async (): Promise<string> => {
    const parsed = tokenSchema.safeParse(await send(request));
    if (!parsed.success) throw new VendorError(`${request.url} answered without an access_token.`);
    const {access_token, expires_in = 3600} = parsed.data;
    redactor.add(access_token);
    const lifetime = expires_in * 1000;
    token = {value: access_token, usableUntil: Date.now() + lifetime - Math.min(margin, lifetime / 2)};
    return access_token;
  };
  const current = (): Promise<string> => {
    if (token !== undefined && Date.now() < token.usableUntil) return Promise.resolve(token.value);
    pending ??= obtain().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  return {
    async apply({headers}) {
      headers.set("authorization", `Bearer ${await current()}`);
    },
    renew({headers}) {
      if (headers.get("authorization") === `Bearer ${token?.value}`) token = undefined;
    },
  };
}

/**
 * Duo's signature: HMAC-SHA1 over date, method, host, path and the sorted parameters, the integration key as user.
 * https://duo.com/docs/adminapi#authentication
 */
export function duoAuth(
  {integrationKey, secretKey}: {integrationKey: string; secretKey: string},
  redactor: Redactor,
): Auth {
  return {
    apply({method, url, headers, form}) {
      const date = new Date().toUTCString().replace("GMT", "-0000");
      const signature = signDuo({method, host: url.host, path: url.pathname, date, secretKey}, [
        ...url.searchParams,
        ...Object.entries(form ?? {}),
      ]);
      redactor.add(`${integrationKey}:${signature}`);
      headers.set("date", date);
      headers.set("authorization", basicHeader(integrationKey, signature));
    },
  };
}

/** The signature's hexadecimal digits. Parameters may come in any order. */
export function signDuo(
  {method, host, path, date, secretKey}: Record<"method" | "host" | "path" | "date" | "secretKey", string>,
  parameters: Iterable<readonly [string, string]>,
): string {
  const sorted = [...parameters]
    .map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`)
    .sort()
    .join("&");
  const signed = [date, method.toUpperCase(), host.toLowerCase(), path, sorted].join("\n");
  return createHmac("sha1", secretKey).update(signed).digest("hex");
}

/** RFC 3986: also what encodeURIComponent leaves alone. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
