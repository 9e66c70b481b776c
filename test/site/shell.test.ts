import {createHash} from "node:crypto";
import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {finishPages} from "../../loaders/site/pages/shell.js";
import config from "../../observablehq.config.js";

/** A page as Framework leaves it. */
const page = `<!DOCTYPE html>
<html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1">
<title>trueup-workspace-name</title>
<script type="module">

start("trueup-workspace-name");

</script>
<script src="./other.js"></script>
<main id="observablehq-main" class="observablehq"><p>trueup-workspace-name, as of trueup-as-of</p></main>
<footer>trueup-as-of</footer>
`;

it("fills in what only the build knows, as text, and lets a page run no script but its own", async () => {
  const dist = await mkdtemp(join(tmpdir(), "trueup-shell-"));
  try {
    await mkdir(join(dist, "mapping"));
    for (const name of ["index.html", "mapping/clients.html"]) await writeFile(join(dist, name), page);
    const facts = {workspace: `A & "B" <i>$&`, currency: "EUR", asOf: "2026-11-23T02:00:00Z", version: "0f"};
    await finishPages(dist, facts);
    const [index = "", clients = ""] = await Promise.all(
      ["index.html", "mapping/clients.html"].map((name) => readFile(join(dist, name), "utf8")),
    );
    expect(index).toContain('<html lang="en" data-root="." data-as-of="2026-11-23" data-currency="EUR">');
    expect(index).toContain("<p>A &#38; &#34;B&#34; &#60;i&#62;$&#38;, as of 23 Nov 2026, 02:00 UTC</p>");
    expect(index).not.toMatch(/maximum-scale|trueup-workspace-name|trueup-as-of/);
    expect(index).toContain('<main tabindex="-1" id="observablehq-main"');
    expect(index).toContain('<meta name="trueup-data" content="0f">');
    const preloads = (html: string) =>
      [...html.matchAll(/rel="preload" as="fetch" crossorigin href="([^"]*)"/g)].map(([, href]) => href);
    expect(preloads(index)).toEqual(["./data/overview.json?v=0f"]);
    expect(clients).toContain('data-root=".."');
    expect(preloads(clients)).toEqual(["../data/mapping/clients.json?v=0f", "../data/mappings.json?v=0f"]);
    expect(clients).toContain('<link rel="stylesheet" href="../_fonts/inter.css">');

    const [, script = ""] = /<script type="module">([\s\S]*?)<\/script>/.exec(index) ?? [];
    expect(script).toContain("start(");
    const hash = createHash("sha256").update(script).digest("base64");
    const policies = [...index.matchAll(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g)];
    expect(policies.map(([, policy]) => policy?.split("; "))).toEqual([
      [
        ...["default-src 'none'", `script-src 'self' 'sha256-${hash}'`, "style-src 'self' 'unsafe-inline'"],
        ...["img-src 'self' data:", "font-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'"],
      ],
    ]);
  } finally {
    await rm(dist, {recursive: true, force: true});
  }
});

it("changes no file but pages", async () => {
  const dist = await mkdtemp(join(tmpdir(), "trueup-shell-"));
  try {
    await writeFile(join(dist, "page.js"), page);
    await finishPages(dist, {workspace: "Acme", currency: "EUR", asOf: "2026-11-23T02:00:00Z", version: "0f"});
    expect(await readFile(join(dist, "page.js"), "utf8")).toBe(page);
  } finally {
    await rm(dist, {recursive: true, force: true});
  }
});

it.each([
  ["/mapping", "Mapping", "page"],
  ["/mapping/clients", "Mapping", "true"],
  ["/charts", "Overview", "true"],
  ["/clients/~c1", "Billing &amp; Invoices", "true"],
  ["/memo", "Billing &amp; Invoices", "true"],
])("marks where %s stands among the pages", (path, name, how) => {
  const current = [...config.header({path}).matchAll(/aria-current="(\w+)">([^<]*)</g)];
  expect(current.map(([, state, text]) => [state, text])).toEqual([[how, name]]);
});
