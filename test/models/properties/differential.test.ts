import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {calculate} from "../../reference/calculate.js";
import {reconcileRows} from "../harness.js";
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
      const agree = fc.asyncProperty(worldsOf({minLength: parts, maxLength: parts}), async (world) => {
        const decided = decideSome(world, calculate(world).reconciliation ?? []);
        expect(differences(await reconcileRows(decided), calculate(decided))).toEqual([]);
      });
      await holds(15, agree);
    },
    timeout,
  );

  it(
    `agree with the reference on costs and margin where licences meet (seed ${seed})`,
    async () => {
      const agree = fc.asyncProperty(
        worldsOf({minLength: 2 * parts, maxLength: 2 * parts}, licencePart),
        async (world) => {
          expect(differences(await reconcileRows(world), calculate(world))).toEqual([]);
        },
      );
      await holds(6, agree);
    },
    timeout,
  );
});
