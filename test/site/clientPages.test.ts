import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {stampClientPages} from "../../loaders/site/clientPages.js";

it("makes a page for every client, be it called what stands in the page for all of them", async () => {
  const dist = await mkdtemp(join(tmpdir(), "trueup-stamped-"));
  try {
    await mkdir(join(dist, "clients"));
    const template =
      '<title>client-page-name</title>\n<h1>client-page-name</h1><script>load("client-page-template")</script>';
    await writeFile(join(dist, "clients", "client-page-template.html"), template);
    const clients = [
      {clientId: "client-page-template", slug: "client-page-template", name: "client-page-template"},
      {clientId: "client-page-name", slug: "client-page-name", name: "A & B"},
      {clientId: "c1", slug: "c1", name: "client-page-name $& </title>"},
    ];
    expect(await stampClientPages(dist, {clients, version: "1"})).toBe(3);
    expect((await readdir(join(dist, "clients"))).sort()).toEqual(clients.map(({slug}) => `${slug}.html`).sort());
    const shown = async (slug: string) => {
      const html = await readFile(join(dist, "clients", `${slug}.html`), "utf8");
      return [/<h1>(.*)<\/h1>/.exec(html)?.[1], /load\("(.*)"\)/.exec(html)?.[1]];
    };
    expect(await shown("client-page-template")).toEqual(["client-page-template", "client-page-template"]);
    expect(await shown("client-page-name")).toEqual(["A &#38; B", "client-page-name"]);
    expect(await shown("c1")).toEqual(["client-page-name $&#38; &#60;/title&#62;", "c1"]);
  } finally {
    await rm(dist, {recursive: true, force: true});
  }
});
