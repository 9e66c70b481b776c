import {expect, it} from "vitest";
import {columnValue} from "../../loaders/connectors/http-json/index.js";
import type {ValueSettings} from "../../loaders/connectors/http-json/settings.js";

const record = {
  ...{
    id: 12,
    name: "  Acme ",
    empty: "",
    nothing: null,
    rate: 1e-7,
    on: true,
    seen: 1_732_320_000,
    ms: "1732320000000",
  },
  ...{at: {site: {id: "s-1"}}, state: "Enabled", tags: ["a", "b"]},
};

it.each<[ValueSettings, string | null]>([
  ["id", "12"],
  ["name", "Acme"],
  ["at.site.id", "s-1"],
  ["at.site.name", null],
  ["empty", null],
  ["nothing", null],
  ["rate", "0.0000001"],
  ["on", "true"],
  ["tags", '["a","b"]'],
  [{constant: "edr"}, "edr"],
  [{path: "state", lower: true}, "enabled"],
  [{path: "state", map: {Enabled: "active"}}, "active"],
  [{path: "state", lower: true, map: {enabled: "active"}}, "active"],
  [{path: "on", map: {true: "active", false: "disabled"}}, "active"],
  [{path: "state", map: {Disabled: "disabled"}}, "Enabled"],
  [{path: "state", map: {Disabled: "disabled"}, default: "other"}, "other"],
  [{path: "state", default: "other"}, "Enabled"],
  [{path: "nothing", default: "other"}, "other"],
  [{path: "seen", epoch: "seconds"}, "2024-11-23T00:00:00.000Z"],
  [{path: "ms", epoch: "milliseconds"}, "2024-11-23T00:00:00.000Z"],
  [{path: "name", epoch: "seconds"}, "  Acme "],
  [{path: "missing", epoch: "seconds", default: "2026-01-01"}, "2026-01-01"],
])("takes with %j the value %j out of a record", (setting, value) => {
  expect(columnValue(record, setting)).toBe(value);
});
