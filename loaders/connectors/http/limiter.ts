import {setTimeout as pause} from "node:timers/promises";
import PQueue from "p-queue";

/** What a vendor allows, per connection. */
export interface Limits {
  /** Requests at the same time. */
  readonly concurrency: number;
  /** Requests that may start within any `perMilliseconds`; no limit where it is left out. */
  readonly requests?: number;
  readonly perMilliseconds?: number;
}

/** Lets requests through within the limits. Clients of one connection share one. */
export interface Limiter {
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /** Nobody of this connection asks again before so many milliseconds are over. */
  hold(milliseconds: number): void;
  /** Until that is over: for requests that do not wait for their turn. */
  released(): Promise<void>;
  /** Forgets who waits; they have given up. */
  clear(): void;
}

/** The rate is kept here and not by `p-queue`, whose timer outlives the last request by the whole interval: an hour, say. */
export function createLimiter({
  concurrency,
  requests = Number.POSITIVE_INFINITY,
  perMilliseconds = 1000,
}: Limits): Limiter {
  const queue = new PQueue({concurrency});
  const ended = new AbortController();
  /** When the requests of the last `perMilliseconds` began. */
  const starts: number[] = [];
  const {hold, released, heldUntil} = createHold(ended.signal);

  const turn = async (): Promise<void> => {
    for (;;) {
      const now = performance.now();
      while (starts[0] !== undefined && starts[0] <= now - perMilliseconds) starts.shift();
      const [oldest = now] = starts;
      const free = starts.length < requests ? now : oldest + perMilliseconds;
      const wait = Math.max(free, heldUntil()) - now;
      if (wait <= 0) {
        if (requests !== Number.POSITIVE_INFINITY) starts.push(now);
        return;
      }
      await pause(Math.ceil(wait), undefined, {signal: ended.signal});
    }
  };

  return {
    run: <Result>(task: () => Promise<Result>) =>
      queue.add(async () => {
        await turn();
        return task();
      }) as Promise<Result>,
    hold,
    released,
    clear() {
      queue.clear();
      ended.abort();
    },
  };
}

/** The same limiter for a client of whom the vendor counts requests apart: held by itself, without the others. */
export function heldApart(limiter: Limiter, signal: AbortSignal): Limiter {
  const {hold, released} = createHold(signal);
  return {
    ...limiter,
    async run(task) {
      await released();
      return limiter.run(task);
    },
    hold,
    released,
  };
}

function createHold(signal: AbortSignal): Pick<Limiter, "hold" | "released"> & {heldUntil(): number} {
  let until = 0;
  return {
    hold(milliseconds) {
      until = Math.max(until, performance.now() + milliseconds);
    },
    async released() {
      for (let now = performance.now(); now < until; now = performance.now()) {
        await pause(Math.ceil(until - now), undefined, {signal});
      }
    },
    heldUntil: () => until,
  };
}
