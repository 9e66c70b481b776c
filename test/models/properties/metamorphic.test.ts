import {createHash} from "node:crypto";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {add, decimal, format} from "../../reference/rational.js";
import {type Marts, reconcileAll, type World} from "../harness.js";
import {join, mapTables, type Row, rename} from "./rows.js";
import {holds, seed, timeout} from "./runs.js";
import {disguise, pairsOfWorlds, worldsOf} from "./worlds.js";

const some = worldsOf({minLength: 4, maxLength: 4});

function shuffle(world: World, salt: number): World {
  const place = (row: Row) =>
    createHash("sha1")
      .update(`${salt}${JSON.stringify(row)}`)
      .digest("hex");
  return mapTables(world, (rows) => [...rows].sort((a, b) => (place(a) < place(b) ? -1 : 1)));
}

/** The rows that mention no id with the prefix. */
function without(prefix: string, marts: Marts): Marts {
  const isOther = (row: Row) => Object.values(row).some((value) => String(value).includes(prefix));
  // What is the whole workspace's belongs to both.
  const {summary, margin_summary, ...others} = marts;
  return Object.fromEntries(Object.entries(others).map(([mart, rows]) => [mart, rows.filter((row) => !isOther(row))]));
}

function twice(value: unknown): string {
  const amount = decimal(String(value));
  return format(add(amount, amount), String(value).includes(".") ? 2 : 0);
}

describe("the marts", () => {
  it(
    `do not depend on the order of the rows (seed ${seed})`,
    async () => {
      const isSame = fc.asyncProperty(some, fc.integer(), async (world, salt) => {
        expect(await reconcileAll(shuffle(world, salt))).toEqual(await reconcileAll(world));
      });
      await holds(3, isSame);
    },
    timeout,
  );

  it(
    `have twice the money of a workspace where everything is there twice (seed ${seed})`,
    async () => {
      const doubles = fc.asyncProperty(some, async (world) => {
        const once = (await reconcileAll(world)).summary ?? [];
        const doubled = (await reconcileAll(join(world, rename(world, "copy-")))).summary ?? [];
        expect(doubled).toEqual(
          once.map((row) => ({
            ...row,
            ...Object.fromEntries(
              Object.entries(row)
                .filter(([column]) => /_monthly$|_count$|^clients_|^unlinked_|^unaccounted_/.test(column))
                .map(([column, value]) => [column, twice(value)]),
            ),
          })),
        );
      });
      await holds(3, doubles);
    },
    timeout,
  );

  it(
    `keep every row when unrelated clients join (seed ${seed})`,
    async () => {
      const keeps = fc.asyncProperty(pairsOfWorlds, async ([world, other]) => {
        const joined = await reconcileAll(join(world, rename(disguise(other), "new-")));
        expect(without("new-", joined)).toEqual(without("new-", await reconcileAll(world)));
      });
      await holds(5, keeps);
    },
    timeout,
  );
});
