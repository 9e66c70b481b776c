import {readFile} from "node:fs/promises";
import {expect, it} from "vitest";
import {connectors} from "../../../loaders/connectors/index.js";
import {describeConnectors} from "../../../loaders/site/data/connectorSettings.js";
import {knownSettings} from "../../../loaders/workspace/knownSettings.js";
import {workspaceSchema} from "../../../loaders/workspace/workspace.js";

it("describes every setting of every connector", () => {
  const described = describeConnectors();
  expect(described.map(({name}) => name).sort()).toEqual(Object.keys(connectors).sort());
  const silent = described.flatMap(({name, settings}) =>
    settings.filter(({description}) => description === "").map((setting) => `${name} ${setting.name}`),
  );
  expect(silent).toEqual([]);
});

it("tells settings that must be there from those with a default, and names it", () => {
  const settings = describeConnectors().find(({name}) => name === "halopsa")?.settings ?? [];
  const of = (name: string) => settings.find((setting) => setting.name === name);
  expect(of("client_secret")).toMatchObject({required: true, standard: null});
  expect(of("tenant")).toMatchObject({required: false, standard: null});
  expect(of("scope")).toMatchObject({required: false, standard: "all"});
  expect(of("invoice_months")).toMatchObject({required: false, standard: "13"});
});

it("the guide explains every setting of workspace.yaml", async () => {
  const guide = await readFile(new URL("../../../src/guide.md", import.meta.url), "utf8");
  const [, section = ""] = /\n## Settings\n(.*?)\n## /s.exec(guide) ?? [];
  const explained = [...section.matchAll(/^\| ([^|]+?) +\|/gm)].flatMap(([, names = ""]) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  const names = [[], ["connections", 0]].flatMap((path) => knownSettings(workspaceSchema, path));
  expect(names).toEqual(expect.arrayContaining(["billed_basis", "connections", "reports_activity"]));
  expect(explained.sort()).toEqual(names.sort());
});
