import PQueue from "p-queue";

/** What a vendor allows, per connection. */
export interface Limits {
  /** Requests at the same time. */
  readonly concurrency: number;
  /** Requests that may start within `perMilliseconds`; no limit where it is left out. */
  readonly requests?: number;
  readonly perMilliseconds?: number;
}

/** Lets requests through within the limits. Clients of one connection share one. */
export interface Limiter {
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /** Nobody of this connection asks again before so many milliseconds are over. */
  hold(milliseconds: number): void;
  /** Forgets who waits; they have given up. */
  clear(): void;
}

export function createLimiter({concurrency, requests, perMilliseconds = 1000}: Limits): Limiter {
  const queue = new PQueue({
    concurrency,
    ...(requests === undefined
      ? {}
      : {interval: perMilliseconds, intervalCap: requests, carryoverConcurrencyCount: true}),
  });
  let timer: NodeJS.Timeout | undefined;
  let until = 0;
  return {
    run: <Result>(task: () => Promise<Result>) => queue.add(task) as Promise<Result>,
    hold(milliseconds) {
      if (Date.now() + milliseconds <= until) return;
      until = Date.now() + milliseconds;
      queue.pause();
      clearTimeout(timer);
      timer = setTimeout(() => queue.start(), milliseconds);
    },
    clear() {
      clearTimeout(timer);
      queue.clear();
    },
  };
}
