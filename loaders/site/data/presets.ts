import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {parse} from "yaml";
import {z} from "zod";
import {mappingSchemas} from "../../../src/lib/mappingSchemas.js";

const units = z.array(z.string().min(1)).min(1);

const presetFile = z.strictObject({
  connector: z.union([z.string(), z.array(z.string())]).transform((names) => [names].flat()),
  presets: z.array(
    z.strictObject({
      id: z.string().regex(/^[a-z0-9-]+$/),
      name: z.string().min(1),
      description: z.string().min(1),
      /** For which product and service it is offered: their units, and kinds of seat that the product has. */
      when: z.strictObject({product_units: units, service_units: units, kinds: units.optional()}),
      /** Fields of services.csv besides those that say what the rule is about. */
      rule: mappingSchemas.services
        .pick({kinds: true, statuses: true, count: true, multiplier: true, minimum: true, maximum: true})
        .partial()
        .strict(),
    }),
  ),
});

export type Preset = z.infer<typeof presetFile>["presets"][number] & {readonly connectors: readonly string[]};

const folder = fileURLToPath(new URL("../../../data/presets", import.meta.url));

/** The ways in which services over each connector's products are usually billed, from `data/presets/*.yaml`. */
export async function readPresets(): Promise<Preset[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  const read = files.map(async (name) => {
    const {connector, presets} = presetFile.parse(parse(await readFile(join(folder, name), "utf8")));
    return presets.map((preset) => ({...preset, connectors: connector}));
  });
  return (await Promise.all(read)).flat();
}
