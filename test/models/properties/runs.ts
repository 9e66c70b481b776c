import fc from "fast-check";

const asked = Number(process.env.TRUEUP_PROPERTY_RUNS ?? 0);

/**
 * The same worlds every time, unless TRUEUP_PROPERTY_RUNS asks for more than usual: then new ones, which
 * TRUEUP_PROPERTY_SEED repeats. The seed stands in the name of each test.
 */
export const seed = Number(
  process.env.TRUEUP_PROPERTY_SEED ?? (asked === 0 ? 20_261_123 : Math.floor(Math.random() * 2 ** 31)),
);

/** Milliseconds for one test. */
export const timeout = 120_000 + 2_000 * asked;

/** Checks a property of random worlds, and shrinks a world that breaks it as long as the time allows. */
export async function holds<T>(usualRuns: number, property: fc.IAsyncProperty<T>): Promise<void> {
  const numRuns = asked === 0 ? usualRuns : asked;
  await fc.assert(property, {numRuns, seed, interruptAfterTimeLimit: timeout * 0.8});
}
