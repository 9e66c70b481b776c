import {at} from "../../at.js";
import type {HttpClient, HttpRequest, HttpResponse, Query} from "./client.js";
import {longestMessage, PagingError, vendorMessage} from "./errors.js";

/** One page of a stream. */
export interface Page {
  readonly rows: readonly unknown[];
  /** The answer as it came. */
  readonly text: string;
  /** Names the page in messages. */
  readonly place: string;
  /** From 1. */
  readonly number: number;
  /** Rows in all, where the vendor says. */
  readonly total: number | undefined;
}

export interface Paging {
  /** The rows of an answer; `place` names it where there are none. */
  rows(body: unknown, place?: string): readonly unknown[];
  /** The request of the page after this one, or null at the end. */
  next(answer: Answer): HttpRequest | null;
  /** Rows in all, as this answer says. */
  total?(answer: HttpResponse): number | undefined;
  /** Pages are counted: where a row goes, those behind it move up, and one of them is on a page that was read before. */
  readonly isByPosition?: boolean;
  /** A record's id, of which each has its own: one that comes twice has taken the place of another. */
  idOf?(row: unknown): unknown;
  /** The parameter that says how many rows a page is to have. */
  readonly size?: string;
}

export interface Answer extends HttpResponse {
  readonly request: HttpRequest;
  readonly rows: readonly unknown[];
  readonly number: number;
  /** Rows so far, these among them. */
  readonly arrived: number;
}

/** How often a stream is read whose rows move up while it is read. */
const passes = 3;

/**
 * Follows a vendor's pages to the end. A request that was made before, a page that came before, and a number of rows that
 * the vendor's own totals contradict are errors: half a stream never passes for a whole one. Where rows moved up, or came
 * twice in place of others, as where pages do not agree on the order of equal ones, all are read again, in smaller pages, so
 * that some come twice.
 */
export async function* readPages(client: HttpClient, first: HttpRequest, paging: Paging): AsyncGenerator<Page> {
  const ids = new Set<unknown>();
  for (let pass = 1; ; pass++) {
    const doubt = yield* readOnce(client, inPortions(first, paging, pass), paging, ids);
    if (doubt === null) return;
    if (pass === passes) throw new PagingError(`${first.path} ${doubt}: some of it may not have come.`);
  }
}

/**
 * Asks for fewer rows a page with every pass: a vendor that does not agree with itself on the order of equal rows may do so
 * in the same way each time, and then it is others that are on none of its pages.
 */
function inPortions(first: HttpRequest, {size}: Paging, pass: number): HttpRequest {
  const rows = size === undefined ? undefined : first.query?.[size];
  return typeof rows !== "number"
    ? first
    : withQuery(first, {[size as string]: Math.ceil((rows * (passes + 2 - pass)) / (passes + 1))});
}

/** Follows the pages once. Returns why some of the rows may not have come; null where nothing says so. */
async function* readOnce(
  client: HttpClient,
  first: HttpRequest,
  paging: Paging,
  ids: Set<unknown>,
): AsyncGenerator<Page, string | null> {
  const requests = new Set<string>();
  const pages = new Set<string>();
  let fewest = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let arrived = 0;
  let latest = 0;
  let isShorter = false;
  let place = first.path;
  let request: HttpRequest | null = first;
  const ask = (asked: HttpRequest): Promise<HttpResponse> => {
    const written = JSON.stringify(asked);
    if (requests.has(written)) throw new PagingError(`${place} leads back to a page that was read: it has no end.`);
    requests.add(written);
    return client.read(asked);
  };
  let answer = ask(first);
  for (let number = 1; request !== null; number++) {
    const response: HttpResponse = await answer;
    place = response.place;
    const rows = paging.rows(response.body, place);
    if (rows.length > 0) {
      const edges = JSON.stringify([rows.length, rows[0], rows.at(-1)]);
      if (pages.has(edges)) throw new PagingError(`${place} gives a page again that came before.`);
      pages.add(edges);
    }
    arrived += rows.length;
    if (paging.idOf !== undefined) for (const row of rows) ids.add(paging.idOf(row) ?? row);
    const total = paging.total?.(response);
    if (total !== undefined) {
      fewest = Math.min(fewest, total);
      most = Math.max(most, total);
      isShorter ||= total < latest;
      latest = total;
    }
    const next: HttpRequest | null = paging.next({...response, request, rows, number, arrived});
    if (next !== null) {
      // The next page is on its way while this one is put into the lake; should it fail, that is seen when it is awaited.
      answer = ask(next);
      answer.catch(() => {});
    }
    yield {rows, text: response.text, place, number, total};
    request = next;
  }
  if (most !== Number.NEGATIVE_INFINITY && (arrived < fewest || arrived > most)) {
    const claimed = arrived < fewest ? fewest : most;
    throw new PagingError(
      `${place} ended the stream after ${arrived} rows; the vendor says that there are ${claimed}.`,
    );
  }
  if (isShorter && paging.isByPosition === true) return "became shorter each time it was read";
  const isLacking = paging.idOf !== undefined && ids.size < fewest && arrived >= fewest;
  return isLacking ? `gave records twice each time it was read, ${ids.size} different ones of ${fewest}` : null;
}

