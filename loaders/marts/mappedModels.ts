import type {Figures} from "../../src/lib/figures.js";
import type {MappedModels} from "../../src/lib/mappedFigures.js";
import type {MappingTable} from "../../src/lib/mappingTables.js";
import {type Model, withoutComments, withSources} from "./models.js";

/** The marts that show what mappings lead to. */
const shown = ["summary", "clients", "reconciliation"] as const satisfies readonly (keyof Figures)[];

export interface MappedSelection {
  readonly mapped: MappedModels;
  /** The models that make the tables which the mapped ones read and no mapping changes, in order. */
  readonly before: readonly Model[];
}

/** Divides the models that lead to the shown marts into those that mappings change and those before them. */
export function selectMappedModels(models: readonly Model[], macros: string): MappedSelection {
  const byName = new Map(models.map((model) => [model.name, model]));
  const mappings = new Map<string, readonly MappingTable[]>();
  for (const {name, sql, reads} of models) {
    const own = [...withoutComments(sql).matchAll(/\b(?:from|join)\s+mapping_([a-z]+)/g)];
    const all = [
      ...own.map((match) => match[1] as MappingTable),
      ...reads.flatMap((other) => mappings.get(other) ?? []),
    ];
    mappings.set(name, [...new Set(all)].sort());
  }
  const needed = withSources(models, shown);
  const isMapped = ({name}: Model): boolean => (mappings.get(name) ?? []).length > 0;
  const chosen = models.filter(({name}) => needed.has(name));
  const mapped = chosen.filter(isMapped);
  const tables = new Set(mapped.flatMap(({reads}) => reads).filter((name) => (mappings.get(name) ?? []).length === 0));
  const present = new Set([...mapped.map(({name}) => name), ...tables]);
  const checks = models.filter(
    ({layer, reads, sql}) => layer === "checks" && !/\blake_/.test(sql) && reads.every((name) => present.has(name)),
  );
  return {
    mapped: {
      macros,
      tables: [...tables].sort(),
      models: mapped.map(({name, sql}) => ({name, sql, mappings: mappings.get(name) ?? []})),
      checks: checks.map(({name, sql, doc}) => ({
        name,
        sql,
        mappings: mappings.get(name) ?? [],
        description: doc.description,
      })),
      keys: Object.fromEntries(
        shown.map((name) => [name, byName.get(name)?.doc.key ?? []]),
      ) as unknown as MappedModels["keys"],
    },
    before: chosen.filter((model) => !isMapped(model)),
  };
}
