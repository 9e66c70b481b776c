import {readFile} from "node:fs/promises";
import {expect, it} from "vitest";
import {parse} from "yaml";
import {connectors} from "../../loaders/connectors/index.js";
import {vendors} from "../vendors/index.js";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");
/** The workspace.yaml that a document shows, with the connections that stand there as comments. */
async function shownIn(path: string): Promise<string> {
  const blocks = [...(await read(path)).matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => block as string);
  const [shown] = blocks.filter((block) => block.includes("connectwise-psa"));
  return (shown ?? "").replaceAll("# - {", "- {").replaceAll(/^.*…\}.*$/gm, "");
}

it.each(["README.md", "src/guide.md"])(
  "%s shows a workspace.yaml with every connector, and each of them is read",
  async (path) => {
    const {connections} = parse(await shownIn(path)) as {connections: {id: string; connector: string}[]};
    const shown = new Set(connections.map(({connector}) => connector));
    // The same as http-json, for the other side.
    expect([...shown, "http-json-psa"].sort()).toEqual(Object.keys(connectors).sort());
    for (const {id, connector, ...settings} of connections) {
      const parsed = connectors[connector]?.settings.safeParse(settings);
      expect([id, connector, parsed?.error?.issues ?? []]).toEqual([id, connector, []]);
    }
  },
);

it("lists every connector in the README's table", async () => {
  const [, section = ""] = /\n## Connections\n(.*?)```yaml/s.exec(await read("README.md")) ?? [];
  const listed = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names = ""]) => names.split(", "));
  expect(listed.map((name) => name.replaceAll("`", "")).sort()).toEqual(Object.keys(connectors).sort());
});

it("tries every connector that asks a vendor on a vendor of test/vendors", () => {
  const asking = Object.keys(connectors).filter((name) => !name.startsWith("csv-"));
  expect(vendors.map(({name}) => name).sort()).toEqual(asking.sort());
});

it("shows the same workspace.yaml in both", async () => {
  expect(await shownIn("README.md")).toBe(await shownIn("src/guide.md"));
});

it("says of every vendor what to create, what it may do, what is read and what never is", async () => {
  const guide = await read("src/guide.md");
  const titles: Record<string, string> = {
    "connectwise-psa": "ConnectWise PSA",
    autotask: "Autotask",
    halopsa: "HaloPSA",
    "microsoft-365": "Microsoft 365",
    pax8: "Pax8",
    ninjaone: "NinjaOne",
    "datto-rmm": "Datto RMM",
    sentinelone: "SentinelOne",
    huntress: "Huntress",
    duo: "Duo",
    acronis: "Acronis",
  };
  const vendors = Object.keys(connectors).filter((name) => !/^(csv|http-json)/.test(name));
  expect(Object.keys(titles).sort()).toEqual(vendors.sort());
  for (const title of Object.values(titles)) {
    const [, text = ""] = new RegExp(`\\*\\*${title}\\.\\*\\* (.*?)\\n\\n`, "s").exec(guide) ?? [];
    expect(text, title).toMatch(/Create: .*Permissions: .*Read: .*Never read: ./s);
  }
});
