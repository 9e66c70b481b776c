import {appendFile, cp, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {copyReconciled} from "../../sample/madeSample.js";
import {runTrueup} from "../runTrueup.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-map-"));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

it("suggests mappings, takes what was accepted, and compares folders from the first to the second", async () => {
  const directory = await copyReconciled(join(folder, "mapped"));
  const trueup = (...args: string[]) => runTrueup([...args, "-w", directory], {cwd: folder});
  const run = (...args: string[]) => trueup("map", ...args);
  const printed = await run("suggest");
  const written = await run("suggest", "--out", "suggested.csv");
  expect({code: written.code, out: written.out}).toEqual({code: 0, out: ""});
  const text = await readFile(join(folder, "suggested.csv"), "utf8");
  expect(text).toBe(printed.out);
  expect(written.err).toMatch(
    /^1 suggestion of at least 0\.9; .*\nNext: .*`trueup map apply suggested\.csv -w .+`\.\n$/,
  );

  await cp(join(directory, "mappings"), join(folder, "before"), {recursive: true});
  await writeFile(join(folder, "suggested.csv"), text.replace(/^,unlinked_account/m, "yes,unlinked_account"));
  const applied = await run("apply", "suggested.csv", "--by", "Ann");
  expect(applied).toMatchObject({
    code: 0,
    err: "Rows added: 1 to mappings/clients.csv, 0 to mappings/services.csv.\n",
  });
  const today = new Date().toISOString().slice(0, 10);
  expect((await readFile(join(directory, "mappings", "clients.csv"), "utf8")).trimEnd()).toMatch(
    new RegExp(`,confirmed,.*,Ann,${today}$`),
  );

  const clients = join(directory, "mappings", "clients.csv");
  await appendFile(clients, "m365,gone-away,C1001,confirmed,,,\n");
  const warning = /^warning: (.*\/)?clients\.csv:\d+ account_id "gone-away": .*\n/;
  const checked = await run("check");
  expect(checked).toMatchObject({code: 0, err: expect.stringMatching(warning)});
  expect(checked.err).toMatch(/\nThe mappings are valid\.\n$/);
  const diff = await run("diff", "before", join(directory, "mappings"));
  expect(diff).toMatchObject({code: 0, err: expect.stringMatching(warning)});
  expect(diff.out).toMatch(/^unlinked accounts .* -1$/m);
  const json = await run("diff", join(directory, "mappings"), "before", "--json");
  const {unlinkedAccounts} = JSON.parse(json.out);
  expect(unlinkedAccounts.after - unlinkedAccounts.before).toBe(1);
  await appendFile(clients, "m365,x,nobody,confirmed,,,\n");
  const wrong = await run("check");
  expect(wrong.code).toBe(2);
  expect(wrong.err).toMatch(/^mappings\/clients\.csv:\d+ client_id "nobody": /m);
  expect(wrong.err).not.toContain("are valid");
  expect((await run("suggest", "--min-score", "1.5")).code).toBe(2);
}, 180_000);
