import {expect, it, vi} from "vitest";
import type {ConnectorContext} from "../../loaders/connectors/connector.js";
import {limiterOf} from "../../loaders/connectors/connectTo.js";
import {createLimiter} from "../../loaders/connectors/http/limiter.js";

// What a connection is limited to shows in how its limiter is made, and otherwise after a minute.
vi.mock("../../loaders/connectors/http/limiter.js", {spy: true});

const made = (settings: object, limits: Parameters<typeof createLimiter>[0], isUnlimited = false) => {
  limiterOf({settings, isUnlimited, signal: new AbortController().signal} as ConnectorContext<object>, limits);
  return vi.mocked(createLimiter).mock.lastCall?.[0];
};
const vendor = {concurrency: 4, requests: 10, perMilliseconds: 1000};

it("lowers what the vendor allows to a limit of one's own, and never raises it", () => {
  expect(made({}, vendor)).toEqual(vendor);
  expect(made({concurrency: 2, requests_per_minute: 599}, vendor)).toEqual({
    ...{concurrency: 2, requests: 599, perMilliseconds: 60_000},
  });
  expect(made({concurrency: 5, requests_per_minute: 600}, vendor)).toEqual(vendor);
  expect(made({requests_per_minute: 300}, {concurrency: 4, requests: 3000, perMilliseconds: 300_000})).toMatchObject({
    ...{requests: 300, perMilliseconds: 60_000},
  });
  expect(made({requests_per_minute: 1000}, {concurrency: 4})).toMatchObject({requests: 1000});
  expect(made({concurrency: 2}, vendor, true)).toEqual({concurrency: 4});
});
