/** A vendor refused a request, or could not be reached. Its message is safe to show: secrets are out of it. */
export class VendorError extends Error {
  override readonly name = "VendorError";
  /** The HTTP status; undefined where no answer came. */
  readonly status: number | undefined;

  constructor(message: string, {status, cause}: {status?: number; cause?: unknown} = {}) {
    super(message, {cause});
    this.status = status;
  }
}

/** Whether the vendor refused with one of these statuses. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof VendorError && error.status !== undefined && statuses.includes(error.status);
}

/** What arrived contradicts itself: a page that repeats, a cursor without end, a total that is not reached. */
export class PagingError extends Error {
  override readonly name = "PagingError";
}

const elsewhere =
  "The vendor answers at another address, where credentials are not sent: check the host in the connection's settings.";

/** What a person can do about a status, where the connector knows nothing better. */
export const remedies: Readonly<Record<number, string>> = {
  301: elsewhere,
  302: elsewhere,
  303: elsewhere,
  307: elsewhere,
  308: elsewhere,
  400: "The vendor does not understand the request: check the connection's settings.",
  401: "The key is wrong, expired or revoked, or belongs to another region: make a new one and set it in the environment.",
  403: "The key may not read this: give it the permissions that the guide lists for this connector.",
  404: "There is nothing at this address: check the host or region in the connection's settings.",
  422: "The vendor refuses the request's values: check the connection's settings.",
  429: "The vendor asks for fewer requests: lower the connection's rate, or sync at another hour.",
};

const wrongCredentials =
  "The id or the secret of the key is wrong, expired or revoked, or belongs to another region: check what stands in the environment.";

/** The same where a token is asked for: only the credentials can be to blame, or what they are good for (RFC 6749, 5.2). */
export const tokenRemedies: Readonly<Record<number, string>> = {
  ...remedies,
  400: `${wrongCredentials} At the vendor, the key needs the scope and the grant that the guide lists for this connector.`,
  401: wrongCredentials,
  403: wrongCredentials,
};

/** Of what a vendor says about a refusal. */
export const longestMessage = 300;

/** The vendor's own words in an error's body, or undefined. `{"error": {"message": "No"}}` → `No` */
export function vendorMessage(body: unknown): string | undefined {
  if (typeof body === "string") {
    return body.trim() === "" || body.trimStart().startsWith("<") ? undefined : body.trim();
  }
  if (Array.isArray(body)) return vendorMessage(body[0]);
  if (body === null || typeof body !== "object") return undefined;
  const fields = body as Record<string, unknown>;
  for (const name of ["error_description", "message", "detail", "title", "errors", "error", "resultCode"]) {
    const found = vendorMessage(fields[name]);
    if (found === undefined) continue;
    const detail = name === "message" ? vendorMessage(fields.message_detail ?? fields.details) : undefined;
    return detail === undefined || detail === found ? found : `${found.replace(/\.$/, "")}: ${detail}`;
  }
  return undefined;
}
