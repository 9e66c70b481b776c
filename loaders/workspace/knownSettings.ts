import type {z} from "zod";

/** The parts of a schema's definition that lead to names of settings. */
interface Definition {
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
}

/** The settings that a schema knows at a path; of several alternatives there, those of each. */
export function knownSettings(schema: z.core.$ZodType | undefined, path: readonly PropertyKey[]): string[] {
  if (schema === undefined) return [];
  const {shape, element, valueType, innerType, options} = schema._zod.def as Definition;
  if (innerType !== undefined) return knownSettings(innerType, path);
  if (options !== undefined) return [...new Set(options.flatMap((option) => knownSettings(option, path)))];
  const [key, ...rest] = path;
  if (key === undefined) return Object.keys(shape ?? {});
  return knownSettings(shape?.[String(key)] ?? element ?? valueType, rest);
}