/** When an answer was sent, by the vendor's clock: this machine's may be wrong. */
export function sentAt({headers}: Pick<HttpResponse, "headers">): Date | undefined {
  const date = new Date(headers.get("date") ?? "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The rows at a path of keys. Their absence is an error: an empty stream is an empty array. */
export function rowsAt(...path: readonly string[]): (body: unknown, place?: string) => readonly unknown[] {
  return (body, place) => {
    const rows = at(body, ...path);
    if (Array.isArray(rows)) return rows;
    const answer = place === undefined ? "The answer" : `The answer to ${place}`;
    const where = path.length === 0 ? "a list" : `a list at ${path.join(".")}`;
    const said = vendorMessage(body) ?? "";
    throw new PagingError(
      `${answer} has not ${where}: this is not what the vendor documents.` +
        // Secrets are taken out later, and one that is cut through would stay.
        (said === "" || said.length > longestMessage ? "" : ` It says: ${said}`),
    );
  };
}

/** A whole number, which some vendors write as a text. */
export function numberAt(...path: readonly string[]): (answer: {body: unknown}) => number | undefined {
  return ({body}) => {
    const found = at(body, ...path);
    return /^\d+$/.test(String(found)) ? Number(found) : undefined;
  };
}

const withQuery = (request: HttpRequest, query: Query): HttpRequest => ({
  ...request,
  query: {...request.query, ...query},
});

/** The request of a linked page. A link may be relative to the page that it is on. */
const linkedPage = ({request, url}: Answer, link: string): HttpRequest => ({
  ...request,
  path: URL.canParse(link, url) ? new URL(link, url).href : link,
  query: undefined,
});

/** The next page's URL stands in the body. */
export function nextUrlAt(...path: readonly string[]): Paging["next"] {
  return (answer) => {
    const link = at(answer.body, ...path);
    return typeof link === "string" && link !== "" ? linkedPage(answer, link) : null;
  };
}

/** The next page's URL stands in the Link header (RFC 8288). */
export function nextLink(answer: Answer): HttpRequest | null {
  for (const link of (answer.headers.get("link") ?? "").split(/,(?=\s*<)/)) {
    const [, url, parameters = ""] = /^\s*<([^>]*)>(.*)$/.exec(link) ?? [];
    if (url !== undefined && /;\s*rel="?next"?(;|$|\s)/i.test(parameters)) {
      return linkedPage(answer, url);
    }
  }
  return null;
}

/** The body names the next page; it goes into a parameter. */
export function nextCursor(parameter: string, ...path: readonly string[]): Paging["next"] {
  return ({body, request}) => {
    const cursor = at(body, ...path);
    return cursor === null || cursor === undefined || cursor === ""
      ? null
      : withQuery(request, {[parameter]: `${cursor}`});
  };
}

/** Pages are counted; `isLast` says where they end. */
export function nextNumber(parameter: string, start: number, isLast: (answer: Answer) => boolean): Paging["next"] {
  return (answer) => (isLast(answer) ? null : withQuery(answer.request, {[parameter]: start + answer.number}));
}

/** The body says how many pages there are. Its absence is an error: pages that are counted go on without end. */
export function isLastOf(...path: readonly string[]): (answer: Answer) => boolean {
  return ({body, number, place}) => {
    const count = at(body, ...path);
    if (/^\d+$/.test(String(count))) return number >= Number(count);
    throw new PagingError(
      `${place} has no number of pages at ${path.join(".")}: this is not what the vendor documents.`,
    );
  };
}

/** Rows are skipped; a page without rows is the last: a vendor may give fewer to a page than it is asked for. */
export function nextOffset(parameter: string): Paging["next"] {
  return ({request, rows, arrived}) => (rows.length === 0 ? null : withQuery(request, {[parameter]: arrived}));
}

/** The last row's id goes into a parameter; a page without rows is the last. */
export function nextAfter(parameter: string, idOf: (row: unknown) => unknown): Paging["next"] {
  return ({request, rows}) => (rows.length === 0 ? null : withQuery(request, {[parameter]: `${idOf(rows.at(-1))}`}));
}
