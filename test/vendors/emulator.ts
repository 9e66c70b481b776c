import {createHash} from "node:crypto";
import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {setTimeout as pause} from "node:timers/promises";

/** A request as a vendor's service sees it. */
export interface VendorRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** What the body says as a form, or as JSON. */
  readonly form: URLSearchParams;
  readonly json: unknown;
  /** `http://127.0.0.1:4711`, for links to further pages. */
  readonly origin: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a vendor does with a request. */
export interface Service {
  /** The refusal of a request that is not entitled; null where it is, and for requests for a token. */
  authorize(request: VendorRequest): Reply | null;
  /** Undefined where the vendor has nothing at this address. */
  answer(request: VendorRequest): Reply | undefined;
  /** Forgets every token that was given out. */
  revokeTokens?(): void;
  readonly limits?: {readonly concurrency?: number; readonly requests?: number; readonly perMilliseconds?: number};
}

export interface Fault {
  /** Default: every request. */
  readonly when?: (request: VendorRequest) => boolean;
  /** How often it strikes. Default: always. */
  readonly times?: number;
  /** Requests that pass before it strikes. */
  readonly after?: number;
  /** What happens to the answer: the connection breaks within it, half of it arrives, it trickles in, or it is another one. */
  readonly act: "reset" | "truncate" | "trickle" | ((reply: Reply, request: VendorRequest) => Reply);
}

export interface Exchange {
  readonly request: VendorRequest;
  readonly status: number;
  readonly body: unknown;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Emulator {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  faults: Fault[];
  /** What is served; a test may put another in its place. */
  service: Service;
  close(): Promise<void>;
}

export interface EmulatorOptions {
  /** Milliseconds before every answer. */
  readonly latency?: number;
  /** Whether the vendor's limits hold. */
  readonly isLimited?: boolean;
  /** Whether exchanges are kept. */
  readonly isRecorded?: boolean;
  /** The vendor's clock, as its answers tell it. */
  readonly now?: () => Date;
}

/** Serves a vendor on this machine's loopback, with its limits and with the faults that a test asks for. */
export async function startEmulator(
  service: Service,
  {latency = 0, isLimited = true, isRecorded = true, now: clock = () => new Date()}: EmulatorOptions = {},
): Promise<Emulator> {
  const exchanges: Exchange[] = [];
  const struck = new Map<Fault, number>();
  const recent: number[] = [];
  let running = 0;
  let origin = "";

  const overLimit = (): Reply | null => {
    const {concurrency = Number.POSITIVE_INFINITY, requests, perMilliseconds = 1000} = emulator.service.limits ?? {};
    const now = Date.now();
    while (recent.length > 0 && (recent[0] as number) <= now - perMilliseconds) recent.shift();
    if (running > concurrency || (requests !== undefined && recent.length >= requests)) {
      return {status: 429, headers: {"retry-after": "1"}, body: {message: "Too many requests"}};
    }
    recent.push(now);
    return null;
  };
  const strike = (request: VendorRequest): Fault | undefined =>
    emulator.faults.find((fault) => {
      if (fault.when?.(request) === false) return false;
      const seen = (struck.get(fault) ?? 0) + 1;
      struck.set(fault, seen);
      const {after = 0, times = Number.POSITIVE_INFINITY} = fault;
      return seen > after && seen <= after + times;
    });

  const server = createServer(async (incoming, outgoing) => {
    running += 1;
    outgoing.once("close", () => {
      running -= 1;
    });
    const request = await read(incoming, origin);
    if (latency > 0) await pause(latency);
    let reply: Reply =
      (isLimited ? overLimit() : null) ??
      emulator.service.authorize(request) ??
      emulator.service.answer(request) ??
      ({status: 404, body: {message: `There is nothing at ${request.path}.`}} satisfies Reply);
    const fault = strike(request);
    if (typeof fault?.act === "function") reply = fault.act(reply, request);
    const status = reply.status ?? 200;
    if (isRecorded) exchanges.push({request, status, body: reply.body, at: Date.now()});
    const headers = {date: clock().toUTCString(), ...reply.headers};
    await send(outgoing, {...reply, headers, status}, typeof fault?.act === "string" ? fault.act : null);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const emulator: Emulator = {
    url: origin,
    exchanges,
    faults: [],
    service,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return emulator;
}

async function read(incoming: IncomingMessage, origin: string): Promise<VendorRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const url = new URL(incoming.url ?? "/", origin);
  const isJson = incoming.headers["content-type"]?.includes("json") === true;
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    form: new URLSearchParams(isJson ? "" : text),
    json: isJson && text !== "" ? JSON.parse(text) : undefined,
    origin,
  };
}

async function send(
  outgoing: ServerResponse,
  {status, headers, body}: Reply & {status: number},
  manner: "reset" | "truncate" | "trickle" | null,
): Promise<void> {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  outgoing.writeHead(status, {"content-type": "application/json", ...headers});
  const half = Math.floor(bytes.length / 2);
  if (manner === "truncate") outgoing.end(bytes.subarray(0, half));
  else if (manner === "reset") outgoing.write(bytes.subarray(0, half), () => outgoing.destroy());
  else if (manner === "trickle") {
    for (let start = 0; start < bytes.length; start += Math.ceil(bytes.length / 10)) {
      outgoing.write(bytes.subarray(start, start + Math.ceil(bytes.length / 10)));
      await pause(5);
    }
    outgoing.end();
  } else outgoing.end(bytes);
}

/** The rows of one page, and whether others follow. */
export function slice<Row>(rows: readonly Row[], start: number, size: number): {rows: Row[]; isLast: boolean} {
  return {rows: rows.slice(start, start + size), isLast: start + size >= rows.length};
}

/** The size of a page: what is asked for, and never more than the vendor gives. */
export function pageSize(asked: string | null, vendorsMost: number, most = vendorsMost): number {
  return Math.min(asked === null ? vendorsMost : Number(asked), vendorsMost, most);
}

/** `Basic` credentials of a request, decoded: `user:password`. */
export function basicOf({headers}: VendorRequest): string {
  return Buffer.from((headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString("utf8");
}

/** The token of a request, or an empty text. */
export function bearerOf({headers}: VendorRequest): string {
  return (headers.authorization ?? "").replace(/^Bearer /, "");
}

export interface Tokens {
  issue(seconds?: number): {access_token: string; token_type: string; expires_in: number};
  isValid(request: VendorRequest): boolean;
  revoke(): void;
}

/** Bearer tokens as a vendor's authorization server gives them out: some 1,700 characters each. */
export function createTokens(prefix: string): Tokens {
  const valid = new Map<string, number>();
  let count = 0;
  return {
    issue(seconds = 3600) {
      count += 1;
      const rest = createHash("sha512").update(`${prefix}-${count}`).digest("base64url").repeat(20);
      const token = `${prefix}-planted-token-${count}-${Date.now().toString(36)}.${rest}`;
      valid.set(token, Date.now() + seconds * 1000);
      return {access_token: token, token_type: "Bearer", expires_in: seconds};
    },
    isValid(request) {
      return (valid.get(bearerOf(request)) ?? 0) > Date.now();
    },
    revoke: () => valid.clear(),
  };
}
