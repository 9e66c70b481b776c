import {z} from "zod";
import type {ConnectorContext} from "./connector.js";
import {createHttpClient, type HttpClient, type HttpClientOptions, type Limits} from "./http/client.js";

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

/** A vendor's address: https, or this machine. */
export const addressSchema = z
  .string()
  .refine((value) => URL.canParse(value) && (value.startsWith("https://") || loopback.test(value)), {
    error: "expected an address that begins with https://",
  });

/** A client within the vendor's limits, or within lower ones of the settings. */
export function connectTo(
  {settings, redactor, signal, backoff, isUnlimited}: ConnectorContext<HttpSettings>,
  {limits, ...options}: Omit<HttpClientOptions, "redactor" | "signal" | "backoff">,
): HttpClient {
  const allowed = isUnlimited ? {concurrency: limits.concurrency} : lower(limits, settings);
  return createHttpClient({...options, redactor, signal, backoff, limits: allowed});
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
