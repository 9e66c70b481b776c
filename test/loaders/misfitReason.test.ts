import {expect, it} from "vitest";
import {z} from "zod";
import {misfitReason} from "../../loaders/misfitReason.js";

const schema = z.object({
  id: z.union([z.string(), z.int()]),
  name: z.string().min(1),
  used: z.number(),
  count: z.int(),
  isActive: z.boolean(),
  kind: z.enum(["user", "device"]),
  type: z.literal("seat"),
  seats: z.array(z.string()),
  site: z.object({name: z.string()}),
  created: z.string().refine((text) => text !== "yesterday", "expected a date"),
});
const good = {
  ...{id: 1, name: "A", used: 1, count: 1, isActive: true, kind: "user", type: "seat", seats: [], site: {name: "B"}},
  created: "2026-11-23",
};

function reasons(record: unknown): string[] {
  return schema.safeParse(record, {error: misfitReason}).error?.issues.map(({message}) => message) as string[];
}

it.each([
  [{name: undefined}, "a value is required"],
  [{name: null}, "a value is required"],
  [{name: ""}, "a value is required"],
  [{name: 7}, "expected a text"],
  [{used: "many"}, "expected a number"],
  [{count: 1.5}, "expected a whole number"],
  [{count: 1e20}, "expected a whole number of at most 15 digits"],
  [{count: -1e20}, "expected a whole number of at most 15 digits"],
  [{isActive: "yes"}, "expected true or false"],
  [{kind: "laptop"}, "expected one of user, device"],
  [{type: "licence"}, "expected seat"],
  [{seats: {a: 1}}, "expected a list"],
  [{seats: [1]}, "expected a text"],
  [{site: "B"}, "expected a record"],
  [{id: true}, "expected a text or a number"],
  [{created: "yesterday"}, "expected a date"],
])("says of %o in plain words: %s", (given, reason) => {
  expect(reasons({...good, ...given})).toEqual([reason]);
});

it("says so of a whole record too", () => {
  expect(reasons("none")).toEqual(["expected a record"]);
  expect(reasons(null)).toEqual(["a value is required"]);
});
