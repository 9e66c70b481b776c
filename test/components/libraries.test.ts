import {join} from "node:path";
import {build} from "esbuild";
import {expect, it} from "vitest";

/** The libraries that a browser fetches for a component and everything that it imports. */
async function librariesOf(component: string): Promise<string[]> {
  const {metafile} = await build({
    absWorkingDir: join(import.meta.dirname, "../.."),
    entryPoints: [`src/components/${component}.ts`],
    bundle: true,
    format: "esm",
    metafile: true,
    write: false,
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  return [...new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []))];
}

it("knows the library of charts where charts are drawn", async () => {
  expect(await librariesOf("overview")).toContain("@observablehq/plot");
});

// It is most of what such a page would fetch.
it.each(["client", "billing", "workList", "margin", "integrationStatus", "clientMapping", "serviceMapping"])(
  "leaves the library of charts out of %s, which draws none",
  async (component) => {
    const libraries = await librariesOf(component);
    expect(libraries).toContain("htl");
    expect(libraries.filter((name) => /plot|^d3/.test(name))).toEqual([]);
  },
);
