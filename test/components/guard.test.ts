// @vitest-environment jsdom
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {guard} from "../../src/components/guard.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("says of data that does not come that it is still waited for, and what to do", async () => {
  let answer: (node: Node) => void = () => {};
  const place = guard(
    () =>
      new Promise((done) => {
        answer = done;
      }),
  );
  const status = place.querySelector('[role="status"]');
  expect(status?.textContent).toBe("Loading…");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(place.querySelector('[role="status"]')).toBe(status);
  expect(status?.textContent).toBe(
    "Still loading: the server has not answered. Wait, or reload the page to ask again.",
  );
  answer(document.createElement("table"));
  await vi.advanceTimersByTimeAsync(0);
  expect(place.innerHTML).toBe("<table></table>");
  expect(vi.getTimerCount()).toBe(0);
});

it("waits no longer for what failed", async () => {
  const place = guard(() => Promise.reject(new Error("It is gone.")));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(place.querySelector('[role="alert"] p')?.textContent).toBe("It is gone.");
  expect(place.textContent).not.toContain("Still loading");
  expect(vi.getTimerCount()).toBe(0);
});
