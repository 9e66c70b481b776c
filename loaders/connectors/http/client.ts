import pRetry, {AbortError} from "p-retry";
import {type Auth, noAuth, type OutgoingRequest, type Send} from "./auth.js";
import {hasStatus, longestMessage, remedies, tokenRemedies, VendorError, vendorMessage} from "./errors.js";
import type {Limiter} from "./limiter.js";
import {sentAt} from "./pages.js";
import type {Redactor} from "./redact.js";

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface HttpRequest {
  /** Below the base URL, or a whole URL of the same origin. */
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** A body makes it a POST, for vendors that read by POST. */
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}

export interface HttpResponse {
  /** Undefined where the vendor says that there is no content. */
  readonly body: unknown;
  /** The body as it came. */
  readonly text: string;
  readonly headers: Headers;
  /** What was asked, secrets included. */
  readonly url: string;
  /** `GET /v1/agents?limit=500`, without secrets: names the answer in messages. */
  readonly place: string;
}

export interface HttpClient {
  read(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpClientOptions {
  readonly baseUrl: string;
  readonly auth?: (send: Send) => Auth;
  readonly limiter: Limiter;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** First wait before a retry, in milliseconds; doubles, with jitter. */
  readonly backoff?: number;
  /** What to do about a status, in the vendor's terms; wins over the general remedies. */
  readonly remedies?: Readonly<Record<number, string>>;
  /** The same where a token is asked for. */
  readonly tokenRemedies?: Readonly<Record<number, string>>;
  /** The status that a refusal with these words deserves, where the vendor gives it another. */
  readonly statusOf?: (words: string) => number | undefined;
}

const retriable = new Set([408, 425, 429, 500, 502, 503, 504]);
const tries = 5;
/** Per request, in milliseconds. */
const timeout = 60_000;
/** What a vendor may ask to wait for; HaloPSA counts requests by five minutes, say. The sync's own limit holds besides. */
const longestWait = 900_000;
/**
 * What is waited at least where a vendor asks for fewer requests and does not say for how long, in first waits: most count
 * them by the minute, and that is over after the last try, whoever else has used it up.
 */
const unsaid = 15;
/** Of an answer, unpacked: several are in memory at a time. */
const largestAnswer = 256 * 2 ** 20;

/**
 * Reads JSON over HTTP: limited, retried and redacted. 408, 425, 429, 500, 502, 503, 504, resets, timeouts and bodies that
 * are no JSON are tried five times, Retry-After honoured by every request of the connection (`unsaid` where a 429 has none); a 401 once more with a new
 * token; anything else fails at once as a VendorError with the vendor's words and what to do.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const {baseUrl, limiter, redactor, signal, backoff = 1000} = options;
  const origin = new URL(baseUrl).origin;
  const patience = {retries: tries - 1, minTimeout: backoff, maxTimeout: 30_000, factor: 2, randomize: true, signal};

  const exchange = async (
    request: OutgoingRequest,
    body: string | undefined,
    advice: Readonly<Record<number, string>> = {...remedies, ...options.remedies},
  ): Promise<HttpResponse> => {
    const {method, url, headers} = request;
    const address = `${method} ${url.origin === origin ? "" : url.origin}${url.pathname}${url.search}`;
    const place = withShortValues(redactor.redact(address));
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(url, {
        method,
        headers,
        body,
        // To follow would carry the credentials to an address nobody named.
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      });
      text = await readText(answer, place);
    } catch (cause) {
      if (cause instanceof AbortError) throw cause;
      if (signal.aborted) throw new AbortError(signal.reason as Error);
      throw new VendorError(`${place} ${describeFailure(cause as Error)}`, {cause});
    }
    const parsed = answer.status === 204 ? {isJson: true, value: undefined} : parseJson(text);
    if (answer.ok) {
      if (parsed.isJson) return {body: parsed.value, text, headers: answer.headers, url: url.href, place};
      throw new VendorError(`${place} answered with something that is not JSON, or with half of it.`, {
        status: answer.status,
      });
    }
    // Cut only then: of a secret that is cut through, the rest would stay.
    const said = redactor.redact(vendorMessage(parsed.value) ?? "").slice(0, longestMessage);
    const status = options.statusOf?.(said) ?? answer.status;
    const remedy = advice[status] ?? "";
    const message = redactor.redact(
      `${place} answered ${answer.status}${said === "" ? "" : `: ${said.replace(/\.$/, "")}`}. ${remedy}`.trim(),
    );
    const error = new VendorError(message, {status});
    if (!retriable.has(status)) throw new AbortError(error);
    const wait = retryAfter(answer.headers) ?? (status === 429 ? unsaid * backoff : null);
    if (wait !== null) {
      if (wait > longestWait) throw new AbortError(error);
      limiter.hold(wait);
    }
    throw error;
  };

  const attempt = (prepare: () => Promise<{request: OutgoingRequest; body: string | undefined}>) =>
    pRetry(
      () =>
        limiter.run(async () => {
          const {request, body} = await prepare();
          return exchange(request, body);
        }),
      patience,
    ).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });

  /** Tokens are asked for outside the queue: a request that holds its place in it waits for them. */
  const send: Send = async ({url, form, headers, json}) => {
    const {body, type} = encode(json ? {json: form} : {form});
    const outgoing: OutgoingRequest = {
      method: "POST",
      url: new URL(url),
      form: undefined,
      headers: new Headers({accept: "application/json", ...type, ...headers}),
    };
    try {
      const {body: answer} = await pRetry(async () => {
        await limiter.released();
        return exchange(outgoing, body, {...tokenRemedies, ...options.tokenRemedies});
      }, patience);
      return answer;
    } catch (error) {
      // It was tried often enough; the request that waits for the token must not begin again.
      throw new AbortError(error as Error);
    }
  };
  const auth = options.auth?.(send) ?? noAuth;

  const prepare = async ({path, query = {}, headers, json, form}: HttpRequest) => {
    const url = new URL(/^https?:/.test(path) ? path : baseUrl.replace(/\/$/, "") + path);
    if (url.origin !== origin) {
      throw new AbortError(
        new VendorError(`A page leads to ${url.origin}, away from ${origin}: credentials are not sent there.`),
      );
    }
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, `${value}`);
    const {body, type} = encode({json, form});
    const request: OutgoingRequest = {
      method: body === undefined ? "GET" : "POST",
      url,
      form,
      headers: new Headers({accept: "application/json", ...options.headers, ...headers, ...type}),
    };
    await auth.apply(request);
    return {request, body};
  };

