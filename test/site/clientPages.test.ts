import {createHash} from "node:crypto";
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {stampClientPages} from "../../loaders/site/pages/clientPages.js";

it("makes a page for every client, be it called what stands in the page for all of them", async () => {
  const dist = await mkdtemp(join(tmpdir(), "trueup-stamped-"));
  try {
    await mkdir(join(dist, "clients"));
    const template =
      '<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="of before">\n<title>client-page-name</title>\n<h1>client-page-name</h1><script>load("client-page-template")</script>';
    await writeFile(join(dist, "clients", "client-page-template.html"), template);
    await writeFile(join(dist, "index.html"), "");
    await writeFile(join(dist, "icon.svg"), "");
    const clients = [
      {clientId: "client-page-template", slug: "client-page-template", name: "client-page-template"},
      {clientId: "client-page-name", slug: "client-page-name", name: "A & B"},
      {clientId: "c1", slug: "c1", name: `client-page-name $& </title> "it's"`},
    ];
    expect(await stampClientPages(dist, {clients, version: "1"})).toBe(4);
    expect((await readdir(join(dist, "clients"))).sort()).toEqual(clients.map(({slug}) => `${slug}.html`).sort());
    const shown = async (slug: string) => {
      const html = await readFile(join(dist, "clients", `${slug}.html`), "utf8");
      return [/<h1>(.*)<\/h1>/.exec(html)?.[1], /load\("(.*)"\)/.exec(html)?.[1]];
    };
    expect(await shown("client-page-template")).toEqual(["client-page-template", "client-page-template"]);
    expect(await shown("client-page-name")).toEqual(["A &#38; B", "client-page-name"]);
    expect(await shown("c1")).toEqual(["client-page-name $&#38; &#60;/title&#62; &#34;it&#39;s&#34;", "c1"]);
    const page = await readFile(join(dist, "clients", "c1.html"), "utf8");
    expect(page).toContain(
      '</title>\n<link rel="preload" as="fetch" crossorigin href="../data/clients/c1.json?v=1">\n',
    );
    const hash = createHash("sha256").update('load("c1")').digest("base64");
    expect(page.match(/Content-Security-Policy/g)).toHaveLength(1);
    expect(page).toContain(`; script-src 'self' 'sha256-${hash}';`);
  } finally {
    await rm(dist, {recursive: true, force: true});
  }
});

it("refuses a page for all clients that does not name its client where it is expected", async () => {
  const dist = await mkdtemp(join(tmpdir(), "trueup-stamped-"));
  try {
    await mkdir(join(dist, "clients"));
    for (const template of ["<h1>client-page-name</h1>", '<script>load("client-page-template")</script>']) {
      await writeFile(join(dist, "clients", "client-page-template.html"), template);
      await expect(stampClientPages(dist, {clients: [], version: "1"})).rejects.toThrow("does not name its client");
    }
  } finally {
    await rm(dist, {recursive: true, force: true});
  }
});
