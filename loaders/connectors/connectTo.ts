import {z} from "zod";
import type {ConnectorContext} from "./connector.js";
import {createHttpClient, type HttpClient, type HttpClientOptions} from "./http/client.js";
import {VendorError} from "./http/errors.js";
import {createLimiter, type Limiter, type Limits} from "./http/limiter.js";

/** Settings of every connector that speaks HTTP. */
export const httpSettings = {
  concurrency: z
    .int()
    .min(1)
    .optional()
    .describe("Requests at the same time. Default and most: what the vendor allows."),
  requests_per_minute: z
    .int()
    .min(1)
    .optional()
    .describe("Requests a minute. Default and most: what the vendor allows."),
};

interface HttpSettings {
  readonly concurrency?: number | undefined;
  readonly requests_per_minute?: number | undefined;
}

const loopback = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/;

/** A whole address: https, or this machine. */
export const urlSchema = z
  .string()
  .refine((value) => URL.canParse(value) && (value.startsWith("https://") || loopback.test(value)), {
    error: "expected an address that begins with https://",
    abort: true,
  })
  .refine((value) => new URL(value).username === "" && new URL(value).password === "", {
    error: "expected an address without a user or password, which would be seen by others",
  });

/** A vendor's address, below which it is asked. It may be given with a slash at its end. */
export const addressSchema = urlSchema.overwrite((value) => value.replace(/\/+$/, ""));

/**
 * Whether an address that an answer names is the vendor's, as the known one is: the same, or another of its domain.
 * `https://webservices5.autotask.net`, `https://webservices.autotask.net` → true
 */
export async function isOfSameVendor(named: string, known: string): Promise<boolean> {
  if (!urlSchema.safeParse(named).success) return false;
  const [there, here] = [new URL(named), new URL(known)];
  if (there.origin === here.origin) return true;
  const [, domain] = /^[^.]+\.(.+\.[a-z-]+)$/.exec(here.hostname) ?? [];
  if (domain === undefined || there.protocol !== here.protocol || !there.hostname.endsWith(`.${domain}`)) return false;
  // Below some domains anybody has one of their own, as below `co.uk` or `azurewebsites.net`. The list of these is long.
  const {getDomain} = await import("tldts");
  return getDomain(domain, {allowPrivateDomains: true}) !== null;
}

/** Throws where an answer names an address that is not the vendor's. */
export async function requireSameVendor(named: string, known: string, place: string): Promise<void> {
  if (await isOfSameVendor(named, known)) return;
  throw new VendorError(
    `${place} leads to ${named}, away from ${new URL(known).host}: credentials are not sent there.`,
  );
}

/** Lets requests through within the vendor's limits, or within lower ones of the settings. */
export function limiterOf({settings, isUnlimited, signal}: ConnectorContext<HttpSettings>, limits: Limits): Limiter {
  const limiter = createLimiter(isUnlimited ? {concurrency: limits.concurrency} : lower(limits, settings));
  signal.addEventListener("abort", () => limiter.clear(), {once: true});
  return limiter;
}

/** A client of the connection. Several of one connection share a limiter. */
export function connectTo(
  {redactor, signal, backoff}: ConnectorContext<HttpSettings>,
  options: Omit<HttpClientOptions, "redactor" | "signal" | "backoff">,
): HttpClient {
  return createHttpClient({...options, redactor, signal, backoff});
}

function lower(limits: Limits, {concurrency, requests_per_minute}: HttpSettings): Limits {
  const perMinute =
    limits.requests === undefined
      ? Number.POSITIVE_INFINITY
      : (limits.requests / (limits.perMilliseconds ?? 1000)) * 60_000;
  return {
    ...limits,
    concurrency: Math.min(limits.concurrency, concurrency ?? limits.concurrency),
    ...(requests_per_minute !== undefined && requests_per_minute < perMinute
      ? {requests: requests_per_minute, perMilliseconds: 60_000}
      : {}),
  };
}