  return {
    async read(request) {
      let sent: OutgoingRequest | undefined;
      const prepareOnce = async () => {
        const prepared = await prepare(request);
        sent = prepared.request;
        return prepared;
      };
      try {
        return await attempt(prepareOnce);
      } catch (error) {
        const isRefused = hasStatus(error, 401);
        if (!isRefused || auth.renew === undefined || sent === undefined) throw error;
        auth.renew(sent);
        return attempt(prepareOnce);
      }
    },
  };
}

/** An address whose parameters are cut: the token of a next page may have a thousand characters, and hide what follows. */
function withShortValues(address: string): string {
  return address.replace(/(=[^&]{40})[^&]+/g, "$1…");
}

/** A request's body and the header that names its type; neither where there is nothing to send. */
function encode({json, form}: Pick<HttpRequest, "json" | "form">): {
  body: string | undefined;
  type: Readonly<Record<string, string>>;
} {
  if (json !== undefined) return {body: JSON.stringify(json), type: {"content-type": "application/json"}};
  if (form === undefined) return {body: undefined, type: {}};
  return {
    body: new URLSearchParams(form).toString(),
    type: {"content-type": "application/x-www-form-urlencoded"},
  };
}

/** The body as text. One that goes on and on, or that is unpacked to more than there is memory for, is given up. */
async function readText({body}: Response, place: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > largestAnswer) {
      throw new AbortError(new VendorError(`${place} answered with more than ${largestAnswer / 2 ** 20} MB.`));
    }
    text += decoder.decode(chunk, {stream: true});
  }
  return text + decoder.decode();
}

function parseJson(text: string): {isJson: boolean; value: unknown} {
  try {
    return {isJson: true, value: JSON.parse(text)};
  } catch {
    return {isJson: false, value: text};
  }
}

function describeFailure(cause: Error): string {
  if (cause.name === "TimeoutError") return `did not answer within ${timeout / 1000} s.`;
  const reason = cause.cause instanceof Error ? cause.cause.message : cause.message;
  return `broke off: ${reason}. Check the network, and the host in the connection's settings.`;
}

/** Retry-After, which is seconds or a date by the vendor's clock, in milliseconds from now. `"30"` → 30000 */
function retryAfter(headers: Headers): number | null {
  const header = headers.get("retry-after");
  if (header === null) return null;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  const now = sentAt({headers})?.getTime() ?? Date.now();
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
