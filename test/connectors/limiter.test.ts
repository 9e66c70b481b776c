import {setTimeout as pause} from "node:timers/promises";
import {expect, it} from "vitest";
import {createLimiter} from "../../loaders/connectors/http/limiter.js";

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

it("lets no more requests start within any interval, nor run at the same time, than it may", async () => {
  const limiter = createLimiter({concurrency: 3, requests: 5, perMilliseconds: 200});
  const starts: number[] = [];
  let running = 0;
  let most = 0;
  const task = async () => {
    starts.push(performance.now());
    running += 1;
    most = Math.max(most, running);
    await pause(5);
    running -= 1;
  };
  await Promise.all(Array.from({length: 17}, () => limiter.run(task)));
  expect(most).toBe(3);
  // The sixth after the first is of the next interval. The limiter counts whole milliseconds, and timers may be early by one.
  starts.slice(5).forEach((start, index) => {
    expect(start - (starts[index] as number)).toBeGreaterThanOrEqual(196);
  });
});

it("lets nobody ask while it is held", async () => {
  const limiter = createLimiter({concurrency: 2});
  const start = performance.now();
  limiter.hold(150);
  limiter.hold(20);
  await Promise.all([limiter.run(async () => {}), limiter.run(async () => {})]);
  expect(performance.now() - start).toBeGreaterThanOrEqual(149);
});

it("keeps no process alive once all are through", async () => {
  const before = timers();
  const limiter = createLimiter({concurrency: 2, requests: 5000, perMilliseconds: 3_600_000});
  await limiter.run(async () => {});
  limiter.hold(60_000);
  expect(timers()).toBe(before);
});

it("ends who waits when it is cleared", async () => {
  const limiter = createLimiter({concurrency: 2, requests: 1, perMilliseconds: 3_600_000});
  await limiter.run(async () => {});
  const waiting = limiter.run(async () => "late");
  await pause(5);
  limiter.clear();
  await expect(waiting).rejects.toThrow(/abort/i);
});
