import {expect, it} from "vitest";
import {slugOf} from "../../loaders/site/data/slug.js";

it.each([
  ["acme-42", "acme-42"],
  ["C 1/a", "~c_201_2fa"],
  ["_20", "_5f20"],
  ["~c.1", "_7ec_2e1"],
  ["é\n", "_c3_a9_0a"],
  ["con", "_63on"],
  ["COM1", "~c~o~m1"],
  ["com1", "_63om1"],
  ["console", "console"],
])("calls the client %j %s", (id, slug) => {
  expect(slugOf(id)).toBe(slug);
});

it("names an id that is too long for a file by its checksum, apart from every other", () => {
  expect(slugOf("a".repeat(120))).toBe("a".repeat(120));
  const [one, other] = [slugOf("a".repeat(121)), slugOf(`${"a".repeat(120)}b`)];
  expect(one).toMatch(/^_id-[0-9a-f]{64}$/);
  expect(other).toMatch(/^_id-[0-9a-f]{64}$/);
  expect(one).not.toBe(other);
});
