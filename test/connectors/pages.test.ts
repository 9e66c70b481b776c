import {readdir, readFile} from "node:fs/promises";
import {describe, expect, it} from "vitest";
import type {HttpRequest, HttpResponse} from "../../loaders/connectors/http/client.js";
import {
  type Answer,
  isLastOf,
  nextAfter,
  nextCursor,
  nextLink,
  nextNumber,
  nextOffset,
  nextUrlAt,
  numberAt,
  type Paging,
  readPages,
  rowsAt,
  sentAt,
} from "../../loaders/connectors/http/pages.js";

/** How a vendor's pages are followed, and what is never taken for all of them. */

const answer = (given: Partial<Answer>): Answer => ({
  ...{body: {}, text: "", headers: new Headers(), url: "https://a.test/v1/users?limit=2", place: "GET /users"},
  ...{request: {path: "/users", query: {limit: 2}}},
  ...{rows: [{id: 7}, {id: 9}], number: 1, arrived: 2},
  ...given,
});

describe("the page after one", () => {
  it.each([
    ['<https://a.test/users?page=2>; rel="next"', "https://a.test/users?page=2"],
    ["<https://a.test/users?page=2>;rel=next", "https://a.test/users?page=2"],
    ['<https://a.test/u?ids=1,2>; title="x"; rel="next"; a=b', "https://a.test/u?ids=1,2"],
    ['<https://a.test/1>; rel="prev", <https://a.test/3>; REL="next"', "https://a.test/3"],
    ['<https://a.test/1>; rel="prev"', null],
    ['<https://a.test/1>; rel="next-archive"', null],
    ["", null],
  ])("is named by the header %j", (link, path) => {
    const next = nextLink(answer({headers: new Headers({link})}));
    expect(next).toEqual(path === null ? null : {path, query: undefined});
  });

  it.each([
    [{next: "https://a.test/2"}, {path: "https://a.test/2", query: undefined}],
    [{next: "/v1/users?page=2"}, {path: "https://a.test/v1/users?page=2", query: undefined}],
    [{next: "?page=2"}, {path: "https://a.test/v1/users?page=2", query: undefined}],
    [{next: ""}, null],
    [{next: null}, null],
    [{}, null],
  ])("is named by an address in %j", (body, next) => {
    expect(nextUrlAt("next")(answer({body}))).toEqual(next);
  });

  it.each([
    [{cursor: "abc"}, "abc"],
    [{cursor: 0}, "0"],
    [{cursor: ""}, null],
    [{cursor: null}, null],
  ])("is named by a cursor in %j", (body, after) => {
    const next = nextCursor("after", "cursor")(answer({body}));
    expect(next).toEqual(after === null ? null : {path: "/users", query: {limit: 2, after}});
  });

  it("is counted, from where the vendor begins to count", () => {
    const byNumber = nextNumber("page", 0, isLastOf("pages"));
    expect(byNumber(answer({body: {pages: 2}}))?.query).toEqual({limit: 2, page: 1});
    expect(byNumber(answer({body: {pages: "2"}, number: 2}))).toBeNull();
    expect(() => byNumber(answer({body: {pages: "many"}}))).toThrow("GET /users has no number of pages at pages");
  });

  it("begins behind the rows so far, or behind the last of them, until a page has none", () => {
    expect(nextOffset("skip")(answer({arrived: 42}))?.query).toEqual({limit: 2, skip: 42});
    expect(nextOffset("skip")(answer({rows: []}))).toBeNull();
    const byId = nextAfter("after", (row) => (row as {id: number}).id);
    expect(byId(answer({}))?.query).toEqual({limit: 2, after: "9"});
    expect(byId(answer({rows: []}))).toBeNull();
  });
});

/** Pages that a vendor gives one after the other, each with what it says of the whole. */
async function follow(
  pages: readonly {ids: readonly number[]; total?: number | string; cursor?: string}[],
  paging = {},
) {
  const asked: HttpRequest[] = [];
  const client = {
    async read(request: HttpRequest): Promise<HttpResponse> {
      asked.push(request);
      const page = pages[asked.length - 1] ?? {ids: []};
      const place = `GET /users ${asked.length}`;
      return {body: page, text: JSON.stringify(page), headers: new Headers(), url: "https://a.test/users", place};
    },
  };
  const found: unknown[] = [];
  const how: Paging = {rows: rowsAt("ids"), next: nextCursor("after", "cursor"), total: numberAt("total"), ...paging};
  for await (const {rows} of readPages(client, {path: "/users"}, how)) found.push(...rows);
  return {found, asked};
}

