import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {ConfigurationError} from "../../loaders/problems.js";
import {sync} from "../../loaders/sync.js";
import {readWorkspace} from "../../loaders/workspace.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-workspace-"));
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const withConnections = (...lines: string[]) =>
  writeFile(
    join(directory, "workspace.yaml"),
    ["name: Acme", "currency: USD", "connections:", ...lines, ""].join("\n"),
  );

it.each(["constructor", "__proto__", "toString"])("knows no connector %s", async (name) => {
  await withConnections(`  - {id: psa, connector: ${name}, path: imports}`);
  const refusal = await readWorkspace(directory).catch((error) => error);
  expect(refusal).toBeInstanceOf(ConfigurationError);
  expect(refusal.message).toContain(`workspace.yaml:4 "${name}": there is no such connector.`);
});

it("says which settings no longer fit once variables are in them, and never their values", async () => {
  await withConnections(
    "  - {id: psa, connector: csv-psa, path: imports}",
    `  - {id: rmm, connector: ninjaone, base_url: "https://\${HOST}", client_id: "\${ID}", client_secret: "\${SECRET}"}`,
    `  - {id: edr, connector: sentinelone, base_url: "https://\${HOST}", api_token: "\${SECRET}"}`,
  );
  const refusal = await sync(await readWorkspace(directory), {
    env: {HOST: "hush-hush /x y", ID: "hush-hush", SECRET: "hush-hush"},
  }).catch((error) => error);
  expect(refusal).toBeInstanceOf(ConfigurationError);
  expect(refusal.message.split("\n")).toEqual([
    `workspace.yaml connections.rmm.base_url "https://\${HOST}": expected an address that begins with https://.`,
    `workspace.yaml connections.edr.base_url "https://\${HOST}": expected an address that begins with https://.`,
  ]);
});

it("says that workspace.yaml cannot be read only where it is there", async () => {
  await expect(readWorkspace(directory)).rejects.toThrow("workspace.yaml: there is no such file. `trueup init DIR`");
  await mkdir(join(directory, "workspace.yaml"));
  await expect(readWorkspace(directory)).rejects.toThrow("workspace.yaml: cannot be read: is a folder, not a file.");
  await writeFile(join(directory, "file"), "");
  await expect(readWorkspace(join(directory, "file"))).rejects.toThrow("a part of the path is a file, not a folder.");
});
