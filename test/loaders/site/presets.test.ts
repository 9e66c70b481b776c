import {expect, it} from "vitest";
import {connectors} from "../../../loaders/connectors/index.js";
import {readPresets} from "../../../loaders/site/data/presets.js";

it("has presets for every integration that exists and for none that does not", async () => {
  const named = new Set((await readPresets()).flatMap((preset) => preset.connectors));
  const usage = Object.values(connectors).filter(({side}) => side === "usage");
  expect([...named].sort()).toEqual(usage.map(({name}) => name).sort());
});

it("names each preset once within its connector", async () => {
  const names = (await readPresets()).flatMap(({connectors: list, id}) => list.map((name) => `${name} ${id}`));
  expect(new Set(names).size).toBe(names.length);
});