describe("all pages", () => {
  it("are read to the end, one that is empty in between among them", async () => {
    const pages = [{ids: [1, 2], cursor: "a"}, {ids: [], cursor: "b"}, {ids: [3]}];
    const {found, asked} = await follow(pages);
    expect(found).toEqual([1, 2, 3]);
    expect(asked.map(({query}) => query?.after)).toEqual([undefined, "a", "b"]);
  });

  it.each([
    [
      "fewer rows than the vendor counts",
      [{ids: [1, 2], total: 3}],
      "ended the stream after 2 rows; the vendor says that there are 3.",
    ],
    [
      "more rows than it counts",
      [{ids: [1, 2], total: 1}],
      "ended the stream after 2 rows; the vendor says that there are 1.",
    ],
    [
      "a page that came before",
      [{ids: [1, 2], cursor: "a"}, {ids: [1, 2]}],
      "GET /users 2 gives a page again that came before.",
    ],
    [
      "a page that leads to one that was read",
      [
        {ids: [1], cursor: "a"},
        {ids: [2], cursor: "a"},
      ],
      "GET /users 2 leads back to a page that was read: it has no end.",
    ],
    [
      "fewer rows than the vendor counts in a text",
      [{ids: [1, 2], total: "3"}],
      "ended the stream after 2 rows; the vendor says that there are 3.",
    ],
  ])("are not %s", async (_, pages, message) => {
    await expect(follow(pages)).rejects.toThrow(message);
  });

  it.each([1, 2, 3])("may be as many as the vendor counted at any time, such as %i of 1 to 3", async (count) => {
    const ids = Array.from({length: count}, (_, id) => id);
    const pages = [
      {ids: ids.slice(0, 1), total: 3, cursor: "a"},
      {ids: ids.slice(1), total: 1},
    ];
    expect((await follow(pages)).found).toEqual(ids);
  });

  it("are refused where the rows are not there, which is not the same as none", async () => {
    await expect(follow([{} as {ids: number[]}])).rejects.toThrow("The answer to GET /users 1 has not a list at ids: ");
    expect(() => rowsAt()({})).toThrow("The answer has not a list: ");
    expect(rowsAt()([])).toEqual([]);
  });

  it("are refused with what the vendor says in their stead", () => {
    const body = {errors: [{code: 5000010, title: "Server could not process the request", detail: null}]};
    expect(() => rowsAt("data")(body, "GET /agents")).toThrow(
      "The answer to GET /agents has not a list at data: this is not what the vendor documents. It says: Server could not process the request",
    );
    // Who reads the message would not get to its end, and a secret that is cut through would stay.
    expect(() => rowsAt("data")({message: "long ".repeat(100)}, "GET /agents")).toThrow(/documents\.$/);
  });
});

it.each([
  [{total: 3}, 3],
  [{total: "3"}, 3],
  [{total: 0}, 0],
  [{total: ""}, undefined],
  [{total: null}, undefined],
  [{total: "many"}, undefined],
  [{}, undefined],
])("finds the total in %j, which a vendor may write as a text", (body, total) => {
  expect(numberAt("total")({body})).toBe(total);
});

it("knows when an answer was sent, where the vendor says so", () => {
  expect(sentAt({headers: new Headers({date: "Mon, 23 Nov 2026 02:00:00 GMT"})})).toEqual(
    new Date("2026-11-23T02:00:00Z"),
  );
  expect(sentAt({headers: new Headers()})).toBeUndefined();
});

it("is told by every connector that counts pages that rows move up where one goes", async () => {
  const folder = new URL("../../loaders/connectors/", import.meta.url);
  const counting: string[] = [];
  for (const file of await readdir(folder, {recursive: true})) {
    if (!file.endsWith(".ts") || file.startsWith("http/")) continue;
    const source = await readFile(new URL(file, folder), "utf8");
    if (!/\bnext(Number|Offset)\(/.test(source)) continue;
    counting.push(file);
    expect(source.match(/\bisByPosition: /g)?.length ?? 0, file).toBe(source.match(/\breadPages\(/g)?.length);
  }
  expect(counting.sort()).toEqual(expect.arrayContaining(["halopsa/index.ts", "pax8/index.ts"]));
});
