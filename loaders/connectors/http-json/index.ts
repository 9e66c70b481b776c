import {z} from "zod";
import {at} from "../../at.js";
import {canonicalTables, type TableName} from "../../canonical.js";
import {booleanWords, type ColumnKind} from "../../columnKinds.js";
import type {Connector, ConnectorContext} from "../connector.js";
import {connectTo, limiterOf} from "../connectTo.js";
import {type Auth, basicAuth, bearerAuth, headerAuth, noAuth, type Send, tokenAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {
  type Answer,
  isLastOf,
  nextCursor,
  nextLink,
  nextNumber,
  nextOffset,
  nextUrlAt,
  numberAt,
  type Page,
  type Paging,
  readPages,
  rowsAt,
} from "../http/pages.js";
import {readStream} from "../readStream.js";
import {dateOf, decimalOf, instantOf, lookUp, textOf} from "../values.js";
import {type HttpJsonSettings, type StreamSettings, settingsOf, type ValueSettings} from "./settings.js";

/**
 * Any API that answers with JSON, declared in workspace.yaml: address, authentication, paging, and where each canonical
 * column is found. What the columns become is checked against the canonical schema like the rows of every connector.
 */

const keysOf = (path: string) => (path === "" ? [] : path.split("."));

function authOf({auth}: HttpJsonSettings, send: Send, {redactor}: ConnectorContext): Auth {
  switch (auth.type) {
    case "none":
      return noAuth;
    case "basic":
      return basicAuth(auth.user, auth.password, redactor);
    case "bearer":
      return bearerAuth(auth.token);
    case "header":
      return headerAuth({[auth.name]: auth.value});
    case "oauth2": {
      const {token_url, client_id, client_secret, scope} = auth;
      const form = {
        grant_type: "client_credentials",
        client_id,
        client_secret,
        ...(scope === undefined ? {} : {scope}),
      };
      return tokenAuth({url: token_url, form}, send, redactor);
    }
  }
}

function nextOf({paging}: StreamSettings): Paging["next"] {
  switch (paging.type) {
    case "none":
      return () => null;
    case "link_header":
      return nextLink;
    case "next_url":
      return nextUrlAt(...keysOf(paging.path));
    case "cursor":
      return nextCursor(paging.parameter, ...keysOf(paging.path));
    case "offset":
      return nextOffset(paging.parameter);
    case "page": {
      const {parameter, start, total_pages} = paging;
      const isLast =
        total_pages === undefined ? ({rows}: Answer) => rows.length === 0 : isLastOf(...keysOf(total_pages));
      return nextNumber(parameter, start, isLast);
    }
  }
}

/** A column's value in a record, as text; null where there is none. */
export function columnValue(record: unknown, setting: ValueSettings): string | null {
  if (typeof setting === "object" && "constant" in setting) return setting.constant;
  const {path, map, default: otherwise = null, epoch, lower} = typeof setting === "string" ? {path: setting} : setting;
  const found = at(record, ...keysOf(path));
  if (found === null || found === undefined || found === "") return otherwise;
  if (epoch !== undefined) return Number.isNaN(Number(found)) ? String(found) : instantOf(Number(found), epoch);
  const written =
    typeof found === "number" ? decimalOf(found) : typeof found === "string" ? textOf(found) : JSON.stringify(found);
  const text = lower === true ? (written?.toLowerCase() ?? null) : written;
  return map === undefined ? text : (lookUp(map, text) ?? otherwise ?? text);
}

/** Numbers of so many digits are no longer the vendor's when they are read: two ids could become one. */
const recordOf = ({columns}: StreamSettings) =>
  z.looseObject({}).superRefine((record, issues) => {
    for (const setting of Object.values(columns)) {
      if (typeof setting === "object" && "constant" in setting) continue;
      const path = keysOf(typeof setting === "string" ? setting : setting.path);
      const found = at(record, ...path);
      if (!Number.isInteger(found) || Number.isSafeInteger(found)) continue;
      issues.addIssue({code: "custom", path, message: "expected a number of at most 15 digits, or a text"});
    }
  });

function connect(context: ConnectorContext<HttpJsonSettings>): HttpClient {
  return connectTo(context, {
    baseUrl: context.settings.base_url,
    auth: (send) => authOf(context.settings, send, context),
    limiter: limiterOf(context, {concurrency: 4}),
  });
}

function list(client: HttpClient, stream: StreamSettings): AsyncGenerator<Page> {
  const {paging, path, query, rows, total} = stream;
  const first =
    paging.type === "page"
      ? {[paging.parameter]: paging.start}
      : paging.type === "offset"
        ? {[paging.parameter]: 0}
        : {};
  const rowsOf = rowsAt(...keysOf(rows));
  const next = nextOf(stream);
  return readPages(
    client,
    {path, query: {...query, ...first}},
    {
      rows: (body, place) => (body === undefined ? [] : rowsOf(body, place)),
      next: (answer) => (answer.body === undefined ? null : next(answer)),
      isByPosition: paging.type === "page" || paging.type === "offset",
      ...(total === undefined ? {} : {total: numberAt(...keysOf(total))}),
    },
  );
}

/** The kinds of the canonical tables' columns by name. */
const kinds: Readonly<Record<string, ColumnKind>> = Object.fromEntries(
  Object.values(canonicalTables).flatMap(({columns}) => columns.map(({name, kind}) => [name, kind])),
);

/**
 * Texts as the columns take them: words for yes and no, and of a time the day that a date is. A word that is neither yes nor no
 * stays, for the schema to refuse: taken for no, a trial would be billed.
 */
function typed(row: Readonly<Record<string, string | null>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (kinds[name] === "boolean") return [name, lookUp(booleanWords, value?.toLowerCase()) ?? value];
      return [name, kinds[name] === "date" ? dateOf(value) : value];
    }),
  );
}

function httpJsonConnector(name: string, side: "psa" | "usage", description: string): Connector<HttpJsonSettings> {
  return {
    name,
    side,
    description,
    settings: settingsOf(side),
    secrets: ["auth.password", "auth.token", "auth.value", "auth.client_secret"],

    async test(context) {
      const {test, streams} = context.settings;
      const [first] = streams as [StreamSettings];
      const request = test === undefined ? {path: first.path, query: first.query} : {path: test};
      const {place} = await connect(context).read(request);
      return `The API at ${new URL(context.settings.base_url).host} answers ${place}.`;
    },

    async sync(context, sink) {
      const client = connect(context);
      for (const [table, rows] of Object.entries(context.settings.fixed)) {
        await sink.write(table as TableName, rows.map(typed), {place: `fixed.${table}`});
      }
      for (const stream of context.settings.streams) {
        const columns = Object.entries(stream.columns);
        await readStream(context, sink, {
          name: context.redactor
            .redact(stream.path)
            .replaceAll(/[^\w-]+/g, "_")
            .replace(/^_/, ""),
          table: stream.table,
          pages: list(client, stream),
          schema: recordOf(stream),
          toRows: (record) => ({
            [stream.table]: [
              typed(Object.fromEntries(columns.map(([column, setting]) => [column, columnValue(record, setting)]))),
            ],
          }),
        });
      }
      return {freshAt: context.now};
    },
  };
}

export const httpJson = httpJsonConnector("http-json", "usage", "Any API with JSON, declared: what is used.");
export const httpJsonPsa = httpJsonConnector("http-json-psa", "psa", "Any API with JSON, declared: what is billed.");
