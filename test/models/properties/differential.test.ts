import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {calculate} from "../../reference/calculate.js";
import {severities} from "../../reference/flags.js";
import {reconcileAll} from "../harness.js";
import {differences} from "./compare.js";
import {decideSome} from "./decideSome.js";
import {licencePart} from "./plan.js";
import {holds, seed, timeout} from "./runs.js";
import {worldsOf} from "./worlds.js";

/** Unrelated parts in one world: starting the models costs more than what they do with a part. */
const parts = 10;

describe("the models", () => {
  it(
    `agree with the reference on every figure of random workspaces (seed ${seed})`,
    async () => {
      const raised = new Set<unknown>();
      const agree = fc.asyncProperty(worldsOf({minLength: parts, maxLength: parts}), async (world) => {
        const decided = decideSome(world, calculate(world).reconciliation ?? []);
        const marts = await reconcileAll(decided);
        expect(differences(marts, calculate(decided))).toEqual([]);
        for (const flag of marts.flagged_services ?? []) raised.add(flag.flag_code);
      });
      await holds(15, agree);
      const unseen = Object.keys(severities).filter((code) => !raised.has(code));
      expect(unseen, "flags that no workspace of makeBilling.ts raises, so that nothing was compared").toEqual([]);
    },
    timeout,
  );

  it(
    `agree with the reference on costs and margin where licences meet (seed ${seed})`,
    async () => {
      const agree = fc.asyncProperty(
        worldsOf({minLength: 2 * parts, maxLength: 2 * parts}, licencePart),
        async (world) => {
          expect(differences(await reconcileAll(world), calculate(world))).toEqual([]);
        },
      );
      await holds(6, agree);
    },
    timeout,
  );
});
