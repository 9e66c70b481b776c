import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {ConfigurationError} from "../../../loaders/problems.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";
import {variable} from "../../vendors/vendor.js";

it("names the setting that a misspelt one may be meant for, in lists, alternatives and names with values, and each once", async () => {
  const directory = await mkdtemp(join(tmpdir(), "trueup-settings-"));
  const m365 = `partner_tenant: a, client_id: a, client_secret: "${variable("SECRET")}"`;
  const columns = "{seat_id: {path: id, dfault: none}, account_id: a, product_id: p}";
  await writeFile(
    join(directory, "workspace.yaml"),
    [
      ...["name: Acme", "currency: USD", "connections:", "  - {id: psa, connector: csv-psa, path: imports}"],
      `  - {id: m365, connector: microsoft-365, ${m365}, tenants: [{id: a, nmae: Acme}]}`,
      "  - id: api",
      "    connector: http-json",
      "    base_url: https://a.example",
      "    streams:",
      `      - {table: seats, path: /a, paging: {type: page, paramter: p}, columns: ${columns}}`,
    ].join("\n"),
  );
  const refusal = await readWorkspace(directory).catch((error) => error);
  await rm(directory, {recursive: true});
  expect(refusal).toBeInstanceOf(ConfigurationError);
  const told = (refusal.message as string)
    .split("\n")
    .filter((line) => line.includes("there is no such setting"))
    .map((line) => line.replace(/^workspace\.yaml:\d+ connections\.|: there is no such setting| Remove it.*$/g, ""));
  expect(told).toEqual([
    "1.tenants.0.nmae. Did you mean name?",
    "2.streams.0.paging.paramter. Did you mean parameter?",
    "2.streams.0.columns.seat_id.dfault. Did you mean default?",
  ]);
});
