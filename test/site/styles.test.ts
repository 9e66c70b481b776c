import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {beforeAll, expect, it} from "vitest";

const folder = new URL("../../src/styles/", import.meta.url).pathname;
let styles: string;

beforeAll(async () => {
  const files = await readdir(folder);
  styles = (await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")))).join("\n");
});

// A browser leaves out the whole of a declaration of which it does not know a part.
it("sets the style and the colour of a line apart from it, which Safari knows only so", () => {
  const lines = styles.match(/text-decoration:[^;]*/g) ?? [];
  expect(new Set(lines)).toEqual(new Set(["text-decoration: none", "text-decoration: underline"]));
});

it("has signs that are not read out also where a browser cannot keep them to itself, as Safari before 17.4", () => {
  const asked = /@supports \(content: "" \/ ""\) \{[^}]*\}\s*\}/g;
  expect(styles).toMatch(asked);
  expect(styles.replace(asked, "").match(/content: (?:"[^"]*"|var\([^)]*\)) \/[^;]*/g)).toBeNull();
});
