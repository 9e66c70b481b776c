import {mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {copyMarts} from "../../../loaders/site/data/copyMarts.js";
import {copyPreview} from "../../../loaders/site/data/copyPreview.js";

it("puts into a site what a run makes, neither other files that lie beside it nor what links lead to", async () => {
  const parent = await mkdtemp(join(tmpdir(), "trueup-copied-"));
  try {
    const [marts, preview, site] = [join(parent, "marts"), join(parent, "marts", "preview"), join(parent, "site")];
    await mkdir(preview, {recursive: true});
    for (const path of ["secret", "marts/seats.parquet", "marts/more.parquet", "marts/preview/preview.json"]) {
      await writeFile(join(parent, path), path);
    }
    await writeFile(join(preview, "page.html"), "<script src=page.js></script>");
    for (const link of ["marts/clients.parquet", "marts/preview/mappings.json", "marts/preview/key"]) {
      await symlink(join(parent, "secret"), join(parent, link));
    }
    await copyMarts(marts, join(site, "marts"));
    await copyPreview(preview, site);
    expect((await readdir(site, {recursive: true})).sort()).toEqual(["marts", "marts/seats.parquet", "preview.json"]);
    expect(await readFile(join(site, "marts", "seats.parquet"), "utf8")).toBe("marts/seats.parquet");
  } finally {
    await rm(parent, {recursive: true, force: true});
  }
});
